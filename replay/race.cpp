// SPDX-License-Identifier: BSD-3-Clause
#include "replay/race.h"

#include "replay/storage_uses.h"

#include <algorithm>
#include <cstddef>

namespace repro::replay {
namespace {

using trace::EventId;

/// Uses of a storage that began before an op's end and may still have run beside it: a bound on
/// work.
constexpr std::ptrdiff_t kMaxBeside = 256;

std::optional<Race> raceIn(Run& run, EventId event, bool isA) {
    for (const std::uint64_t use : run.usesOf(event)) {
        if (run.storageOf(use) == trace::kNone64) {
            continue;
        }
        const auto near = run.usesNearStorage(run.storageOf(use));
        const auto end = std::partition_point(near.begin(), near.end(), [&](std::uint64_t other) {
            return run.events.begin[run.uses.event[other]] < run.events.end[event];
        });
        const auto first = end - std::min<std::ptrdiff_t>(end - near.begin(), kMaxBeside);
        const auto found = std::find_if(first, end, [&](std::uint64_t other) {
            const EventId writer = run.uses.event[other];
            return run.events.begin[event] < run.events.end[writer] &&
                   run.events.thread[writer] != run.events.thread[event] &&
                   run.storageOf(other) == run.storageOf(use) && isWrite(run, other) &&
                   shareBytes(run, use, other);
        });
        if (found != end) {
            return Race{use - run.usesBegin(event), run.uses.event[*found], isA};
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Race> raceOf(Run& a, Run& b, const Row& row) {
    const std::optional<Race> inA = raceIn(a, row.a, true);
    return inA ? inA : raceIn(b, row.b, false);
}

} // namespace repro::replay
