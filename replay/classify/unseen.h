// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"
#include "replay/classify/notes.h"

#include <cstdint>

namespace repro::replay {

/// Tells and counts rows that differ where nobody can see it.
class Unseen {
public:
    explicit Unseen(const Sides& sides) : m_sides(sides) {}

    [[nodiscard]] bool holds(const Row& row, const RowComparison& now) const;
    void count(const Row& row);
    /// `draws`: rows that drew other numbers for nobody.
    void note(std::uint64_t draws, Notes& notes) const;

private:
    const Sides& m_sides;
    std::uint64_t m_count = 0;
    trace::EventId m_first = trace::kNone64;
};

} // namespace repro::replay
