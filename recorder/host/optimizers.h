// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

/// Optimizer steps, zero_grad, and the accumulation of gradients, reported by the stub.
namespace repro::host {

void* scopeEnter(ReproScope scope, const char* type, void* object, void* argument);
void scopeExit(void* token, int threw);

/// What a step of an optimizer leaves: a parameter, or something that it keeps for the parameter
/// before it.
struct StepTensor {
    at::Tensor tensor;
    std::string part;       ///< "exp_avg"; of the parameter itself empty
    std::uint32_t item = 0; ///< counts the parameters
};

/// A step of an optimizer that is none of C++'s; `number` counts them. Null: not recorded.
void* stepBegin(std::uint64_t number);
void stepEnd(void* token, bool threw, const std::vector<StepTensor>& tensors);

/// Text id of a parameter's name. Names of its gradient and state lead back to it by parameterOf.
std::uint32_t internParameter(ThreadState& state, const std::string& name);
/// Text id of the parameter that a named tensor belongs to; kNone32 = none.
std::uint32_t parameterOf(std::uint32_t name);

} // namespace repro::host
