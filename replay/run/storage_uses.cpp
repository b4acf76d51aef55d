// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/storage_uses.h"

#include "replay/run/row_compare.h"

#include <algorithm>

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

bool hasNoGaps(const Run& run, std::uint64_t use) {
    const auto value = run.uses.value[use];
    const Span span = spanOf(run, use);
    const auto dtype = static_cast<trace::DType>(run.values.dtype[value]);
    return run.values.elements[value] * trace::dtypeSize(dtype) >= span.end - span.begin;
}

bool shareBytes(const Run& run, std::uint64_t x, std::uint64_t y) {
    return overlap(spanOf(run, x), spanOf(run, y)) && hasNoGaps(run, x) && hasNoGaps(run, y);
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
    return a.uses.slot[inA] > 0 && !isArgument && isWrite(a, inA) && readersOf(a, inA, 1).empty() &&
           readersOf(b, inB, 1).empty();
}

namespace {

bool isOp(const Run& run, EventId event) {
    return static_cast<trace::EventKind>(run.events.kind[event]) == trace::EventKind::Op;
}

StorageUse gathered(const Run& run, std::uint64_t use) {
    return {use,
            run.storageOf(use),
            spanOf(run, use),
            run.isOutput(use),
            (run.uses.flags[use] & use_flag::Written) != 0,
            false};
}

/// Does `use` write, by what it shares with the uses of its event that are told one after another?
/// An output on the storage of an argument that is not written is a view of it; a written argument
/// whose contents come back as an output is told by that output.
class Sharing {
public:
    explicit Sharing(const StorageUse& use) : m_use(use) {}

    void add(const StorageUse& other) {
        if (other.storage != m_use.storage) {
            return;
        }
        m_aliases = m_aliases || !other.isOutput;
        m_written = m_written || other.isWritten;
        m_comesBack = m_comesBack || (other.isOutput && overlap(other.span, m_use.span));
    }
    [[nodiscard]] bool isWrite(bool replacesStorage) const {
        return m_use.isOutput ? !m_aliases || m_written
                              : m_use.isWritten && !replacesStorage && !m_comesBack;
    }

private:
    const StorageUse& m_use;
    bool m_aliases = false; ///< an argument lies in its storage
    bool m_written = false;
    bool m_comesBack = false;
};

} // namespace

bool isWrite(const Run& run, std::uint64_t use) {
    const EventId event = run.uses.event[use];
    if (!isOp(run, event)) {
        return false;
    }
    const StorageUse told = gathered(run, use);
    Sharing sharing(told);
    for (const std::uint64_t other : run.usesOf(event)) {
        if (run.storageOf(other) == told.storage) {
            sharing.add(gathered(run, other));
        }
    }
    return sharing.isWrite(run.nature(event).replacesStorage);
}

void gatherUses(const Run& run, EventId event, std::vector<StorageUse>& uses) {
    uses.clear();
    for (const std::uint64_t use : run.usesOf(event)) {
        uses.push_back(gathered(run, use));
    }
    if (!isOp(run, event)) {
        return;
    }
    // A list may hold thousands of tensors: each is held to those of its storage alone.
    std::ranges::stable_sort(uses, {}, &StorageUse::storage);
    for (auto first = uses.begin(); first != uses.end();) {
        const auto last = std::find_if(first, uses.end(), [&](const StorageUse& use) {
            return use.storage != first->storage;
        });
        for (auto use = first; use != last; ++use) {
            Sharing sharing(*use);
            std::for_each(first, last, [&](const StorageUse& other) { sharing.add(other); });
            use->writes = sharing.isWrite(run.nature(event).replacesStorage);
        }
        first = last;
    }
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

std::vector<EventId> readersOf(Run& run, std::uint64_t use, std::size_t most) {
    std::vector<EventId> readers;
    const EventId writer = run.uses.event[use];
    const auto near = run.usesNearStorage(run.storageOf(use));
    const auto after = std::ranges::partition_point(
        near, [&](std::uint64_t other) { return run.uses.event[other] <= writer; });
    EventId overwriter = trace::kNone64; // its own uses come first: it may read, too
    for (auto it = after; it != near.end() && readers.size() < most; ++it) {
        const std::uint64_t other = *it;
        const EventId event = run.uses.event[other];
        if (event > overwriter) {
            break;
        }
        if (run.storageOf(other) != run.storageOf(use) || !run.isRow(event) ||
            !overlap(spanOf(run, other), spanOf(run, use))) {
            continue;
        }
        const bool reads = !run.isOutput(other) && isMeaningful(run, other) &&
                           run.nature(event).reads(run.uses.slot[other]);
        if (reads && !isOnlyViewed(run, other)) {
            readers.push_back(event);
        }
        const Span written = spanOf(run, other);
        const Span own = spanOf(run, use);
        if (written.begin <= own.begin && own.end <= written.end && hasNoGaps(run, other) &&
            isWrite(run, other)) {
            overwriter = event;
        }
    }
    return readers;
}

} // namespace repro::replay
