// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/run/locate.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <array>
#include <cstdint>
#include <vector>

namespace repro::replay {

/// One run's part in an alignment. Borrows both.
struct Side {
    Run& run;
    const std::vector<std::uint32_t>& rowOf; ///< by event
    char name;                               ///< 'A' or 'B'

    [[nodiscard]] trace::EventId of(const Row& row) const { return name == 'A' ? row.a : row.b; }
    [[nodiscard]] std::uint64_t of(const UsePair& pair) const {
        return name == 'A' ? pair.a : pair.b;
    }
    [[nodiscard]] EventRef ref(trace::EventId event) const { return eventRef(run, event, name); }
};

/// Both runs, and how their rows are paired.
struct Sides {
    Sides(Run& runA, Run& runB, const Alignment& alignment_)
        : alignment(alignment_), all{Side{runA, alignment_.rowOfA, 'A'},
                                     Side{runB, alignment_.rowOfB, 'B'}} {}

    const Alignment& alignment;
    std::array<Side, 2> all;
    const Side& a = all[0];
    const Side& b = all[1];

    Sides(const Sides&) = delete;
    Sides& operator=(const Sides&) = delete;

    [[nodiscard]] const Side& other(const Side& side) const { return side.name == 'A' ? b : a; }
    /// Is an event of one run a row without a partner?
    [[nodiscard]] bool isAlone(const Side& side, trace::EventId event) const {
        const std::uint32_t row = side.rowOf[event];
        return row != trace::kNone32 && other(side).of(alignment.rows[row]) == trace::kNone64;
    }
    /// The run that has the row: A where both do.
    [[nodiscard]] const Side& having(const Row& row) const {
        return row.a != trace::kNone64 ? a : b;
    }
};

} // namespace repro::replay
