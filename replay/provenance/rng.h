// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/run/rng_streams.h"
#include "replay/run/run.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace repro::replay {

/// Why a generator's stream parted, and at which row of the alignment.
struct RngFinding {
    std::uint32_t row = trace::kNone32;
    Cause cause;
};

/// A row that drew from a state that differs, or left one.
struct DifferingDraw {
    bool fromOtherState = false; ///< the state before differed
    std::size_t finding = 0;     ///< why: of RngComparison::findings
};

/// How the generators' streams of two runs compare.
struct RngComparison {
    std::vector<RngFinding> findings;
    std::unordered_map<std::uint32_t, DifferingDraw> differing; ///< by row
    /// Rows of each run that drew from a generator which several threads draw from, with its name.
    NamedDraws sharedA, sharedB;
    /// Rows of run A that drew in a pool where several threads had work: which item of work gets
    /// which numbers is chance, even if one thread happened to draw them all.
    NamedDraws pooledA;
};

/// Walks the draws of every generator in both runs. A stream that parts, meets again (a new seed)
/// and parts again gives two findings.
RngComparison compareGenerators(const Run& a, const Run& b, const Alignment& alignment);

} // namespace repro::replay
