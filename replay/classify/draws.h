// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"
#include "replay/provenance/rng.h"
#include "replay/result/options.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace repro::replay {

/// Which rows drew other random numbers, why, and what of it was told already.
class Draws {
public:
    explicit Draws(const Sides& sides) : m_sides(sides) {}

    /// To be called again where rows were paired anew. `strict` keeps what nobody can see.
    void compare(bool strict);

    /// That begins at the row; null = none does.
    [[nodiscard]] const RngFinding* findingAt(std::size_t row) const;
    /// The finding of this row; else that of the stream that it drew from.
    [[nodiscard]] const RngFinding* whyOther(std::size_t row) const;
    [[nodiscard]] bool isOther(std::size_t row) const { return drawOf(row) != nullptr; }
    /// Did it draw from a state that differs?
    [[nodiscard]] bool isFromOtherState(std::size_t row) const;

    /// Threads draw in an order that is chance: the first row that shows it need not be the one at
    /// which the streams were found to part.
    [[nodiscard]] bool isTold(const RngFinding& finding) const {
        return m_told.contains(finding.row);
    }
    void setTold(const RngFinding& finding) { m_told.insert(finding.row); }

    [[nodiscard]] const RngComparison& comparison() const { return m_rng; }
    /// Rows that drew other numbers for nobody.
    [[nodiscard]] std::uint64_t unseen() const { return m_unseen; }

private:
    [[nodiscard]] const DifferingDraw* drawOf(std::size_t row) const;

    const Sides& m_sides;
    RngComparison m_rng;
    std::uint64_t m_unseen = 0;
    std::unordered_map<std::uint32_t, std::size_t> m_findingAt; ///< by row
    std::unordered_set<std::uint32_t> m_told;                   ///< rows of findings
};

} // namespace repro::replay
