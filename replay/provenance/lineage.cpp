// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/lineage.h"

#include "replay/run/nested.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;
namespace use_flag = trace::use_flag;

/// Rows that are followed to where random numbers were drawn: a bound on work.
constexpr std::size_t kMaxFollowed = 1024;

/// Removes `cut` from the spans. Returns: whether anything was removed.
bool subtract(std::vector<Span>& spans, Span cut) {
    std::vector<Span> rest;
    bool removed = false;
    for (const Span& span : spans) {
        if (!overlap(span, cut)) {
            rest.push_back(span);
            continue;
        }
        removed = true;
        if (span.begin < cut.begin) {
            rest.push_back({span.begin, cut.begin});
        }
        if (cut.end < span.end) {
            rest.push_back({cut.end, span.end});
        }
    }
    spans = std::move(rest);
    return removed;
}

/// The op inside `otherRow` that stands where `event` stands inside `row`, if both rows hold the
/// same ops.
std::optional<EventId> twinOf(const Run& run, EventId event, EventId row, const Run& other,
                              EventId otherRow) {
    const std::vector<EventId> mine = nestedEvents(run, row);
    const std::vector<EventId> theirs = nestedEvents(other, otherRow);
    if (mine.size() != theirs.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < mine.size(); ++i) {
        if (run.opName(mine[i]) != other.opName(theirs[i])) {
            return std::nullopt;
        }
        if (mine[i] == event) {
            return theirs[i];
        }
    }
    return std::nullopt;
}

/// Uses of a storage (and maybe of others) by events before that of the use.
std::span<const std::uint32_t> usesBefore(Run& run, std::uint64_t use) {
    const auto near = run.usesNearStorage(run.storageOf(use));
    const EventId reader = run.uses.event[use];
    const auto end = std::ranges::partition_point(
        near, [&](std::uint64_t other) { return run.uses.event[other] < reader; });
    return {near.begin(), end};
}

/// Does it make a tensor of no other one, as zeros does, and draw nothing?
bool isFactory(const Run& run, EventId event) {
    constexpr std::uint32_t kDraws = trace::event_flag::CanDraw;
    return (run.events.flags[event] & kDraws) == 0 &&
           std::ranges::all_of(run.usesOf(event), [&](std::uint64_t use) {
               return run.isOutput(use) || !run.nature(event).reads(run.uses.slot[use]);
           });
}

/// Does an op around a nested write tell of the same bytes itself? It ends later, so that its word
/// counts.
bool enclosingOpTells(const Run& run, std::uint64_t write) {
    for (EventId event = run.events.parent[run.uses.event[write]]; event < run.events.count;
         event = run.events.parent[event]) {
        for (const std::uint64_t use : run.usesOf(event)) {
            if (run.storageOf(use) == run.storageOf(write) &&
                overlap(spanOf(run, use), spanOf(run, write)) && isWrite(run, use)) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

struct Lineage::History {
    bool fromDifference = false;
    bool unknownWriter = false;
    bool opWrote = false;
    bool allocated = false; ///< some bytes come from an allocation and no op wrote them since
    bool foreign = false;   ///< some bytes were there before any op
    bool scratch = false;   ///< some bytes are an op's workspace
    bool fresh = false;     ///< the last op that wrote made the tensor, of no other one
    EventId producer = kNone64;
    EventId adopter = kNone64;          ///< of foreign bytes: the op that took their storage over
    std::uint64_t allocation = kNone64; ///< the use that allocated
};

/// A write by an op inside a row's op, which the row itself does not show: saved statistics, a
/// mask. It is told by the same op inside the other run's row; without one, only a row that differs
/// tells.
void Lineage::judgeNestedWrite(Run& run, std::uint64_t write, bool isA, History& history) {
    const EventId row = run.enclosingRow(run.uses.event[write]);
    const std::uint32_t index =
        row == kNone64 ? trace::kNone32 : (isA ? m_alignment.rowOfA : m_alignment.rowOfB)[row];
    if (index == trace::kNone32) {
        history.unknownWriter = true;
        return;
    }
    const Row& pair = m_alignment.rows[index];
    if (rowDiffers(row, isA)) {
        history.fromDifference = true;
        return;
    }
    Run& other = isA ? m_b : m_a;
    const std::optional<EventId> twin =
        twinOf(run, run.uses.event[write], row, other, isA ? pair.b : pair.a);
    if (!twin) {
        history.unknownWriter = true;
        return;
    }
    const std::uint64_t offset = write - run.usesBegin(run.uses.event[write]);
    const std::uint64_t match = other.usesBegin(*twin) + offset;
    const bool told = match < other.usesEnd(*twin) && isObserved(run, write) &&
                      hasBytes(run, write) && isObserved(other, match) && hasBytes(other, match);
    const bool same =
        told && sameContents(run, run.uses.value[write], other, other.uses.value[match]);
    history.unknownWriter = history.unknownWriter || !same;
}

void Lineage::judgeWrite(Run& run, std::uint64_t write, bool isA, History& history) {
    const EventId event = run.uses.event[write];
    if (run.nature(event).adoptsStorage) {
        history.foreign = true;
        history.adopter = event;
        return;
    }
    if (history.producer == kNone64) {
        history.producer = event;
        history.fresh = isFactory(run, event);
    }
    if ((run.uses.flags[write] & use_flag::Workspace) != 0) {
        history.scratch = true;
        return;
    }
    if (!isMeaningful(run, write)) {
        history.allocated = true;
        history.allocation = write;
        return;
    }
    history.opWrote = true;
    if (!run.isRow(event)) {
        judgeNestedWrite(run, write, isA, history);
        return;
    }
    const std::uint32_t index = (isA ? m_alignment.rowOfA : m_alignment.rowOfB)[event];
    if (index == trace::kNone32) {
        history.unknownWriter = true;
        return;
    }
    const Row& row = m_alignment.rows[index];
    if (row.a == kNone64 || row.b == kNone64) {
        history.fromDifference = true;
        return;
    }
    RowComparison comparison;
    compareRows(m_a, row.a, m_b, row.b, comparison);
    const bool told = run.isOutput(write) && isObserved(run, write) && hasBytes(run, write);
    for (const UsePair& pair : comparison.outputs) {
        history.fromDifference = history.fromDifference || (isA ? pair.a : pair.b) == write;
    }
    if (!told) {
        const bool rowDiffers = row.rowClass != RowClass::Same || !comparison.isSame();
        (rowDiffers ? history.fromDifference : history.unknownWriter) = true;
    }
}

Lineage::History Lineage::historyOf(Run& run, std::uint64_t use, bool isA) {
    History history;
    const auto before = usesBefore(run, use);
    std::vector<Span> open = {spanOf(run, use)};
    for (auto it = before.rbegin(); it != before.rend() && !open.empty(); ++it) {
        if (run.storageOf(*it) != run.storageOf(use) || !isWrite(run, *it) ||
            (!run.isRow(run.uses.event[*it]) && enclosingOpTells(run, *it))) {
            continue;
        }
        if (subtract(open, spanOf(run, *it))) {
            judgeWrite(run, *it, isA, history);
        }
    }
    history.foreign = history.foreign || !open.empty();
    if (history.foreign && bornInDifference(run, run.storageOf(use), isA)) {
        history.fromDifference = true;
    }
    return history;
}

EventId Lineage::makerOfView(UsePair input, bool isA) {
    Run& run = isA ? m_a : m_b;
    const std::uint64_t use = isA ? input.a : input.b;
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
bool Lineage::isOfOtherView(UsePair input) {
    const EventId inA = makerOfView(input, true);
    const EventId inB = makerOfView(input, false);
    return (inA != kNone64 && rowDiffers(inA, true)) || (inB != kNone64 && rowDiffers(inB, false));
}

/// Was a storage that no op is seen to write made inside a row that differs? LibTorch wraps numbers
/// that way, and an autograd node keeps them.
bool Lineage::bornInDifference(Run& run, std::uint64_t storage, bool isA) {
    for (const std::uint64_t use : run.usesNearStorage(storage)) {
        if (run.storageOf(use) != storage) {
            continue;
        }
        const EventId event = run.uses.event[use];
        const EventId row = run.isRow(event) ? kNone64 : run.enclosingRow(event);
        return row != kNone64 && rowDiffers(row, isA);
    }
    return false;
}

bool Lineage::rowDiffers(EventId row, bool isA) const {
    const std::uint32_t index = (isA ? m_alignment.rowOfA : m_alignment.rowOfB)[row];
    if (index == trace::kNone32) {
        return false;
    }
    const Row& pair = m_alignment.rows[index];
    return pair.a == kNone64 || pair.b == kNone64 || pair.rowClass != RowClass::Same;
}

const std::string* Lineage::reaches(EventId event, bool isA, const NamedDraws& draws) {
    Run& run = isA ? m_a : m_b;
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
                open.push_back(historyOf(run, use, isA).producer);
            }
        }
    }
    return nullptr;
}

bool Lineage::comesFromDifference(UsePair input) {
    return historyOf(m_a, input.a, true).fromDifference ||
           historyOf(m_b, input.b, false).fromDifference || isOfOtherView(input);
}

bool Lineage::readsDifference(trace::EventId event, bool isA) {
    Run& run = isA ? m_a : m_b;
    for (const std::uint64_t use : run.usesOf(event)) {
        if (!run.isOutput(use) && isMeaningful(run, use) &&
            historyOf(run, use, isA).fromDifference) {
            return true;
        }
    }
    return false;
}

/// The other run's row of the row that an event belongs to.
EventId Lineage::twinRow(EventId event, bool isA) const {
    const EventId row = event == kNone64 ? kNone64 : (isA ? m_a : m_b).enclosingRow(event);
    const std::uint32_t index =
        row == kNone64 ? trace::kNone32 : (isA ? m_alignment.rowOfA : m_alignment.rowOfB)[row];
    if (index == trace::kNone32) {
        return kNone64;
    }
    const Row& pair = m_alignment.rows[index];
    return isA ? pair.b : pair.a;
}

namespace {

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

/// Rows of one thread keep their order: where they seem not to, the wrong ones are paired.
bool Lineage::isUnordered(UsePair input, const History& a, const History& b) const {
    return writesLater(m_b, twinRow(a.producer, true), input.b) ||
           writesLater(m_a, twinRow(b.producer, false), input.a);
}

/// Does another thread of run B bring, to the storage that the op writes, what this one does in A?
bool Lineage::isOtherTurn(UsePair input) {
    const EventId reader = m_b.uses.event[input.b];
    const auto value = m_a.uses.value[input.a];
    const auto brings = [&](EventId event) {
        return std::ranges::any_of(m_b.usesOf(event), [&](std::uint64_t use) {
            const auto other = m_b.uses.value[use]; // maybe of another shape: it is viewed since
            return hasBytes(m_b, use) &&
                   m_a.values.fingerprintLow[value] == m_b.values.fingerprintLow[other] &&
                   m_a.values.fingerprintHigh[value] == m_b.values.fingerprintHigh[other];
        });
    };
    for (const std::uint64_t written : m_b.usesOf(reader)) {
        if ((m_b.uses.flags[written] & use_flag::Written) == 0) {
            continue;
        }
        for (const std::uint64_t other : m_b.usesNearStorage(m_b.storageOf(written))) {
            const EventId event = m_b.uses.event[other];
            if (m_b.events.thread[event] != m_b.events.thread[reader] &&
                m_b.storageOf(other) == m_b.storageOf(written) && isWrite(m_b, other) &&
                overlap(spanOf(m_b, other), spanOf(m_b, written)) && brings(event)) {
                return true;
            }
        }
    }
    return false;
}

Provenance Lineage::ask(UsePair input) {
    const History a = historyOf(m_a, input.a, true);
    const History b = historyOf(m_b, input.b, false);
    Provenance result{Whence::Undecided, false, a.producer, b.producer, false, a.adopter};
    const auto decide = [&](Whence whence, bool certain) {
        const bool takesTurns = whence == Whence::OtherTensor && isOtherTurn(input);
        result.whence = takesTurns ? Whence::OtherTurn : whence;
        result.certain = certain;
        return result;
    };
    if (a.scratch || b.scratch) {
        return decide(Whence::Scratch, true);
    }
    if (isUnordered(input, a, b)) {
        return decide(Whence::Unordered, true);
    }
    if (a.fromDifference || b.fromDifference) {
        return decide(Whence::Difference, true);
    }
    if (a.unknownWriter || b.unknownWriter || m_a.storageOf(input.a) == kNone64) {
        return result;
    }
    if (a.foreign || b.foreign) {
        return decide(Whence::Foreign, !a.opWrote && !b.opWrote && a.foreign && b.foreign);
    }
    const bool readsUnwritten =
        ((m_a.uses.flags[input.a] | m_b.uses.flags[input.b]) & use_flag::Unwritten) != 0;
    if (a.allocated || b.allocated) {
        const auto allocator = [](const Run& run, const History& history) {
            return history.allocated ? run.uses.event[history.allocation] : history.producer;
        };
        result.producerA = allocator(m_a, a);
        result.producerB = allocator(m_b, b);
        if (a.opWrote || b.opWrote) {
            return readsUnwritten ? decide(Whence::Uninitialised, false) : result;
        }
        const bool comparable = sameExtent(m_a, a.allocation, input.a) &&
                                sameExtent(m_b, b.allocation, input.b) &&
                                hasBytes(m_a, a.allocation) && hasBytes(m_b, b.allocation);
        if (!comparable) {
            return readsUnwritten ? decide(Whence::Uninitialised, false) : result;
        }
        const bool untouched = sameFingerprint(m_a, a.allocation, input.a) &&
                               sameFingerprint(m_b, b.allocation, input.b);
        if (untouched && !readsUnwritten) {
            return result;
        }
        return decide(untouched ? Whence::Uninitialised : Whence::FilledOutside, true);
    }
    const Span inA = spanOf(m_a, input.a);
    const Span inB = spanOf(m_b, input.b);
    if (inA.begin != inB.begin || inA.end != inB.end) {
        const bool explained = isOfOtherView(input);
        return decide(explained ? Whence::Difference : Whence::OtherTensor, explained);
    }
    const bool sameProducer = a.producer != kNone64 && b.producer != kNone64 &&
                              m_alignment.rowOfA[a.producer] == m_alignment.rowOfB[b.producer];
    if (sameProducer && a.fresh && b.fresh) {
        result.hadContents = true;
        return decide(Whence::FilledOutside, true);
    }
    return decide(sameProducer ? Whence::WrittenOutside : Whence::OtherTensor, sameProducer);
}

} // namespace repro::replay
