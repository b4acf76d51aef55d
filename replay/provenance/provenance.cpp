// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/provenance.h"

#include "replay/run/storage_uses.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone32;
using trace::kNone64;
namespace use_flag = trace::use_flag;

/// Rows that are followed to where random numbers were drawn: a bound on work.
constexpr std::size_t kMaxFollowed = 1024;

/// Does an event of another thread write bytes of the use, in this run, after the use's own event
/// began?
bool writesLater(const Run& run, EventId writer, std::uint64_t use) {
    const EventId reader = run.uses.event[use];
    if (writer == kNone64 || run.events.begin[writer] <= run.events.begin[reader] ||
        run.events.thread[writer] == run.events.thread[reader]) {
        return false;
    }
    for (const std::uint64_t other : run.usesOf(writer)) {
        if (run.storageOf(other) == run.storageOf(use) && isWrite(run, other) &&
            overlap(spanOf(run, other), spanOf(run, use))) {
            return true;
        }
    }
    return false;
}

} // namespace

EventId Provenance::makerOfView(Run& run, std::uint64_t use) {
    const auto before = usesBefore(run, use);
    for (auto it = before.rbegin(); it != before.rend(); ++it) {
        const EventId event = run.uses.event[*it];
        if (run.storageOf(*it) == run.storageOf(use) && run.isRow(event) && run.isOutput(*it) &&
            sameExtent(run, *it, use)) {
            return event;
        }
    }
    return kNone64;
}

/// Was the view that is read made by a row that differs, or that one run lacks?
bool Provenance::isOfOtherView(UsePair input) const {
    return std::ranges::any_of(m_sides.all, [&](const Side& side) {
        const EventId maker = makerOfView(side.run, side.of(input));
        return maker != kNone64 && m_histories.rowDiffers(side, maker);
    });
}

const std::string* Provenance::reaches(const Side& side, EventId event,
                                       const NamedDraws& draws) const {
    const Run& run = side.run;
    std::vector<EventId> open = {event};
    std::unordered_set<EventId> followed;
    while (!open.empty() && followed.size() < kMaxFollowed) {
        const EventId next = run.enclosingRow(open.back());
        open.pop_back();
        if (next == kNone64 || !followed.insert(next).second) {
            continue;
        }
        if (const auto found = draws.find(next); found != draws.end()) {
            return &found->second;
        }
        for (const std::uint64_t use : run.usesOf(next)) {
            if (!run.isOutput(use) && isMeaningful(run, use)) {
                open.push_back(m_histories.of(side, use).producer);
            }
        }
    }
    return nullptr;
}

bool Provenance::comesFromDifference(UsePair input) const {
    const auto fromDifference = [&](const Side& side) {
        return m_histories.of(side, side.of(input)).fromDifference;
    };
    return std::ranges::any_of(m_sides.all, fromDifference) || isOfOtherView(input);
}

bool Provenance::readsDifference(const Side& side, EventId event) const {
    const Run& run = side.run;
    return std::ranges::any_of(run.usesOf(event), [&](std::uint64_t use) {
        return !run.isOutput(use) && isMeaningful(run, use) &&
               m_histories.of(side, use).fromDifference;
    });
}

/// The other run's row of the row that an event belongs to.
EventId Provenance::counterpart(const Side& side, EventId event) const {
    const EventId row = event == kNone64 ? kNone64 : side.run.enclosingRow(event);
    const std::uint32_t index = row == kNone64 ? kNone32 : side.rowOf[row];
    return index == kNone32 ? kNone64 : m_sides.other(side).of(m_sides.alignment.rows[index]);
}

/// Rows of one thread keep their order: where they seem not to, the wrong ones are paired.
bool Provenance::isUnordered(UsePair input, const History& a, const History& b) const {
    return writesLater(m_sides.b.run, counterpart(m_sides.a, a.producer), input.b) ||
           writesLater(m_sides.a.run, counterpart(m_sides.b, b.producer), input.a);
}

/// Does another thread of run B bring, to the storage that the op writes, what this one does in A?
bool Provenance::isOtherTurn(UsePair input) const {
    const Run& runA = m_sides.a.run;
    Run& runB = m_sides.b.run;
    const EventId reader = runB.uses.event[input.b];
    const auto value = runA.uses.value[input.a];
    const auto brings = [&](EventId event) {
        return std::ranges::any_of(runB.usesOf(event), [&](std::uint64_t use) {
            const auto other = runB.uses.value[use]; // maybe of another shape: it is viewed since
            return hasBytes(runB, use) &&
                   runA.values.fingerprintLow[value] == runB.values.fingerprintLow[other] &&
                   runA.values.fingerprintHigh[value] == runB.values.fingerprintHigh[other];
        });
    };
    for (const std::uint64_t written : runB.usesOf(reader)) {
        if ((runB.uses.flags[written] & use_flag::Written) == 0) {
            continue;
        }
        for (const std::uint64_t other : runB.usesNearStorage(runB.storageOf(written))) {
            const EventId event = runB.uses.event[other];
            if (runB.events.thread[event] != runB.events.thread[reader] &&
                runB.storageOf(other) == runB.storageOf(written) && isWrite(runB, other) &&
                overlap(spanOf(runB, other), spanOf(runB, written)) && brings(event)) {
                return true;
            }
        }
    }
    return false;
}

Source Provenance::trace(UsePair input) const {
    const Run& runA = m_sides.a.run;
    const Run& runB = m_sides.b.run;
    const History a = m_histories.of(m_sides.a, input.a);
    const History b = m_histories.of(m_sides.b, input.b);
    Source source{SourceKind::Undecided, false, a.producer, b.producer, false, a.adopter};
    const auto decide = [&](SourceKind kind, bool certain) {
        const bool takesTurns = kind == SourceKind::OtherTensor && isOtherTurn(input);
        source.kind = takesTurns ? SourceKind::OtherTurn : kind;
        source.certain = certain;
        return source;
    };
    if (a.scratch || b.scratch) {
        return decide(SourceKind::Scratch, true);
    }
    if (isUnordered(input, a, b)) {
        return decide(SourceKind::Unordered, true);
    }
    if (a.fromDifference || b.fromDifference) {
        return decide(SourceKind::Difference, true);
    }
    if (a.unknownWriter || b.unknownWriter || runA.storageOf(input.a) == kNone64) {
        return source;
    }
    if (a.foreign || b.foreign) {
        return decide(SourceKind::Foreign, !a.opWrote && !b.opWrote && a.foreign && b.foreign);
    }
    if (a.allocated || b.allocated) {
        traceAllocated(input, a, b, source);
        return source;
    }
    const Span inA = spanOf(runA, input.a);
    const Span inB = spanOf(runB, input.b);
    if (inA.begin != inB.begin || inA.end != inB.end) {
        const bool explained = isOfOtherView(input);
        return decide(explained ? SourceKind::Difference : SourceKind::OtherTensor, explained);
    }
    const bool sameProducer =
        a.producer != kNone64 && b.producer != kNone64 &&
        m_sides.alignment.rowOfA[a.producer] == m_sides.alignment.rowOfB[b.producer];
    if (sameProducer && a.fresh && b.fresh) {
        source.hadContents = true;
        return decide(SourceKind::FilledOutside, true);
    }
    return decide(sameProducer ? SourceKind::WrittenOutside : SourceKind::OtherTensor,
                  sameProducer);
}

/// Some of its bytes come from an allocation, and no op wrote those.
void Provenance::traceAllocated(UsePair input, const History& a, const History& b,
                                Source& source) const {
    const Run& runA = m_sides.a.run;
    const Run& runB = m_sides.b.run;
    const auto allocator = [](const Run& run, const History& history) {
        return history.allocated ? run.uses.event[history.allocation] : history.producer;
    };
    source.producerA = allocator(runA, a);
    source.producerB = allocator(runB, b);
    const bool readsUnwritten =
        ((runA.uses.flags[input.a] | runB.uses.flags[input.b]) & use_flag::Unwritten) != 0;
    const bool comparable = !a.opWrote && !b.opWrote && sameExtent(runA, a.allocation, input.a) &&
                            sameExtent(runB, b.allocation, input.b) &&
                            hasBytes(runA, a.allocation) && hasBytes(runB, b.allocation);
    const bool untouched = comparable && sameFingerprint(runA, a.allocation, input.a) &&
                           sameFingerprint(runB, b.allocation, input.b);
    if (comparable && !untouched) {
        source.kind = SourceKind::FilledOutside;
        source.certain = true;
    } else if (readsUnwritten) {
        source.kind = SourceKind::Uninitialised;
        source.certain = comparable;
    }
}

} // namespace repro::replay
