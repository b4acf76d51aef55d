// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/structure.h"

#include "replay/run/layout.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone64;

/// Followed readers before values count as reaching: a bound on work, on the safe side.
constexpr std::size_t kMaxReaders = 4096;

bool isPaired(const Row& row) {
    return row.a != kNone64 && row.b != kNone64;
}

/// Does anything that the event writes reach a row of both runs of which something is seen,
/// through rows of one run alone? A storage that comes from outside is told by who reads it.
bool reachesPair(const Sides& sides, const Side& side, EventId event) {
    Run& run = side.run;
    if (run.nature(event).adoptsStorage) {
        return false;
    }
    std::vector<EventId> open = {event};
    std::unordered_set<EventId> followed = {event};
    while (!open.empty()) {
        const EventId writer = open.back();
        open.pop_back();
        for (const std::uint64_t use : run.usesOf(writer)) {
            if (!isWrite(run, use)) {
                continue;
            }
            for (const EventId reader : readersOf(run, use)) {
                if (!run.liveness().isEventSeen(reader)) {
                    continue;
                }
                if (isPaired(sides.alignment.rows[side.rowOf[reader]]) ||
                    followed.size() > kMaxReaders) {
                    return true;
                }
                if (followed.insert(reader).second) {
                    open.push_back(reader);
                }
            }
        }
    }
    return false;
}

bool isBoundary(EventKind kind) {
    return kind == EventKind::OptimizerStep || kind == EventKind::StepMark ||
           kind == EventKind::Mode;
}

EventKind kindOf(const Run& run, EventId event) {
    return static_cast<EventKind>(run.events.kind[event]);
}

/// What a step is told by: ops alone after the last one, as the printing of a loss, are none.
bool makesStep(EventKind kind) {
    return isBoundary(kind) || kind == EventKind::Layer || kind == EventKind::ZeroGrad;
}

/// Do its ops hand on what they read, with other strides, or nothing but views?
bool onlyRelays(const Sides& sides, const StructureBlock& block) {
    constexpr std::size_t kMost = 64;
    const auto& rows = sides.alignment.rows;
    const auto relays = [&](const Row& row) {
        const Side& side = sides.having(row);
        return relaidInput(side.run, side.of(row)).has_value();
    };
    if (!block.matters || block.last - block.first > kMost || !relays(rows[block.representative])) {
        return false;
    }
    for (std::size_t i = block.first; i < block.last; ++i) {
        const Run& run = sides.having(rows[i]).run;
        const EventId event = sides.having(rows[i]).of(rows[i]);
        const bool writes = std::ranges::any_of(
            run.usesOf(event), [&](std::uint64_t use) { return isWrite(run, use); });
        if (kindOf(run, event) != EventKind::Op || (writes && !relays(rows[i]))) {
            return false;
        }
    }
    return true;
}

/// Finds where it ends, and tells what is in it.
void measure(const Sides& sides, StructureBlock& block) {
    const auto& rows = sides.alignment.rows;
    const auto belongs = [](const Row& row) {
        return !isPaired(row) && row.rowClass != RowClass::Unknown;
    };
    std::array<std::size_t, 2> counts{};
    std::array<EventId, 2> firsts{};
    for (; block.last < rows.size() && belongs(rows[block.last]); ++block.last) {
        const Side& side = sides.having(rows[block.last]);
        const EventId event = side.of(rows[block.last]);
        const EventKind kind = kindOf(side.run, event);
        block.callsLayer = block.callsLayer || kind == EventKind::Layer;
        block.changesMode = block.changesMode || kind == EventKind::Mode;
        const std::size_t which = side.name == 'A' ? 0 : 1;
        firsts[which] = counts[which]++ == 0 ? event : firsts[which];
    }
    block.what.kind = EvidenceKind::OnlyInOneRun;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) {
            block.what.values.push_back(std::to_string(counts[i]));
            block.what.events.push_back(sides.all[i].ref(firsts[i]));
        }
    }
}

} // namespace

StructureBlock judgeStructure(const Sides& sides, std::size_t first) {
    StructureBlock block;
    block.first = block.last = block.representative = first;
    measure(sides, block);
    std::size_t extraOp = block.last; // the first one in a step that the other run has not
    for (std::size_t i = first; i < block.last && !block.matters; ++i) {
        const Row& row = sides.alignment.rows[i];
        const Side& side = sides.having(row);
        const EventId event = side.of(row);
        const EventKind kind = kindOf(side.run, event);
        const bool extraStep = side.run.events.step[event] > sides.other(side).run.lastStep();
        extraOp = extraStep && kind == EventKind::Op ? std::min(extraOp, i) : extraOp;
        const bool isStep = isBoundary(kind) || (extraStep && makesStep(kind));
        if (isStep || reachesPair(sides, side, event)) {
            block.matters = true;
            block.representative = isStep ? std::min(extraOp, i) : i;
        }
    }
    block.onlyRelays = onlyRelays(sides, block);
    return block;
}

} // namespace repro::replay
