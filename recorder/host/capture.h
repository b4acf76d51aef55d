// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/contents.h"
#include "recorder/host/thread_state.h"

#include <string_view>

namespace repro::host {

/// Policies of `--capture` and its filters, as the collector gave them.

/// Once, before the first of the questions below.
void prepareCapture(const wire::Options& options);
/// Bytes of an outermost op's tensors are wanted, as far as its name tells.
bool capturesOp(std::string_view name);
/// The filter by layer lets this path through; an empty path is "in no layer".
bool matchesLayer(std::string_view path);
/// Bytes of any layer's (or parameter's) own tensors are wanted.
bool capturesLayers();
/// Bytes of this layer's (or parameter's) own tensors are wanted. A filter by op leaves only ops.
bool capturesLayer(std::string_view path);
/// The current step is one whose bytes are wanted.
bool capturesStep();
/// The size is one that is wanted.
bool wantsBytes(std::uint64_t bytes);

/// Sends contents in pieces that fit the ring, unless the same contents were sent before.
void sendPayload(ThreadState& state, const Layout& layout, std::uint32_t itemBytes,
                 trace::DType dtype, const trace::Fingerprint& fingerprint);

} // namespace repro::host
