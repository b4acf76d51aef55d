// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/optimizers.h"

#include "recorder/host/capture.h"
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/observer.h"
#include "recorder/host/rng.h"
#include "recorder/host/torch_version.h"

#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/optim.h>

#include <atomic>
#include <map>
#include <mutex>
#include <unordered_map>

namespace repro::host {
namespace {

using at::Tensor;
using torch::optim::Optimizer;

struct Names {
    std::mutex mutex;
    std::unordered_map<std::uint32_t, std::uint32_t> parameterOf;
    std::unordered_map<std::uint32_t, std::string> texts; ///< of parameters
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t, std::less<>> derived;
    std::unordered_map<const void*, std::uint64_t> optimizers;
};

Names& names() {
    static auto* made = new Names();
    return *made;
}

/// Name of a parameter; empty for none.
std::string textOf(std::uint32_t parameter) {
    const std::lock_guard lock(names().mutex);
    const auto found = names().texts.find(parameter);
    return found != names().texts.end() ? found->second : std::string();
}

/// "Net.fc.weight" + ".grad"; the id leads back to the parameter.
std::uint32_t internDerived(ThreadState& state, std::uint32_t parameter,
                            const std::string& suffix) {
    const std::pair<std::uint32_t, std::string> key(parameter, suffix);
    {
        const std::lock_guard lock(names().mutex);
        if (const auto known = names().derived.find(key); known != names().derived.end()) {
            return known->second;
        }
    }
    const std::uint32_t id = internText(state, textOf(parameter) + "." + suffix);
    const std::lock_guard lock(names().mutex);
    names().parameterOf[id] = parameter;
    names().derived[key] = id;
    return id;
}

std::uint64_t numberOf(const void* optimizer) {
    const std::lock_guard lock(names().mutex);
    return names().optimizers.try_emplace(optimizer, names().optimizers.size()).first->second;
}

/// A parameter of no known module goes by its place in the optimizer.
std::uint32_t nameParameter(ThreadState& state, const Tensor& parameter, std::uint64_t optimizer,
                            std::size_t place) {
    std::uint32_t name = nameOfStorage(parameter);
    if (name == trace::kNone32) {
        name = internParameter(state, "optimizer" + std::to_string(optimizer) + ".param" +
                                          std::to_string(place));
        nameStorage(parameter, name);
    }
    return name;
}

struct Part {
    const char* name;
    Tensor tensor;
};

/// The tensors of a parameter's optimizer state, under the names that LibTorch gives them.
std::vector<Part> partsOf(const torch::optim::OptimizerParamState* state) {
    using namespace torch::optim;
    if (const auto* sgd = dynamic_cast<const SGDParamState*>(state)) {
        return {{"momentum_buffer", sgd->momentum_buffer()}};
    }
    if (const auto* adam = dynamic_cast<const AdamParamState*>(state)) {
        return {{"exp_avg", adam->exp_avg()},
                {"exp_avg_sq", adam->exp_avg_sq()},
                {"max_exp_avg_sq", adam->max_exp_avg_sq()}};
    }
    if (const auto* adamw = dynamic_cast<const AdamWParamState*>(state)) {
        return {{"exp_avg", adamw->exp_avg()},
                {"exp_avg_sq", adamw->exp_avg_sq()},
                {"max_exp_avg_sq", adamw->max_exp_avg_sq()}};
    }
    if (const auto* adagrad = dynamic_cast<const AdagradParamState*>(state)) {
        return {{"sum", adagrad->sum()}};
    }
    if (const auto* rms = dynamic_cast<const RMSpropParamState*>(state)) {
        return {{"square_avg", rms->square_avg()},
                {"momentum_buffer", rms->momentum_buffer()},
                {"grad_avg", rms->grad_avg()}};
    }
    if (const auto* lbfgs = dynamic_cast<const LBFGSParamState*>(state)) {
        return {{"d", lbfgs->d()}, {"prev_flat_grad", lbfgs->prev_flat_grad()}};
    }
    return {};
}

const torch::optim::OptimizerParamState* stateOf(Optimizer& optimizer, const Tensor& parameter) {
#if REPRO_TORCH(2, 1)
    const auto found = optimizer.state().find(parameter.unsafeGetTensorImpl());
#else
    const auto found =
        optimizer.state().find(c10::guts::to_string(parameter.unsafeGetTensorImpl()));
#endif
    return found != optimizer.state().end() ? found->second.get() : nullptr;
}

/// Bytes of a parameter's own tensors are wanted: itself, its gradient, its state.
bool capturesParameter(std::uint32_t parameter) {
    return capturesLayers() && capturesStep() && matchesLayer(textOf(parameter));
}

void addNamed(const EventContext& context, EndRecord& record, const Tensor& tensor,
              std::uint16_t slot, std::uint32_t item, std::uint32_t name) {
    const bool wanted = statisticsPolicy() != wire::StatisticsOf::None &&
                        context.kind == trace::EventKind::Gradient;
    record.addUse(tensor, {trace::Direction::Out, slot, item, 0, name}, Hashing::CachedOrFresh,
                  {capturesParameter(parameterOf(name)), wanted});
}

std::vector<StepTensor> tensorsOf(Optimizer& optimizer) {
    std::vector<StepTensor> tensors;
    std::uint32_t item = 0;
    for (auto& group : optimizer.param_groups()) {
        for (const Tensor& parameter : group.params()) {
            tensors.push_back({parameter, {}, item});
            for (const Part& part : partsOf(stateOf(optimizer, parameter))) {
                tensors.push_back({part.tensor, part.name, item});
            }
            ++item;
        }
    }
    return tensors;
}

/// Every parameter (slot 0) and every tensor of its state (slot 1 and up) after the step. What an
/// optimizer does not keep for a parameter leaves its slot empty.
void addTensors(const EventContext& context, EndRecord& record,
                const std::vector<StepTensor>& tensors, std::uint64_t number) {
    std::uint32_t parameter = trace::kNone32;
    std::uint16_t slot = 0;
    for (const StepTensor& each : tensors) {
        if (each.part.empty()) {
            slot = 0;
            parameter = nameParameter(*context.state, each.tensor, number, each.item);
            addNamed(context, record, each.tensor, slot, each.item, parameter);
            continue;
        }
        ++slot;
        if (each.tensor.defined()) {
            const std::uint32_t name = internDerived(*context.state, parameter, each.part);
            nameStorage(each.tensor, name);
            addNamed(context, record, each.tensor, slot, each.item, name);
        }
    }
}

/// A scope between its two calls.
struct Scope {
    std::unique_ptr<EventContext> event;
    ReproScope kind;
    void* object; ///< null: none of C++'s
    std::uint64_t number = trace::kNone64;
    std::uint32_t parameter = trace::kNone32;
};

const Tensor& variableOf(void* node) {
    return static_cast<torch::autograd::AccumulateGrad*>(static_cast<torch::autograd::Node*>(node))
        ->variable;
}

trace::EventKind eventOf(ReproScope scope) {
    switch (scope) {
    case REPRO_SCOPE_OPTIMIZER:
        return trace::EventKind::OptimizerStep;
    case REPRO_SCOPE_GRADIENT:
        return trace::EventKind::Gradient;
    default:
        return trace::EventKind::ZeroGrad;
    }
}

void begin(Scope& scope, ThreadState& state, void* argument) {
    const bool gradient = scope.kind == REPRO_SCOPE_GRADIENT;
    const bool isOfOptimizer =
        scope.kind == REPRO_SCOPE_OPTIMIZER || scope.kind == REPRO_SCOPE_ZERO_GRAD;
    if (isOfOptimizer && scope.object != nullptr) {
        scope.number = numberOf(scope.object);
    }
    if (gradient) {
        scope.parameter = parameterOf(nameOfStorage(variableOf(scope.object)));
    } else {
        state.optimizer = true;
    }
    BeginRecord record = beginEvent(*scope.event);
    record.head().extra = scope.number;
    record.head().parameter = scope.parameter;
    const auto* incoming = static_cast<const std::vector<Tensor>*>(gradient ? argument : nullptr);
    if (incoming != nullptr && !incoming->empty()) {
        record.addUse(incoming->front(), {trace::Direction::In, 0, 0, 0}, Hashing::CachedOrFresh,
                      {capturesParameter(scope.parameter), false});
    }
    send(*scope.event, record);
}

void end(Scope& scope, bool threw, const std::vector<StepTensor>& tensors = {}) {
    EventContext& event = *scope.event;
    ThreadState& state = *event.state;
    if (event.begin == trace::kNone64) {
        return;
    }
    setFlag(event.flags, trace::event_flag::Threw, threw);
    EndRecord record = endEvent(event);
    if (!threw && scope.kind == REPRO_SCOPE_OPTIMIZER) {
        const bool isOfCpp = scope.object != nullptr;
        addTensors(event, record,
                   isOfCpp ? tensorsOf(*static_cast<Optimizer*>(scope.object)) : tensors,
                   scope.number);
    } else if (!threw && scope.kind == REPRO_SCOPE_GRADIENT) {
        const Tensor& gradient = variableOf(scope.object).grad();
        if (gradient.defined()) {
            const std::uint32_t name = scope.parameter == trace::kNone32
                                           ? trace::kNone32
                                           : internDerived(state, scope.parameter, "grad");
            nameStorage(gradient, name);
            addNamed(event, record, gradient, 0, 0, name);
        }
    }
    send(event, record);
    if (!threw && scope.kind == REPRO_SCOPE_OPTIMIZER) {
        if (scope.number == 0) {
            std::atomic_ref<std::int64_t>(wire::Session::control()->step)
                .fetch_add(1, std::memory_order_relaxed);
        }
        sendMovedRngStates(state);
    }
}

Scope* open(ReproScope kind, void* object, std::uint64_t number, void* argument) {
    Scope* scope = nullptr;
    guarded("a scope begins", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            auto made = std::make_unique<Scope>();
            made->event = std::make_unique<EventContext>(*state, eventOf(kind));
            made->kind = kind;
            made->object = object;
            made->number = number;
            begin(*made, *state, argument);
            scope = made.release();
        }
    });
    return scope;
}

} // namespace

std::uint32_t internParameter(ThreadState& state, const std::string& name) {
    const std::uint32_t id = internText(state, name);
    const std::lock_guard lock(names().mutex);
    names().parameterOf[id] = id;
    names().texts[id] = name;
    return id;
}

std::uint32_t parameterOf(std::uint32_t name) {
    if (name == trace::kNone32) {
        return name;
    }
    const std::lock_guard lock(names().mutex);
    const auto found = names().parameterOf.find(name);
    return found != names().parameterOf.end() ? found->second : trace::kNone32;
}

void* scopeEnter(ReproScope kind, const char*, void* object, void* argument) {
    return open(kind, object, trace::kNone64, argument);
}

void* stepBegin(std::uint64_t number) {
    return open(REPRO_SCOPE_OPTIMIZER, nullptr, number, nullptr);
}

void stepEnd(void* token, bool threw, const std::vector<StepTensor>& tensors) {
    const std::unique_ptr<Scope> scope(static_cast<Scope*>(token));
    if (scope != nullptr) {
        guarded("a scope ends", [&] { end(*scope, threw, tensors); });
    }
}

void scopeExit(void* token, int threw) {
    const std::unique_ptr<Scope> scope(static_cast<Scope*>(token));
    guarded("a scope ends", [&] { end(*scope, threw != 0); });
}

} // namespace repro::host
