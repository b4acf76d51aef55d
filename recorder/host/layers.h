// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/modules.h"
#include "recorder/host/thread_state.h"

#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

/// Calls of modules' forwards, reported by the stub. `module` is a torch::nn::Module*.
namespace repro::host {

void* layerEnter(const ReproLayer* layer, void* module, void* const* arguments);
void layerExit(void* token, const ReproLayer* layer, void* result);

struct SlotTensor {
    std::uint16_t slot = 0;
    const at::Tensor* tensor = nullptr;
};

using SlotTensors = c10::SmallVector<SlotTensor, 4>;

/// A layer's call, by whoever knows its name. `module` is its identity. Its tensors are those of
/// the ops around and inside it: nothing is read twice.
EventContext* beginLayer(ThreadState& state, const LayerName& layer, const void* module,
                         c10::ArrayRef<SlotTensor> inputs);
void endLayer(EventContext& context, bool threw, c10::ArrayRef<SlotTensor> results);

/// BatchNorm and InstanceNorm: entry only; endNorm comes with the end of their normalising op.
void normEnter(void* module, void* input);
/// Ends the normalising layer on top of the thread's events. Null output: it was left by an
/// exception.
void endNorm(ThreadState& state, const at::Tensor* output);

} // namespace repro::host
