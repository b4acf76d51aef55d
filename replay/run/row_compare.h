// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <cstdint>
#include <vector>

namespace repro::replay {

/// The same slot of a matched row in both runs: rows of `uses`.
struct UsePair {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
};

/// What differs between the two sides of a matched row.
struct RowComparison {
    std::vector<UsePair> inputs;        ///< hashed in both runs, and different
    std::vector<UsePair> assumedInputs; ///< different, but not hashed at this use in both runs
    std::vector<UsePair> outputs;
    bool allVerified = true;  ///< every input with a meaning was hashed at this use, in both runs
    bool slotsDiffer = false; ///< one run has a slot that the other has not
    bool argumentsDiffer = false;
    bool contextDiffers = false;
    std::uint64_t compared = 0;
    std::uint64_t skipped = 0;

    [[nodiscard]] bool inputsDiffer() const { return !inputs.empty() || !assumedInputs.empty(); }
    [[nodiscard]] bool isSame() const { return assumedInputs.empty() && isSeenSame(); }
    /// As far as was seen: what is only assumed to differ is evidence for nothing.
    [[nodiscard]] bool isSeenSame() const {
        return inputs.empty() && outputs.empty() && !slotsDiffer && !argumentsDiffer;
    }
};

/// Same contents, shape and dtype. Layout, storage and device are no part of it.
bool sameContents(const Run& a, trace::ValueId inA, const Run& b, trace::ValueId inB);

/// A number that LibTorch made a tensor of, for an op that takes tensors?
bool isWrappedNumber(const Run& run, std::uint64_t use);
/// Was the use hashed when it happened, and does it mean anything?
bool isMeaningful(const Run& run, std::uint64_t use);
bool isObserved(const Run& run, std::uint64_t use);

/// Compares the sides of a pair of events; `result` is overwritten (its memory is used again).
void compareRows(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB,
                 RowComparison& result);

} // namespace repro::replay
