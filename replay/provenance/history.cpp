// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/history.h"

#include "replay/run/nested.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone32;
using trace::kNone64;
namespace use_flag = trace::use_flag;

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
std::optional<EventId> counterpartOf(const Run& run, EventId event, EventId row, const Run& other,
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

std::span<const std::uint32_t> usesBefore(Run& run, std::uint64_t use) {
    const auto near = run.usesNearStorage(run.storageOf(use));
    const EventId reader = run.uses.event[use];
    const auto end = std::ranges::partition_point(
        near, [&](std::uint64_t other) { return run.uses.event[other] < reader; });
    return {near.begin(), end};
}

History Histories::of(const Side& side, std::uint64_t use) const {
    Run& run = side.run;
    History history;
    const auto before = usesBefore(run, use);
    std::vector<Span> open = {spanOf(run, use)};
    for (auto it = before.rbegin(); it != before.rend() && !open.empty(); ++it) {
        if (run.storageOf(*it) != run.storageOf(use) || !isWrite(run, *it) ||
            (!run.isRow(run.uses.event[*it]) && enclosingOpTells(run, *it))) {
            continue;
        }
        if (subtract(open, spanOf(run, *it))) {
            judgeWrite(side, *it, history);
        }
    }
    history.foreign = history.foreign || !open.empty();
    history.fromDifference =
        history.fromDifference || (history.foreign && isBornInDifference(side, run.storageOf(use)));
    return history;
}

void Histories::judgeWrite(const Side& side, std::uint64_t write, History& history) const {
    const Run& run = side.run;
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
    run.isRow(event) ? judgeRowsWrite(side, write, history)
                     : judgeNestedWrite(side, write, history);
}

void Histories::judgeRowsWrite(const Side& side, std::uint64_t write, History& history) const {
    const Run& run = side.run;
    const std::uint32_t index = side.rowOf[run.uses.event[write]];
    if (index == kNone32) {
        history.unknownWriter = true;
        return;
    }
    const Row& row = m_sides.alignment.rows[index];
    if (row.a == kNone64 || row.b == kNone64) {
        history.fromDifference = true;
        return;
    }
    RowComparison comparison;
    compareRows(m_sides.a.run, row.a, m_sides.b.run, row.b, comparison);
    const bool told = run.isOutput(write) && isObserved(run, write) && hasBytes(run, write);
    for (const UsePair& pair : comparison.outputs) {
        history.fromDifference = history.fromDifference || side.of(pair) == write;
    }
    if (!told) {
        const bool differs = row.rowClass != RowClass::Same || !comparison.isSame();
        (differs ? history.fromDifference : history.unknownWriter) = true;
    }
}

/// A write by an op inside a row's op, which the row itself does not show: saved statistics, a
/// mask. It is told by the same op inside the other run's row; without one, only a row that differs
/// tells.
void Histories::judgeNestedWrite(const Side& side, std::uint64_t write, History& history) const {
    const Run& run = side.run;
    const EventId event = run.uses.event[write];
    const EventId row = run.enclosingRow(event);
    const std::uint32_t index = row == kNone64 ? kNone32 : side.rowOf[row];
    if (index == kNone32) {
        history.unknownWriter = true;
        return;
    }
    if (rowDiffers(side, row)) {
        history.fromDifference = true;
        return;
    }
    const Side& otherSide = m_sides.other(side);
    const Run& other = otherSide.run;
    const std::optional<EventId> counterpart =
        counterpartOf(run, event, row, other, otherSide.of(m_sides.alignment.rows[index]));
    if (!counterpart) {
        history.unknownWriter = true;
        return;
    }
    const std::uint64_t match = other.usesBegin(*counterpart) + (write - run.usesBegin(event));
    const bool told = match < other.usesEnd(*counterpart) && isObserved(run, write) &&
                      hasBytes(run, write) && isObserved(other, match) && hasBytes(other, match);
    const bool same =
        told && sameContents(run, run.uses.value[write], other, other.uses.value[match]);
    history.unknownWriter = history.unknownWriter || !same;
}

/// Was a storage that no op is seen to write made inside a row that differs? LibTorch wraps numbers
/// that way, and an autograd node keeps them.
bool Histories::isBornInDifference(const Side& side, std::uint64_t storage) const {
    Run& run = side.run;
    for (const std::uint64_t use : run.usesNearStorage(storage)) {
        if (run.storageOf(use) == storage) {
            const EventId event = run.uses.event[use];
            const EventId row = run.isRow(event) ? kNone64 : run.enclosingRow(event);
            return row != kNone64 && rowDiffers(side, row);
        }
    }
    return false;
}

bool Histories::rowDiffers(const Side& side, EventId row) const {
    const std::uint32_t index = side.rowOf[row];
    if (index == kNone32) {
        return false;
    }
    const Row& pair = m_sides.alignment.rows[index];
    return pair.a == kNone64 || pair.b == kNone64 || pair.rowClass != RowClass::Same;
}

} // namespace repro::replay
