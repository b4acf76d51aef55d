// SPDX-License-Identifier: BSD-3-Clause
#include "replay/storage_uses.h"

#include "replay/row_compare.h"

namespace repro::replay {

using trace::EventId;
namespace use_flag = trace::use_flag;

Span spanOf(const Run& run, std::uint64_t use) {
    const auto value = run.uses.value[use];
    return {run.values.spanBegin[value], run.values.spanEnd[value]};
}

bool overlap(Span x, Span y) {
    return x.begin < y.end && y.begin < x.end;
}

bool shareBytes(const Run& run, std::uint64_t x, std::uint64_t y) {
    const auto hasGaps = [&](std::uint64_t use) {
        const auto value = run.uses.value[use];
        const Span span = spanOf(run, use);
        const auto dtype = static_cast<trace::DType>(run.values.dtype[value]);
        return run.values.elements[value] * trace::dtypeSize(dtype) < span.end - span.begin;
    };
    return overlap(spanOf(run, x), spanOf(run, y)) && !hasGaps(x) && !hasGaps(y);
}

bool sameExtent(const Run& run, std::uint64_t x, std::uint64_t y) {
    const Span a = spanOf(run, x);
    const Span b = spanOf(run, y);
    return a.begin == b.begin && a.end == b.end &&
           run.values.dtype[run.uses.value[x]] == run.values.dtype[run.uses.value[y]];
}

bool sameFingerprint(const Run& run, std::uint64_t x, std::uint64_t y) {
    const auto a = run.uses.value[x];
    const auto b = run.uses.value[y];
    return run.values.fingerprintLow[a] == run.values.fingerprintLow[b] &&
           run.values.fingerprintHigh[a] == run.values.fingerprintHigh[b];
}

bool hasBytes(const Run& run, std::uint64_t use) {
    return (run.values.flags[run.uses.value[use]] & trace::value_flag::NoBytes) == 0;
}

bool isUnreadOutput(Run& a, std::uint64_t inA, Run& b, std::uint64_t inB) {
    const bool isArgument = (a.uses.flags[inA] & trace::use_flag::Written) != 0;
    return a.uses.slot[inA] > 0 && !isArgument && isWrite(a, inA) && readersOf(a, inA).empty() &&
           readersOf(b, inB).empty();
}

bool isWrite(const Run& run, std::uint64_t use) {
    const EventId event = run.uses.event[use];
    if (static_cast<trace::EventKind>(run.events.kind[event]) != trace::EventKind::Op) {
        return false;
    }
    const bool isOut = run.isOutput(use);
    if (!isOut && (run.uses.flags[use] & use_flag::Written) == 0) {
        return false;
    }
    bool aliases = false;
    bool written = false;
    bool hasOut = false;
    for (const std::uint64_t other : run.usesOf(event)) {
        if (run.storageOf(other) != run.storageOf(use)) {
            continue;
        }
        const bool otherIsOut = run.isOutput(other);
        aliases = aliases || !otherIsOut;
        written = written || (run.uses.flags[other] & use_flag::Written) != 0;
        hasOut = hasOut || (otherIsOut && overlap(spanOf(run, other), spanOf(run, use)));
    }
    // An output on the storage of an argument that is not written is a view of it; a written
    // argument whose contents come back as an output is told by that output.
    return isOut ? !aliases || written : !hasOut;
}

namespace {

/// A view of an argument (or the argument itself) is handed out without a look at its bytes.
bool isOnlyViewed(const Run& run, std::uint64_t use) {
    const EventId event = run.uses.event[use];
    bool viewed = false;
    for (const std::uint64_t other : run.usesOf(event)) {
        if (isWrite(run, other)) {
            return false;
        }
        viewed = viewed || (run.isOutput(other) && run.storageOf(other) == run.storageOf(use));
    }
    return viewed;
}

} // namespace

std::vector<EventId> readersOf(Run& run, std::uint64_t use) {
    std::vector<EventId> readers;
    const EventId writer = run.uses.event[use];
    for (const std::uint64_t other : run.usesNearStorage(run.storageOf(use))) {
        const EventId event = run.uses.event[other];
        if (event > writer && run.isRow(event) && run.storageOf(other) == run.storageOf(use) &&
            !run.isOutput(other) && isMeaningful(run, other) &&
            overlap(spanOf(run, other), spanOf(run, use)) && !isOnlyViewed(run, other)) {
            readers.push_back(event);
        }
    }
    return readers;
}

} // namespace repro::replay
