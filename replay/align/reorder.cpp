// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/reorder.h"

#include "replay/run/key_set.h"

#include <algorithm>
#include <future>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

class Repair {
public:
    Repair(const Run& a, const Run& b, Alignment& alignment, std::size_t from)
        : m_a(a), m_b(b), m_alignment(alignment), m_from(from) {}

    Reordered run() {
        for (std::size_t i = m_from; i < m_alignment.rows.size(); ++i) {
            if (isOpen(m_alignment.rows[i])) {
                m_open.push_back(i);
            }
        }
        pairOpen([&](const Run& run, EventId event) { return run.contentKey(event, {}); });
        if (m_partner.empty()) {
            return {};
        }
        const std::size_t byContent = m_partner.size();
        // Partners that were taken leave rows behind that do the same as others so left.
        dropLeft();
        pairOpen([&](const Run& run, EventId event) { return run.key(event, KeyLevel::Full); });
        rebuild();
        return {byContent, m_first};
    }

private:
    static bool mayMove(const Run& run, EventId event) {
        return event == kNone64 || ((run.events.flags[event] & trace::event_flag::Drew) == 0 &&
                                    run.laneName(event) == run.threadName(event));
    }

    /// Does it wait for a partner, its true one?
    [[nodiscard]] bool isOpen(const Row& row) const {
        if (row.rowClass == RowClass::Unknown || row.strategy == Strategy::Manual ||
            !mayMove(m_a, row.a) || !mayMove(m_b, row.b)) {
            return false;
        }
        return row.a == kNone64 || row.b == kNone64 ||
               m_a.contentKey(row.a, {}) != m_b.contentKey(row.b, {});
    }

    /// Threads by their names, which both runs share.
    static std::uint64_t placed(const Run& run, EventId event, std::uint64_t key) {
        const std::uint64_t name = hashPath(run.threadName(event));
        return key == 0 ? 0 : mixHash(mixHash(key, run.events.step[event]), name);
    }

    struct Keyed {
        std::uint64_t key;
        EventId event;
    };

    struct Candidates {
        std::vector<Keyed> events;
        KeySet keys;
    };

    /// Events of one run that are in `keys`, by their own; equal ones in their order.
    static void keep(std::vector<Keyed>& events, const KeySet& keys) {
        std::erase_if(events, [&](const Keyed& keyed) { return !keys.contains(keyed.key); });
        std::ranges::stable_sort(events, {}, &Keyed::key);
    }

    /// Pairs rows of equal keys in their order. Of runs that have parted few are equal: those alone
    /// are sorted.
    template <class KeyOf>
    void pairOpen(KeyOf keyOf) {
        const auto keysOf = [&](const Run& run, EventId Row::*side, const auto& paired) {
            Candidates found;
            for (const std::size_t i : m_open) {
                const EventId event = m_alignment.rows[i].*side;
                if (event == kNone64 || paired.contains(event)) {
                    continue;
                }
                if (const std::uint64_t key = placed(run, event, keyOf(run, event)); key != 0) {
                    found.events.push_back({key, event});
                    found.keys.insert(key);
                }
            }
            return found;
        };
        auto first =
            std::async(std::launch::async, [&] { return keysOf(m_a, &Row::a, m_partner); });
        auto [inB, keysB] = keysOf(m_b, &Row::b, m_taken);
        auto [inA, keysA] = first.get();
        keep(inA, keysB);
        keep(inB, keysA);
        for (std::size_t i = 0, j = 0; i < inA.size() && j < inB.size();) {
            if (inA[i].key == inB[j].key) {
                take(inA[i++].event, inB[j++].event);
            } else {
                (inA[i].key < inB[j].key ? i : j) += 1;
            }
        }
    }

    void take(EventId a, EventId b) {
        if (a < m_first.a) {
            m_first = {a, b, Strategy::Content, RowClass::Same};
        }
        m_partner.emplace(a, b);
        m_taken.insert(b);
    }

    /// Pairs that nobody broke stay: only the rest looks for partners once more.
    void dropLeft() {
        std::erase_if(m_open, [&](std::size_t i) {
            const Row& row = m_alignment.rows[i];
            const bool moved = m_partner.contains(row.a) || m_taken.contains(row.b);
            return !moved && row.a != kNone64 && row.b != kNone64;
        });
    }

    void rebuild() {
        std::vector<Row> rows(m_alignment.rows.begin(),
                              m_alignment.rows.begin() + static_cast<std::ptrdiff_t>(m_from));
        for (std::size_t i = m_from; i < m_alignment.rows.size(); ++i) {
            Row row = m_alignment.rows[i];
            const auto partner = m_partner.find(row.a);
            const EventId former = row.b;
            if (partner != m_partner.end()) {
                rows.push_back({row.a, partner->second, Strategy::Content, RowClass::Same});
            } else if (row.a != kNone64 && m_taken.contains(former)) {
                rows.push_back({row.a, kNone64, Strategy::OnlyA, RowClass::Same});
            } else if (row.a != kNone64) {
                rows.push_back(row);
                continue;
            }
            if (former != kNone64 && !m_taken.contains(former)) {
                rows.push_back({kNone64, former, Strategy::OnlyB,
                                row.a == kNone64 ? row.rowClass : RowClass::Same});
            }
        }
        m_alignment.rows = std::move(rows);
        m_alignment.matched = 0;
        for (std::size_t i = 0; i < m_alignment.rows.size(); ++i) {
            const Row& row = m_alignment.rows[i];
            m_alignment.matched += row.a != kNone64 && row.b != kNone64 ? 1 : 0;
            if (row.a != kNone64) {
                m_alignment.rowOfA[row.a] = static_cast<std::uint32_t>(i);
            }
            if (row.b != kNone64) {
                m_alignment.rowOfB[row.b] = static_cast<std::uint32_t>(i);
            }
        }
    }

    const Run& m_a;
    const Run& m_b;
    Alignment& m_alignment;
    std::size_t m_from;
    std::vector<std::size_t> m_open;
    std::unordered_map<EventId, EventId> m_partner; ///< new ones, by event of A
    std::unordered_set<EventId> m_taken;            ///< events of B that have a new one
    Row m_first;
};

} // namespace

Reordered pairReordered(const Run& a, const Run& b, Alignment& alignment, std::size_t from) {
    return Repair(a, b, alignment, from).run();
}

} // namespace repro::replay
