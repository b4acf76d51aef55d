// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/contents.h"
#include "recorder/host/thread_state.h"

#include <string_view>

namespace repro::host {

/// Policies of `--capture` and its filters, as the collector gave them.

/// Prepares the filters. Throws std::regex_error (the collector has checked them before).
void prepareCapture(const wire::Options& options);
/// Bytes of an outermost op's tensors are wanted.
bool capturesOp(std::string_view name);
/// Bytes of a layer's tensors are wanted. Empty path: tensors of no layer.
bool capturesLayer(std::string_view path);
/// The current step is one whose bytes are wanted.
bool capturesStep();
/// The size is one that is wanted.
bool wantsBytes(std::uint64_t bytes);

/// Sends contents in pieces that fit the ring, unless the same contents were sent before.
void sendPayload(ThreadState& state, const Layout& layout, std::uint32_t itemBytes, trace::DType dtype,
                 const trace::Fingerprint& fingerprint);

} // namespace repro::host
