// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/resume.h"
#include "replay/result/options.h"
#include "replay/run/run.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace repro::replay {

struct Alignment {
    std::vector<Row> rows; ///< in the order of run A; rows of B alone follow their neighbour
    std::vector<std::uint32_t> rowOfA; ///< by event id; kNone32 for events that are no rows
    std::vector<std::uint32_t> rowOfB;
    std::uint64_t matched = 0;
    std::optional<Resume> resume; ///< one run goes on where the other was
};

/// Pairs the rows of two runs, lane by lane, by what they are and never by their position alone.
/// Steps anchor; between them a Myers diff of bounded edits, then keys that are unique on both
/// sides, then a diff in pieces. What is left is tried again under weaker keys.
/// Work is bounded: two unrelated runs of a million events take about a second. Reports to the
/// options' callback at each step. Throws: Cancelled.
Alignment align(const Run& a, const Run& b, const DiffOptions& options = {});

} // namespace repro::replay
