// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

/// Where the program is: the calls that led a thread to what it does now.
namespace repro::host {

/// Once, before the first stackId().
void prepareStacks(wire::Sites sites);

/// Number of the calling thread's stack, which the collector is told when it is new. kNone32 where
/// nobody asked for stacks, or none can be had.
std::uint32_t stackId(ThreadState& state);

} // namespace repro::host
