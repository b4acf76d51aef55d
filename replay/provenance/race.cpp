// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/race.h"

#include "replay/run/storage_uses.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;

/// Events back from an op within which one that still runs beside it is looked for: a bound on
/// work.
constexpr EventId kMaxBack = 1U << 16U;

/// Events of other threads that ran while an event did, in the order in which they began. Events
/// are numbered in that order: of those before, a thread's last one and what encloses it may last.
std::vector<EventId> eventsBeside(const Run& run, EventId event) {
    const auto& events = run.events;
    std::vector<EventId> found;
    std::unordered_set<std::uint32_t> seen = {events.thread[event]};
    const EventId first = event - std::min(event, kMaxBack);
    for (EventId last = event; last > first && seen.size() < run.reader().threads().size();) {
        if (!seen.insert(events.thread[--last]).second) {
            continue;
        }
        for (EventId open = last; open != trace::kNone64; open = events.parent[open]) {
            if (events.begin[event] < events.end[open]) {
                found.push_back(open);
            }
        }
    }
    std::ranges::sort(found);
    for (EventId next = event + 1; next < events.count && events.begin[next] < events.end[event];
         ++next) {
        if (events.thread[next] != events.thread[event]) {
            found.push_back(next);
        }
    }
    return found;
}

std::optional<Race> raceIn(const Side& side, EventId event) {
    const Run& run = side.run;
    for (const EventId writer : eventsBeside(run, event)) {
        for (const std::uint64_t written : run.usesOf(writer)) {
            if (run.storageOf(written) == trace::kNone64 || !isWrite(run, written)) {
                continue;
            }
            const auto uses = run.usesOf(event);
            const auto shared = std::ranges::find_if(uses, [&](std::uint64_t use) {
                return run.storageOf(use) == run.storageOf(written) &&
                       shareBytes(run, use, written);
            });
            if (shared != uses.end()) {
                return Race{*shared - run.usesBegin(event), writer, side.name};
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Contest> contestFor(Run& run, std::uint64_t storage) {
    constexpr std::size_t kMostUses = 1U << 16U; // a bound on work
    const auto& events = run.events;
    std::unordered_map<std::uint32_t, EventId> lastWrite; // of each thread
    std::size_t looked = 0;
    for (const std::uint64_t use : run.usesNearStorage(storage)) {
        const EventId event = run.uses.event[use];
        if (++looked > kMostUses) {
            break;
        }
        if (run.storageOf(use) != storage || !run.isRow(event)) {
            continue;
        }
        for (const auto& [thread, writer] : lastWrite) {
            if (thread != events.thread[event] && events.begin[event] < events.end[writer]) {
                return Contest{writer, event};
            }
        }
        if (isWrite(run, use)) {
            lastWrite[events.thread[event]] = event;
        }
    }
    return std::nullopt;
}

std::optional<Race> raceOf(const Sides& sides, const Row& row) {
    const std::optional<Race> inA = raceIn(sides.a, row.a);
    return inA ? inA : raceIn(sides.b, row.b);
}

} // namespace repro::replay
