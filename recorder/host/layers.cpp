// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/layers.h"

#include "recorder/host/capture.h"
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/modules.h"
#include "recorder/host/observer.h"

#include <torch/nn/modules/adaptive.h>
#include <torch/nn/utils/rnn.h>

#include <tuple>

namespace repro::host {
namespace {

using at::Tensor;
using torch::nn::Module;
using torch::nn::utils::rnn::PackedSequence;

CaptureRequest requestFor(bool captured, bool statistics) {
    return {captured && capturesStep(),
            statistics && statisticsPolicy() != wire::StatisticsOf::None};
}

EventContext* enter(ThreadState& state, void* module, const char* letters, void* const* arguments) {
    if (state.top != nullptr && state.top->isNorm && state.top->module == module) {
        endNorm(state, nullptr); // its last call threw before it normalised
    }
    const LayerName layer =
        layerOf(state, static_cast<const Module*>(module), arguments == nullptr);
    SlotTensors inputs;
    for (std::uint16_t i = 0; letters[i] != 0; ++i) {
        if (letters[i] == 'T') {
            inputs.push_back({i, static_cast<const Tensor*>(arguments[i])});
        }
    }
    return beginLayer(state, layer, module, inputs);
}

/// Those of a result of C++, as its letter says (layers.def).
void addResults(char letter, const void* result, SlotTensors& results) {
    using Pair = std::tuple<Tensor, Tensor>;
    const auto add = [&](const Tensor& tensor, std::uint16_t slot) {
        if (tensor.defined()) {
            results.push_back({slot, &tensor});
        }
    };
    const auto pair = [&](const Pair& states, std::uint16_t first) {
        add(std::get<0>(states), first);
        add(std::get<1>(states), static_cast<std::uint16_t>(first + 1));
    };
    switch (letter) {
    case 'T':
        return add(*static_cast<const Tensor*>(result), 0);
    case '2':
        return pair(*static_cast<const Pair*>(result), 0);
    case 'A':
        return add(static_cast<const torch::nn::ASMoutput*>(result)->output, 0);
    case 'L': {
        const auto& lstm = *static_cast<const std::tuple<Tensor, Pair>*>(result);
        add(std::get<0>(lstm), 0);
        return pair(std::get<1>(lstm), 1);
    }
    case 'Q': {
        const auto& packed = *static_cast<const std::tuple<PackedSequence, Tensor>*>(result);
        add(std::get<0>(packed).data(), 0);
        return add(std::get<1>(packed), 1);
    }
    case 'R': {
        const auto& packed = *static_cast<const std::tuple<PackedSequence, Pair>*>(result);
        add(std::get<0>(packed).data(), 0);
        return pair(std::get<1>(packed), 1);
    }
    default:
        return; // a user module: its result is its own
    }
}

void leave(EventContext& context, char letter, const void* result) {
    SlotTensors results;
    if (result != nullptr) {
        addResults(letter, result, results);
    }
    endLayer(context, result == nullptr, results);
}

} // namespace

EventContext* beginLayer(ThreadState& state, const LayerName& layer, const void* module,
                         c10::ArrayRef<SlotTensor> inputs) {
    auto context = std::make_unique<EventContext>(state, trace::EventKind::Layer);
    context->captured = layer.captured;
    context->module = module;
    state.layer = layer.id;
    state.layerMatches = layer.matches;
    BeginRecord record = beginEvent(*context);
    record.head().layer = layer.id;
    for (const SlotTensor& input : inputs) {
        record.addUse(*input.tensor, {trace::Direction::In, input.slot, 0, 0},
                      Hashing::CachedOrFresh, requestFor(layer.captured, false));
    }
    send(*context, record);
    return context.release();
}

void endLayer(EventContext& context, bool threw, c10::ArrayRef<SlotTensor> results) {
    if (context.begin == trace::kNone64) {
        return;
    }
    setFlag(context.flags, trace::event_flag::Threw, threw);
    EndRecord record = endEvent(context);
    for (const SlotTensor& result : results) {
        record.addUse(*result.tensor, {trace::Direction::Out, result.slot, 0, 0},
                      Hashing::CachedOrFresh, requestFor(context.captured, true));
    }
    send(context, record);
}

void* layerEnter(const ReproLayer* layer, void* module, void* const* arguments) {
    EventContext* context = nullptr;
    guarded("a layer begins", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            context = enter(*state, module, layer->arguments, arguments);
        }
    });
    return context;
}

void layerExit(void* token, const ReproLayer* layer, void* result) {
    const std::unique_ptr<EventContext> context(static_cast<EventContext*>(token));
    guarded("a layer ends", [&] { leave(*context, layer->result, result); });
}

void normEnter(void* module, void* input) {
    guarded("a layer begins", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            enter(*state, module, "T", &input)->isNorm = true;
        }
    });
}

void endNorm(ThreadState& state, const Tensor* output) {
    const std::unique_ptr<EventContext> context(state.top);
    leave(*context, 'T', output);
}

} // namespace repro::host
