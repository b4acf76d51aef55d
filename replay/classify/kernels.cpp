// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/kernels.h"

#include "replay/provenance/race.h"
#include "replay/run/layout.h"
#include "replay/run/nested.h"

#include <optional>
#include <utility>

namespace repro::replay {

using trace::EventId;
using trace::kNone64;

RowClass Kernels::judge(std::size_t index, const RowComparison& now) {
    const Run& a = m_sides.a.run;
    const Run& b = m_sides.b.run;
    const Row& row = m_sides.alignment.rows[index];
    const UsePair& output = now.outputs.front();
    if (!now.allVerified) {
        m_origins.add(index, output, m_explain.assumed(row));
        return RowClass::Unknown;
    }
    if (const auto draw = m_draws.comparison().sharedA.find(row.a);
        draw != m_draws.comparison().sharedA.end()) {
        m_origins.add(index, output, m_explain.drawnByChance(row, draw->second));
        return RowClass::RngOrigin;
    }
    if (const std::optional<Race> race = raceOf(m_sides, row)) {
        Cause cause = m_explain.raced(row, *race);
        cause.subject = storageSubject(a, a.usesBegin(row.a) + race->which);
        m_origins.add(index, output, std::move(cause));
        return RowClass::Origin;
    }
    if (row.strategy == Strategy::Order) {
        Cause cause;
        cause.evidence.push_back({EvidenceKind::OtherItem});
        cause.remedy = remedyFor(cause.kind);
        m_origins.add(index, output, std::move(cause));
        return RowClass::Unknown;
    }
    if (!a.isAten(row.a) && nestedDiffers(row)) {
        return RowClass::Inherited;
    }
    if (a.opName(row.a) != b.opName(row.b)) { // as a map says
        m_origins.add(index, output, m_explain.replaced(row));
        return RowClass::Origin;
    }
    if (const auto input = inputOfOtherStrides(a, b, row)) {
        if (m_origins.parted() && m_inputs.provenance().comesFromDifference(*input)) {
            return RowClass::Inherited;
        }
        m_origins.add(index, output, m_explain.strides(row, *input));
        return RowClass::Origin;
    }
    m_origins.add(index, output, m_explain.kernel(row, output));
    return RowClass::Origin;
}

/// Rows inside an op that is not ATen's are judged on their own.
bool Kernels::nestedDiffers(const Row& row) const {
    const Run& a = m_sides.a.run;
    const Run& b = m_sides.b.run;
    RowComparison nested;
    for (const EventId event : nestedEvents(a, row.a)) {
        const std::uint32_t index = m_sides.a.rowOf[event];
        if (index == trace::kNone32) {
            continue;
        }
        const Row& inner = m_sides.alignment.rows[index];
        if (inner.b == kNone64) {
            return true;
        }
        compareRows(a, inner.a, b, inner.b, nested);
        if (!nested.isSame()) {
            return true;
        }
    }
    return false;
}

} // namespace repro::replay
