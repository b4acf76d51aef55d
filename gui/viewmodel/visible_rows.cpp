// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/visible_rows.h"

#include <algorithm>

namespace repro::gui {

namespace {

/// The last group that begins at or before a place.
template <class Groups>
std::uint32_t groupOf(const Groups& groups, std::uint32_t place) {
    const auto after = std::upper_bound(
        groups.begin(), groups.end(), place,
        [](std::uint32_t wanted, const auto& group) { return wanted < group.first; });
    return static_cast<std::uint32_t>(after - groups.begin()) - 1;
}

} // namespace

VisibleRows::VisibleRows(std::vector<std::uint32_t> passing, const Rows& rows)
    : m_rows(std::move(passing)) {
    const RowEntry* last = nullptr;
    for (std::uint32_t place = 0; place < count(); ++place) {
        const RowEntry& entry = rows.all[m_rows[place]];
        const bool newStep = last == nullptr || last->step != entry.step;
        if (newStep || last->layer != entry.layer) {
            m_layers.push_back({.first = place});
        }
        if (newStep) {
            m_steps.push_back({.first = place, .firstChild = layerCount() - 1});
        }
        for (Group* group : {&m_steps.back(), &m_layers.back()}) {
            group->differing += entry.differs() ? 1 : 0;
            group->hasOrigin = group->hasOrigin || entry.isOrigin();
        }
        last = &entry;
    }
}

std::uint32_t VisibleRows::placeOf(std::uint32_t row) const {
    const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), row);
    return found == m_rows.end() || *found != row
               ? trace::kNone32
               : static_cast<std::uint32_t>(found - m_rows.begin());
}

std::uint32_t VisibleRows::lastChild(std::uint32_t step) const {
    return step + 1 < m_steps.size() ? m_steps[step + 1].firstChild : layerCount();
}

std::uint32_t VisibleRows::stepOfPlace(std::uint32_t place) const {
    return groupOf(m_steps, place);
}

std::uint32_t VisibleRows::layerOfPlace(std::uint32_t place) const {
    return groupOf(m_layers, place);
}

} // namespace repro::gui
