// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/seen_draws.h"

#include "replay/run/row_compare.h"

#include <algorithm>
#include <vector>

namespace repro::replay {
namespace {

using trace::kNone32;
using trace::kNone64;

/// Does the row hand on numbers that differ, and does somebody see them?
bool isSeen(Run& a, Run& b, const Row& row, RowComparison& comparison) {
    if (row.a == kNone64 || row.b == kNone64) {
        return false;
    }
    compareRows(a, row.a, b, row.b, comparison);
    return std::ranges::any_of(comparison.outputs, [&](const UsePair& pair) {
        return a.liveness().isSeen(pair.a) || b.liveness().isSeen(pair.b);
    });
}

} // namespace

std::uint64_t dropUnseenFindings(Run& a, Run& b, const Alignment& alignment, RngComparison& rng) {
    std::vector<std::uint32_t> firstSeen(rng.findings.size(), kNone32);
    std::uint64_t unseen = 0;
    RowComparison comparison;
    for (const auto& [row, draw] : rng.differing) {
        if (isSeen(a, b, alignment.rows[row], comparison)) {
            firstSeen[draw.finding] = std::min(firstSeen[draw.finding], row);
        } else {
            ++unseen;
        }
    }
    for (std::size_t i = 0; i < rng.findings.size(); ++i) {
        RngFinding& finding = rng.findings[i];
        const auto own = rng.differing.find(finding.row);
        const bool isOwnMove = own == rng.differing.end() || !own->second.fromOtherState;
        const bool seenAtOnce = isOwnMove && isSeen(a, b, alignment.rows[finding.row], comparison);
        if (firstSeen[i] == kNone32 ? !seenAtOnce : !isOwnMove) {
            finding.row = firstSeen[i];
        }
    }
    return unseen;
}

} // namespace repro::replay
