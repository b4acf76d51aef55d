// SPDX-License-Identifier: BSD-3-Clause
#include "replay/origins.h"

#include "replay/explain.h"
#include "replay/locate.h"

#include <functional>

namespace repro::replay {
namespace {

using trace::kNone64;

/// Causes that lie around the ops: not even another place makes another one of them.
bool isPlaceless(CauseClass kind) {
    switch (kind) {
    case CauseClass::RngRace:
    case CauseClass::Threads:
    case CauseClass::Isa:
    case CauseClass::Library:
    case CauseClass::Device:
    case CauseClass::Flags:
        return true;
    default:
        return false;
    }
}

} // namespace

/// What makes two origins one. Of two in one step that share a place, each is its own: they may be
/// two lines of the program.
std::vector<std::uint64_t> Origins::identitiesOf(std::size_t row, const Cause& cause) {
    const auto kind = static_cast<std::uint64_t>(cause.kind);
    std::vector<std::uint64_t> identities;
    if (!cause.subject.empty() || isPlaceless(cause.kind)) {
        identities.push_back(mixHash(kind, std::hash<std::string>()(cause.subject)));
    }
    if (isPlaceless(cause.kind)) {
        return identities;
    }
    const Row& pair = m_alignment.rows[row];
    const bool inA = pair.a != kNone64;
    const Run& run = inA ? m_a : m_b;
    const trace::EventId event = inA ? pair.a : pair.b;
    std::uint64_t place = mixHash(run.key(event, KeyLevel::NoShapes), kind);
    place = mixHash(place, static_cast<std::uint64_t>(run.events.phase[event]));
    Place& seen = m_places[place];
    if (seen.step != run.events.step[event]) {
        seen = {run.events.step[event], 0};
    }
    identities.push_back(mixHash(place, ++seen.count));
    return identities;
}

void Origins::add(std::size_t row, std::optional<UsePair> slot, Cause cause) {
    differs(row, slot);
    // Under a tolerance each stands alone: which of them remain is not known yet.
    const std::vector<std::uint64_t> identities =
        m_options.tolerances == nullptr ? identitiesOf(row, cause) : std::vector<std::uint64_t>();
    std::size_t which = m_count;
    for (const std::uint64_t identity : identities) {
        const auto known = m_known.find(identity);
        which = known == m_known.end() ? which : std::min(which, known->second);
    }
    for (const std::uint64_t identity : identities) {
        m_known.try_emplace(identity, which);
    }
    if (which == m_count) {
        ++m_count;
        if (m_found.size() < m_options.maxOrigins) {
            m_found.push_back({row, slot, std::move(cause), 0});
        }
    } else if (which < m_found.size()) {
        ++m_found[which].again;
    }
}

void Origins::differs(std::size_t row, std::optional<UsePair> slot) {
    if (!m_firstDifference) {
        m_firstDifference = Found{row, slot, {}, 0};
    }
}

void Origins::moveTo(DiffResult& result) {
    result.verdict = m_firstDifference ? Verdict::Diverged : Verdict::Same;
    if (m_count == 0 && m_firstDifference) {
        Found first = *m_firstDifference;
        first.cause.evidence.emplace_back("the runs differ here, and nothing recorded says why");
        first.cause.remedy = "record again with --verify-inputs=all";
        m_found.push_back(std::move(first));
        m_count = 1;
    }
    result.originCount = m_count;
    for (Found& found : m_found) {
        if (found.cause.remedy.empty()) {
            found.cause.remedy = remedyFor(found.cause.kind);
        }
        result.origins.push_back(
            {locate(m_a, m_b, m_alignment.rows[found.row], found.slot, result.damaged),
             std::move(found.cause), found.again});
    }
}

} // namespace repro::replay
