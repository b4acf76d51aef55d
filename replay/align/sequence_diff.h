// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace repro::replay {

/// One pair found by the diff of two sequences: positions in them.
struct Match {
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    Strategy strategy = Strategy::Exact;
};

/// Work that all windows of one alignment share; when it is spent, windows are done in pieces.
struct DiffBudget {
    std::int64_t steps = 200'000'000;
};

/// Matches two sequences of keys, in order: the common ends, then Myers' diff where few edits
/// suffice, else keys that are unique on both sides (patience), else Myers in pieces of few edits.
/// Memory and time are bounded by the numbers of edits allowed, not by the product of the lengths.
std::vector<Match> diffSequences(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                                 DiffBudget& budget);

} // namespace repro::replay
