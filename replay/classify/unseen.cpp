// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/unseen.h"

#include <algorithm>
#include <string>

namespace repro::replay {

using trace::EventKind;

bool Unseen::holds(const Row& row, const RowComparison& now) const {
    Run& a = m_sides.a.run;
    Run& b = m_sides.b.run;
    if (now.isSame()) {
        return row.strategy != Strategy::Renamed;
    }
    const auto seen = [&](const UsePair& pair) {
        return a.liveness().isSeen(pair.a) || b.liveness().isSeen(pair.b);
    };
    if (a.nature(row.a).adoptsStorage) {
        return true; // whoever reads what was brought in tells
    }
    if (static_cast<EventKind>(a.events.kind[row.a]) == EventKind::Gradient) {
        const bool differs = !now.inputs.empty() || !now.outputs.empty();
        return differs && std::ranges::none_of(now.inputs, seen) &&
               std::ranges::none_of(now.outputs, seen);
    }
    if (!now.outputs.empty()) {
        return std::ranges::none_of(now.outputs, seen);
    }
    return !(a.liveness().isEventSeen(row.a) || b.liveness().isEventSeen(row.b));
}

void Unseen::count(const Row& row) {
    m_first = m_count++ == 0 ? row.a : m_first;
}

void Unseen::note(std::uint64_t draws, Notes& notes) const {
    if (m_count > 0) {
        notes.add({draws > 0 ? EvidenceKind::UnseenWithDraws : EvidenceKind::Unseen,
                   {},
                   {std::to_string(m_count), std::to_string(draws)},
                   {m_sides.a.ref(m_first)}});
    }
}

} // namespace repro::replay
