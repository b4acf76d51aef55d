// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"

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

/// Matches two sequences of keys, in order: the common ends, then Myers' diff where few edits
/// suffice, else keys that are unique on both sides (patience), else Myers in pieces of few edits.
/// Memory and time are bounded by the numbers of edits allowed, not by the product of the lengths.
std::vector<Match> diffSequences(std::span<const std::uint64_t> a,
                                 std::span<const std::uint64_t> b);

} // namespace repro::replay
