// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/flags.h"
#include "recorder/host/storages.h"
#include "recorder/host/thread_state.h"

#include <ATen/core/Tensor.h>

/// Tensors as uses of an event: metadata, fingerprint, and what the policies ask for beyond them.
namespace repro::host {

enum class Hashing {
    Fresh,         ///< read the contents now
    CachedOrFresh, ///< the fingerprint of an earlier use where nobody wrote since, else read
    CachedOrNew, ///< ... else read only where no view of the storage was read since it was written
    CachedOnly,  ///< ... else none
    None,        ///< contents that are not to be told
};

/// One tensor in one slot. The receiver of appendUse.
struct Slot {
    trace::Direction direction = trace::Direction::In;
    std::uint16_t slot = 0;
    std::uint32_t item = 0;
    std::uint8_t flags =
        0; ///< trace::use_flag, but Verified, Assumed and Unwritten: those are found
    std::uint32_t name = trace::kNone32; ///< overrides the name known of the storage
    std::uint64_t since = 0; ///< a fingerprint taken after this ordinal is as good as a fresh one
};

/// What of the bytes and statistics is wanted of an event's tensors.
struct CaptureRequest {
    bool bytes = false;
    bool statistics = false;
};

/// Appends a UseRecord to the record that `state` builds.
void appendUse(ThreadState& state, const at::Tensor& tensor, const Slot& slot, Hashing hashing,
               CaptureRequest request);

/// Bytes of its storage that a tensor spans; empty when it has no elements.
Interval spanOf(const at::Tensor& tensor);

/// Notes that an op wrote the tensor. Exact also where it is strided with gaps (row by row up to a
/// limit).
void noteWritten(const at::Tensor& tensor);
/// Notes that its contents may not be what they were.
void noteDoubtful(const at::Tensor& tensor);
/// Notes that an op returned it as a new tensor.
void noteProduced(const at::Tensor& tensor);
/// Notes that its bytes were allocated and nobody wrote them yet.
void noteAllocated(const at::Tensor& tensor);
/// Names the storage of a parameter, gradient or optimizer state (text id).
void nameStorage(const at::Tensor& tensor, std::uint32_t name);
/// Text id of the name, kNone32 = none.
std::uint32_t nameOfStorage(const at::Tensor& tensor);

} // namespace repro::host
