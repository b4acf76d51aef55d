// SPDX-License-Identifier: BSD-3-Clause
// Every dispatched op, by one RecordFunction callback. The start callback runs before the kernel
// with the real inputs, so that what the op will overwrite can still be read.
#include "recorder/host/observer.h"

#include "recorder/host/arguments.h"
#include "recorder/host/capture.h"
#include "recorder/host/context.h"
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/layers.h"
#include "recorder/host/libraries.h"
#include "recorder/host/optimizers.h"
#include "recorder/host/python/streams.h"
#include "recorder/host/rng.h"
#include "recorder/host/rules.h"

#include <algorithm>
#include <mutex>

namespace repro::host {
namespace {

namespace event_flag = trace::event_flag;
namespace use_flag = trace::use_flag;
using trace::Direction;
using trace::EventKind;

wire::Verify g_verify = wire::Verify::Top;
wire::StatisticsOf g_statistics = wire::StatisticsOf::Layers;
at::CallbackHandle g_callback = at::INVALID_CALLBACK_HANDLE;
int (*g_awake)() = nullptr;

/// Calls `each(tensor, item)` for the tensors of one argument or result, those of lists in lists
/// (what a collective gathers into) included.
template <class Each>
void forTensors(const c10::IValue& value, Each&& each, std::uint32_t& item) {
    if (value.isTensor()) {
        each(value.toTensor(), item++);
    } else if (value.isTensorList() || value.isList()) {
        for (const c10::IValue& element : value.toListRef()) {
            forTensors(element, each, item);
        }
    } else {
        ++item;
    }
}

template <class Each>
void forTensors(const c10::IValue& value, Each&& each) {
    std::uint32_t item = 0;
    forTensors(value, each, item);
}

/// The last `count` values: a boxed call shows the interpreter's whole stack.
c10::ArrayRef<const c10::IValue> lastOf(c10::ArrayRef<const c10::IValue> values,
                                        std::size_t count) {
    return values.slice(values.size() - std::min(values.size(), count));
}

EventKind kindOf(const at::RecordFunction& fn, const OpInfo& op) {
    switch (fn.scope()) {
    case at::RecordScope::BACKWARD_FUNCTION:
        return EventKind::Node;
    case at::RecordScope::TORCHSCRIPT_FUNCTION:
        return EventKind::Script;
    case at::RecordScope::USER_SCOPE:
        return EventKind::User;
    default:
        return (op.flags & trace::op_flag::Schema) != 0 ? EventKind::Op : EventKind::Text;
    }
}

/// The parameter that an optimizer's op works for: that of its first tensor with a name.
std::uint32_t parameterAmong(c10::ArrayRef<const c10::IValue> inputs) {
    std::uint32_t found = trace::kNone32;
    for (const c10::IValue& value : inputs) {
        forTensors(value, [&](const at::Tensor& tensor, std::uint32_t) {
            found = found == trace::kNone32 ? parameterOf(nameOfStorage(tensor)) : found;
        });
    }
    return found;
}

/// Inputs are read at the outermost op that no ATen op encloses; below it they are as they were.
Hashing inputHashing(const EventContext& context) {
    const bool outermost = (context.flags & event_flag::Outermost) != 0;
    const bool read = g_verify == wire::Verify::All || (g_verify == wire::Verify::Top && outermost);
    return read ? Hashing::Fresh : outermost ? Hashing::CachedOrNew : Hashing::CachedOnly;
}

CaptureRequest requestFor(const EventContext& context) {
    const bool outermost = (context.flags & event_flag::Outermost) != 0;
    return {outermost && context.op->captured && context.state->layerMatches && capturesStep(),
            outermost && g_statistics == wire::StatisticsOf::All};
}

std::uint8_t flagsOf(const OpInfo::Argument& argument) {
    std::uint8_t flags = 0;
    setFlag(flags, use_flag::Written, argument.written);
    setFlag(flags, use_flag::Meaningless, argument.meaningless || argument.workspace);
    setFlag(flags, use_flag::Workspace, argument.workspace);
    setFlag(flags, use_flag::Unannotated, argument.unannotated);
    return flags;
}

/// What is not read keeps the fingerprint that it is known to have, if any.
Hashing hashingOf(std::uint8_t flags, Hashing wanted) {
    return (flags & use_flag::Meaningless) != 0 ? Hashing::CachedOnly : wanted;
}

void addInputs(EventContext& context, BeginRecord& record,
               c10::ArrayRef<const c10::IValue> inputs) {
    const Hashing hashing = inputHashing(context);
    const CaptureRequest request = requestFor(context);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        OpInfo::Argument info;
        if (i < context.op->arguments.size()) {
            info = context.op->arguments[i];
        }
        forTensors(inputs[i], [&](const at::Tensor& tensor, std::uint32_t item) {
            if (!tensor.defined()) {
                return;
            }
            const Slot slot{info.written ? Direction::Before : Direction::In,
                            static_cast<std::uint16_t>(i), item, flagsOf(info)};
            if (info.written || context.deferredInputs) {
                (info.written ? context.written : context.inputs)
                    .push_back({c10::weak_intrusive_ptr<at::TensorImpl>(tensor.getIntrusivePtr()),
                                slot.slot, item, slot.flags,
                                context.op->replaces ? nameOfStorage(tensor) : trace::kNone32});
            }
            if (!info.written && context.deferredInputs) {
                return;
            }
            record.addUse(tensor, slot, hashingOf(slot.flags, hashing), request);
        });
    }
}

/// A parameter that is given other data is still that parameter.
void handNameOver(c10::ArrayRef<const c10::IValue> inputs) {
    if (inputs.size() == 2 && inputs[0].isTensor() && inputs[1].isTensor()) {
        const std::uint32_t name = nameOfStorage(inputs[0].toTensor());
        if (name != trace::kNone32) {
            nameStorage(inputs[1].toTensor(), name);
        }
    }
}

/// Generators that the op may move: those among its arguments, else the default one.
void probeGenerators(EventContext& context, c10::ArrayRef<const c10::IValue> inputs) {
    for (const c10::IValue& value : inputs) {
        if (value.isGenerator()) {
            context.probes.push_back({value.toGenerator(), std::nullopt, trace::kNone32});
        }
    }
    if (context.probes.empty()) {
        context.probes.push_back({defaultGenerator(c10::kCPU), std::nullopt, trace::kNone32});
    }
    for (DrawProbe& probe : context.probes) {
        probe.id = generatorId(*context.state, probe.generator);
        probe.before = fingerprintOf(probe.generator);
    }
}

/// A thread's first draw: the full state before it, so that the stream can be replayed offline.
void sendFirstState(EventContext& context) {
    std::vector<std::uint32_t>& seen = context.state->drewFrom;
    for (const DrawProbe& probe : context.probes) {
        if (std::find(seen.begin(), seen.end(), probe.id) == seen.end() && probe.before) {
            seen.push_back(probe.id);
            sendRngState(*context.state, probe.generator);
        }
    }
}

void beginOp(EventContext& context, const at::RecordFunction& fn) {
    ThreadState& state = *context.state;
    const OpInfo& op = *context.op;
    const auto inputs = lastOf(fn.inputs(), fn.num_inputs());
    const bool isOp = context.kind == EventKind::Op;
    if (isOp) {
        const bool outermost = state.atenDepth == 0;
        if (outermost) {
            tellOpenedLibraries(state);
            python::tellMovedStreams(state);
        }
        setFlag(context.flags, event_flag::Outermost, outermost);
        setFlag(context.flags, event_flag::LoaderSeed, state.loaderSeed);
        setFlag(context.flags, event_flag::Verified,
                outermost && g_verify != wire::Verify::None && !op.view());
        context.deferredInputs = op.view();
        state.atenDepth += op.aten() ? 1 : 0;
        if (op.draws()) {
            context.flags |= event_flag::CanDraw;
            probeGenerators(context, inputs);
            sendFirstState(context);
        }
    }
    state.backwardDepth += context.kind == EventKind::Node ? 1 : 0;
    const std::uint32_t settings =
        (context.flags & event_flag::Outermost) != 0 ? contextId(state) : state.contextId;
    const bool cut = isOp && encodeArguments(inputs, state.arguments);
    setFlag(context.flags, event_flag::ArgumentsCut, cut);
    BeginRecord record = beginEvent(context);
    wire::BeginRecord& head = record.head();
    head.op = op.id;
    head.context = settings;
    head.flags = context.flags;
    if (context.kind == EventKind::Node) {
        head.sequence = static_cast<std::uint64_t>(fn.seqNr());
        head.forwardThread = fn.forwardThreadId();
    }
    if (isOp && state.optimizer) {
        head.parameter = parameterAmong(inputs);
    }
    addInputs(context, record, inputs);
    if (isOp && op.handsOver) {
        handNameOver(inputs);
    }
    if (isOp) {
        record.addArguments(state.arguments);
    }
    send(context, record);
}

std::unique_ptr<at::ObserverContext> onStart(const at::RecordFunction& fn) {
    std::unique_ptr<EventContext> context;
    guarded("an op begins", [&] {
        // What is asynchronous (a collective under way) ends on any thread, and has no tensors.
        ThreadState* state = fn.isAsync() ? nullptr : recordingState();
        if (state == nullptr) {
            return;
        }
        const OpInfo& op = opOf(*state, fn);
        context = std::make_unique<EventContext>(*state, kindOf(fn, op));
        context->op = &op;
        beginOp(*context, fn);
    });
    return context;
}

bool sameStorage(const at::Tensor& a, const at::Tensor& b) {
    return a.defined() && b.defined() && a.has_storage() && b.has_storage() &&
           a.unsafeGetTensorImpl()->unsafe_storage().unsafeGetStorageImpl() ==
               b.unsafeGetTensorImpl()->unsafe_storage().unsafeGetStorageImpl();
}

at::Tensor lockTensor(const WeakTensorRef& remembered) {
    auto impl = remembered.tensor.lock();
    return impl ? at::Tensor(std::move(impl)) : at::Tensor();
}

/// A schema that allows a view does not promise one: reshape, contiguous and to copy where they
/// must.
bool turnedOutToCopy(const EventContext& context, c10::ArrayRef<const c10::IValue> outputs) {
    bool shared = false;
    bool any = false;
    for (const c10::IValue& output : outputs) {
        forTensors(output, [&](const at::Tensor& tensor, std::uint32_t) {
            any = any || tensor.defined();
            for (const WeakTensorRef& input : context.inputs) {
                shared = shared || sameStorage(lockTensor(input), tensor);
            }
        });
    }
    return any && !shared;
}

/// The inputs of a view op: read if it copied, else named only. Nobody but the op itself ran since
/// it began on this thread, and it does not write them.
void addDeferredInputs(EventContext& context, EndRecord& record, bool copied) {
    if (copied && (context.flags & event_flag::Outermost) != 0 && g_verify != wire::Verify::None) {
        context.flags |= event_flag::Verified;
    }
    for (const WeakTensorRef& input : context.inputs) {
        const at::Tensor tensor = lockTensor(input);
        if (tensor.defined()) {
            record.addUse(tensor, {Direction::In, input.slot, input.item, input.flags},
                          copied ? hashingOf(input.flags, inputHashing(context))
                                 : Hashing::CachedOnly,
                          copied ? requestFor(context) : CaptureRequest{});
        }
    }
}

/// Ops that write their arguments return them, or new tensors besides, as batch_norm does.
bool isWrittenArgument(const EventContext& context, const at::Tensor& tensor) {
    return std::ranges::any_of(context.written, [&](const WeakTensorRef& written) {
        return written.tensor._unsafe_get_target() == tensor.unsafeGetTensorImpl();
    });
}

void addOutput(EventContext& context, EndRecord& record, const at::Tensor& tensor, std::size_t slot,
               std::uint32_t item, bool view) {
    if (!tensor.defined()) {
        return;
    }
    const OpInfo& op = *context.op;
    const bool outermost = (context.flags & event_flag::Outermost) != 0;
    Slot out{Direction::Out, static_cast<std::uint16_t>(slot), item, 0};
    const bool mayWriteLast = outermost ? !op.composite : op.kernel;
    Hashing hashing = mayWriteLast ? Hashing::Fresh : Hashing::CachedOrFresh;
    out.since = outermost && op.composite ? context.begin : 0;
    if (op.allocates) {
        out.flags |= use_flag::Meaningless;
        // resize_ keeps what was there; how much of it is new is not told: all of it counts as new.
        noteAllocated(tensor);
        hashing = outermost ? Hashing::Fresh : Hashing::None;
    } else if (op.asynchronous) {
        noteDoubtful(tensor);
        hashing = Hashing::None;
    } else if (view) {
        hashing = Hashing::CachedOnly;
    } else if (!isWrittenArgument(context, tensor)) {
        noteProduced(tensor);
    }
    setFlag(out.flags, use_flag::Meaningless | use_flag::Workspace, isWorkspace(op.name, slot));
    record.addUse(tensor, out, hashing,
                  view || op.allocates ? CaptureRequest{} : requestFor(context));
}

/// Arguments that the op wrote and does not return: those of void ops, and unannotated ones. Their
/// slot is that of the argument, which the flag Written tells.
void addWritten(EventContext& context, EndRecord& record,
                c10::ArrayRef<const c10::IValue> outputs) {
    for (const WeakTensorRef& written : context.written) {
        const at::Tensor tensor = lockTensor(written);
        if (!tensor.defined()) {
            continue;
        }
        bool returned = false;
        for (const c10::IValue& output : outputs) {
            forTensors(output, [&](const at::Tensor& other, std::uint32_t) {
                returned = returned || other.unsafeGetTensorImpl() == tensor.unsafeGetTensorImpl();
            });
        }
        if (returned) {
            continue;
        }
        const bool outermost = (context.flags & event_flag::Outermost) != 0;
        const auto flags =
            static_cast<std::uint8_t>(written.flags & (use_flag::Written | use_flag::Unannotated));
        record.addUse(tensor, {Direction::Out, written.slot, written.item, flags},
                      context.op->asynchronous ? Hashing::None
                      : outermost              ? Hashing::Fresh
                                               : Hashing::CachedOrFresh,
                      requestFor(context));
    }
}

/// The draw belongs to the innermost op that may draw.
void addDraws(EventContext& context, EndRecord& record) {
    bool moved = false;
    for (const DrawProbe& probe : context.probes) {
        const auto after = fingerprintOf(probe.generator);
        setFlag(context.flags, event_flag::GeneratorHeld, !probe.before || !after);
        if (!probe.before || !after || *probe.before == *after || context.innerDrew) {
            continue;
        }
        moved = true;
        wire::DrawRecord draw;
        draw.generator = probe.id;
        draw.beforeLow = probe.before->low;
        draw.beforeHigh = probe.before->high;
        draw.afterLow = after->low;
        draw.afterHigh = after->high;
        record.addDraw(draw);
    }
    setFlag(context.flags, event_flag::Drew, moved);
    for (EventContext* outer = moved || context.innerDrew ? context.outer : nullptr;
         outer != nullptr; outer = outer->outer) {
        outer->innerDrew = true;
    }
}

void endOp(EventContext& context, const at::RecordFunction& fn) {
    ThreadState& state = *context.state;
    const bool isOp = context.kind == EventKind::Op;
    c10::ArrayRef<const c10::IValue> outputs(fn.outputs().data(), fn.outputs().size());
    outputs = isOp ? lastOf(outputs, context.op->returns) : c10::ArrayRef<const c10::IValue>();
    const bool threw = std::uncaught_exceptions() > context.uncaught;
    setFlag(context.flags, event_flag::Threw, threw);
    for (const WeakTensorRef& written : context.written) {
        const at::Tensor tensor = lockTensor(written);
        threw ? noteDoubtful(tensor) : noteWritten(tensor);
        if (written.name != trace::kNone32) {
            nameStorage(tensor, written.name); // a loaded parameter is still that parameter
        }
    }
    EndRecord record = endEvent(context);
    if (isOp) {
        const bool copied = context.deferredInputs && turnedOutToCopy(context, outputs);
        addDeferredInputs(context, record, copied);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            forTensors(outputs[i], [&](const at::Tensor& tensor, std::uint32_t item) {
                addOutput(context, record, tensor, i, item, context.deferredInputs && !copied);
            });
        }
        if (!threw) { // else what it meant to write is no result of its own
            addWritten(context, record, outputs);
        }
        addDraws(context, record);
    }
    send(context, record);
    context.close();
    if (context.op->normalises && state.top != nullptr && state.top->isNorm) {
        endNorm(state,
                outputs.empty() || !outputs[0].isTensor() ? nullptr : &outputs[0].toTensor());
    }
}

void onEnd(const at::RecordFunction& fn, at::ObserverContext* observed) {
    auto* context = static_cast<EventContext*>(observed);
    if (context == nullptr || context->begin == trace::kNone64) {
        return;
    }
    guarded("an op ends", [&] {
        if (!context->nested) {
            context->state = threadState(); // whoever ends it tells it
        }
        if (context->state != nullptr) {
            endOp(*context, fn);
        }
    });
    context->close();
}

} // namespace

void setVerify(wire::Verify verify, wire::StatisticsOf statistics) {
    g_verify = verify;
    g_statistics = statistics;
}

wire::StatisticsOf statisticsPolicy() {
    return g_statistics;
}

void registerObserver(int (*awake)()) {
    g_awake = awake;
    g_callback = at::addGlobalCallback(
        at::RecordFunctionCallback(onStart, onEnd)
            .needsInputs(true)
            .needsOutputs(true)
            .needsIds(true)
            .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION,
                     at::RecordScope::TORCHSCRIPT_FUNCTION, at::RecordScope::USER_SCOPE}));
}

void settleObserver() noexcept {
    static std::mutex mutex;
    static bool on = true;
    if (!wire::Session::live()) {
        return; // also in a forked child, whose copy of the lock may be held for ever
    }
    try {
        // The last to come sees the last count, and no thread goes on before its own was seen.
        const std::lock_guard lock(mutex);
        if (const bool wanted = g_awake() > 0; wanted != on) {
            wanted ? at::reenableCallback(g_callback) : at::disableCallback(g_callback);
            on = wanted;
        }
    } catch (const std::exception& error) {
        fail("a pause", error.what());
    }
}

} // namespace repro::host
