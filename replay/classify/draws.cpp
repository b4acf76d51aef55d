// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/draws.h"

#include "replay/provenance/seen_draws.h"

namespace repro::replay {

void Draws::compare(bool strict) {
    Run& a = m_sides.a.run;
    Run& b = m_sides.b.run;
    m_rng = compareGenerators(a, b, m_sides.alignment);
    m_unseen =
        m_rng.findings.empty() || strict ? 0 : dropUnseenFindings(a, b, m_sides.alignment, m_rng);
    m_findingAt.clear();
    for (std::size_t i = 0; i < m_rng.findings.size(); ++i) {
        m_findingAt.try_emplace(m_rng.findings[i].row, i);
    }
}

const RngFinding* Draws::findingAt(std::size_t row) const {
    const auto found = m_findingAt.find(static_cast<std::uint32_t>(row));
    return found == m_findingAt.end() ? nullptr : &m_rng.findings[found->second];
}

const DifferingDraw* Draws::drawOf(std::size_t row) const {
    const auto found = m_rng.differing.find(static_cast<std::uint32_t>(row));
    return found == m_rng.differing.end() ? nullptr : &found->second;
}

const RngFinding* Draws::whyOther(std::size_t row) const {
    const RngFinding* own = findingAt(row);
    const DifferingDraw* draw = drawOf(row);
    return own != nullptr || draw == nullptr ? own : &m_rng.findings[draw->finding];
}

bool Draws::isFromOtherState(std::size_t row) const {
    const DifferingDraw* draw = drawOf(row);
    return draw != nullptr && draw->fromOtherState;
}

} // namespace repro::replay
