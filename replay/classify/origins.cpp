// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/origins.h"

#include "replay/cause/remedy.h"
#include "replay/run/locate.h"

#include <functional>

namespace repro::replay {
namespace {

using trace::kNone64;

/// Further places of a cause that are told, not only counted.
constexpr std::size_t kMostPlaces = 16;

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

/// What makes two origins one: class, op, layer or parameter, and slot; or class and subject.
std::vector<std::uint64_t> Origins::identitiesOf(std::size_t row,
                                                 const std::optional<UsePair>& slot,
                                                 const Cause& cause) const {
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
    if (slot) {
        place = mixHash(place, static_cast<std::uint64_t>(m_a.uses.direction[slot->a]) << 16U |
                                   m_a.uses.slot[slot->a]);
    }
    identities.push_back(place);
    return identities;
}

void Origins::add(std::size_t row, std::optional<UsePair> slot, Cause cause) {
    differs(row, slot);
    const Row& pair = m_alignment.rows[row];
    auto better = m_batches.reconsidered(pair, cause);
    cause = better ? *std::move(better) : m_streams.reconsidered(pair, slot, std::move(cause));
    // Under a tolerance each stands alone: which of them remain is not known yet.
    const std::vector<std::uint64_t> identities = m_options.tolerances == nullptr
                                                      ? identitiesOf(row, slot, cause)
                                                      : std::vector<std::uint64_t>();
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
            m_found.push_back({row, slot, std::move(cause), 0, {}});
        }
    } else if (which < m_found.size()) {
        Found& found = m_found[which];
        ++found.again;
        if (found.places.size() < kMostPlaces) {
            found.places.push_back(row);
        }
    }
}

void Origins::differs(std::size_t row, std::optional<UsePair> slot) {
    if (!m_firstDifference) {
        m_firstDifference = Found{row, slot, {}, 0, {}};
    }
}

std::vector<OriginPlace> Origins::placesOf(const Found& found) const {
    std::vector<OriginPlace> places;
    for (const std::size_t row : found.places) {
        const Row& pair = m_alignment.rows[row];
        const bool inA = pair.a != kNone64;
        OriginPlace& place = places.emplace_back();
        place.eventA = inA ? std::optional(pair.a) : std::nullopt;
        place.eventB = pair.b != kNone64 ? std::optional(pair.b) : std::nullopt;
        place.step = inA ? m_a.events.step[pair.a] : m_b.events.step[pair.b];
    }
    return places;
}

void Origins::moveTo(DiffResult& result) {
    result.verdict = m_firstDifference ? Verdict::Diverged : Verdict::Same;
    if (m_count == 0 && m_firstDifference) {
        Found first = *m_firstDifference;
        first.cause.evidence.push_back({EvidenceKind::Unexplained});
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
             std::move(found.cause), found.again, placesOf(found)});
    }
}

} // namespace repro::replay
