// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <string>

/// Optimizer steps, zero_grad, and the accumulation of gradients, reported by the stub.
namespace repro::host {

void* scopeEnter(ReproScope scope, const char* type, void* object, void* argument);
void scopeExit(void* token, int threw);

/// Text id of a parameter's name. Names of its gradient and state lead back to it by parameterOf.
std::uint32_t internParameter(ThreadState& state, const std::string& name);
/// Text id of the parameter that a named tensor belongs to; kNone32 = none.
std::uint32_t parameterOf(std::uint32_t name);

} // namespace repro::host
