// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/structure.h"

#include "replay/run/layout.h"
#include "replay/run/locate.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone64;

/// Followed readers before values count as reaching: a bound on work, on the safe side.
constexpr std::size_t kMaxFollowed = 4096;

bool isPaired(const Row& row) {
    return row.a != kNone64 && row.b != kNone64;
}

/// Does anything that the event writes reach a row of both runs of which something is seen,
/// through rows of one run alone? A storage that comes from outside is told by who reads it.
bool reachesPair(Run& run, const std::vector<std::uint32_t>& rowOf, const Alignment& alignment,
                 EventId event) {
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
                if (isPaired(alignment.rows[rowOf[reader]]) || followed.size() > kMaxFollowed) {
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
bool onlyRelays(const Run& a, const Run& b, const Alignment& alignment,
                const StructureBlock& block) {
    constexpr std::size_t kMost = 64;
    const Row& speaker = alignment.rows[block.speaker];
    if (!block.matters || block.last - block.first > kMost ||
        !relaidInput(speaker.a != kNone64 ? a : b, speaker.a != kNone64 ? speaker.a : speaker.b)) {
        return false;
    }
    for (std::size_t i = block.first; i < block.last; ++i) {
        const bool inA = alignment.rows[i].a != kNone64;
        const Run& run = inA ? a : b;
        const EventId event = inA ? alignment.rows[i].a : alignment.rows[i].b;
        const bool writes = std::ranges::any_of(
            run.usesOf(event), [&](std::uint64_t use) { return isWrite(run, use); });
        if (kindOf(run, event) != EventKind::Op || (writes && !relaidInput(run, event))) {
            return false;
        }
    }
    return true;
}

void tell(const Run& run, std::size_t count, EventId first, char side, Evidence& what) {
    if (count > 0) {
        what.values.push_back(std::to_string(count));
        what.events.push_back(eventRef(run, first, side));
    }
}

} // namespace

StructureBlock judgeStructure(Run& a, Run& b, const Alignment& alignment, std::size_t first) {
    StructureBlock block;
    block.first = block.last = block.speaker = first;
    std::size_t countA = 0;
    std::size_t countB = 0;
    EventId firstA = kNone64;
    EventId firstB = kNone64;
    const auto belongs = [&](const Row& row) {
        return !isPaired(row) && row.rowClass != RowClass::Unknown;
    };
    for (; block.last < alignment.rows.size() && belongs(alignment.rows[block.last]);
         ++block.last) {
        const Row& row = alignment.rows[block.last];
        const bool inA = row.a != kNone64;
        const EventKind kind = kindOf(inA ? a : b, inA ? row.a : row.b);
        block.callsLayer = block.callsLayer || kind == EventKind::Layer;
        block.changesMode = block.changesMode || kind == EventKind::Mode;
        firstA = inA && countA++ == 0 ? row.a : firstA;
        firstB = !inA && countB++ == 0 ? row.b : firstB;
    }
    std::size_t extraOp = block.last; // the first one in a step that the other run has not
    for (std::size_t i = first; i < block.last && !block.matters; ++i) {
        const Row& row = alignment.rows[i];
        const bool inA = row.a != kNone64;
        Run& run = inA ? a : b;
        const EventId event = inA ? row.a : row.b;
        const EventKind kind = kindOf(run, event);
        const bool extraStep = run.events.step[event] > (inA ? b : a).lastStep();
        extraOp = extraStep && kind == EventKind::Op ? std::min(extraOp, i) : extraOp;
        const bool isStep = isBoundary(kind) || (extraStep && makesStep(kind));
        if (isStep ||
            reachesPair(run, inA ? alignment.rowOfA : alignment.rowOfB, alignment, event)) {
            block.matters = true;
            block.speaker = isStep ? std::min(extraOp, i) : i;
        }
    }
    block.onlyRelays = onlyRelays(a, b, alignment, block);
    block.what.kind = EvidenceKind::OnlyInOneRun;
    tell(a, countA, firstA, 'A', block.what);
    tell(b, countB, firstB, 'B', block.what);
    return block;
}

} // namespace repro::replay
