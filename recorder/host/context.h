// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/flags.h"
#include "recorder/host/thread_state.h"

namespace repro::host {

/// Id of the settings under which the calling thread runs an op now: threads, deterministic flags,
/// grad and inference mode, autocast, TF32, floating-point mode, quantized engine.
std::uint32_t contextId(ThreadState& state);

} // namespace repro::host
