// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <cstddef>
#include <cstdint>
#include <vector>

/// What uses do to the bytes of their storages.
namespace repro::replay {

/// Bytes [begin, end) of a storage.
struct Span {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

Span spanOf(const Run& run, std::uint64_t use);
bool overlap(Span x, Span y);

/// Are all bytes of its span the tensor's?
bool hasNoGaps(const Run& run, std::uint64_t use);

/// Do two uses of one storage have bytes in common? Requires strides without gaps to say so.
bool shareBytes(const Run& run, std::uint64_t x, std::uint64_t y);

/// Same bytes and element type, hence the same fingerprint if nobody wrote.
bool sameExtent(const Run& run, std::uint64_t x, std::uint64_t y);
bool sameFingerprint(const Run& run, std::uint64_t x, std::uint64_t y);
bool hasBytes(const Run& run, std::uint64_t use);

/// Does this use write bytes (and is not merely a view of an argument)?
bool isWrite(const Run& run, std::uint64_t use);

struct StorageUse {
    std::uint64_t use = 0;
    std::uint64_t storage = trace::kNone64;
    Span span;
    bool isOutput = false;
    bool isWritten = false; ///< an argument that the op writes
    bool writes = false;    ///< as isWrite() says
};

/// All uses of an event, by storage; columns are read once.
void gatherUses(const Run& run, trace::EventId event, std::vector<StorageUse>& uses);

/// Rows after the use's own that read bytes which it covers, up to the first that overwrites all of
/// them; the first `most` of those.
std::vector<trace::EventId> readersOf(Run& run, std::uint64_t use, std::size_t most = SIZE_MAX);

/// A further output, not an argument, that no op of either run reads: scratch memory.
bool isUnreadOutput(Run& a, std::uint64_t inA, Run& b, std::uint64_t inB);

} // namespace repro::replay
