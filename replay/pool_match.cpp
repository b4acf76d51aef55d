// SPDX-License-Identifier: BSD-3-Clause
#include "replay/pool_match.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

/// Storages whose contents come of random numbers. Which thread draws which of them is chance, so
/// they do not tell what a thread works on.
class ChanceTracker {
public:
    explicit ChanceTracker(const Run& run) : m_run(run), m_drawing(drawingRows(run)) {}

    /// The key of the pool's next row, in order of the trace.
    std::uint64_t keyOf(EventId event) {
        if (m_drawing.empty()) {
            return m_run.contentKey(event, m_chance);
        }
        const bool byChance = m_drawing.contains(event) || readsChance(event);
        for (std::uint64_t use = m_run.usesBegin(event); use < m_run.usesEnd(event); ++use) {
            if (static_cast<trace::Direction>(m_run.uses.direction[use]) == trace::Direction::Out) {
                const std::uint64_t storage = m_run.values.storage[m_run.uses.value[use]];
                byChance ? (void)m_chance.insert(storage) : (void)m_chance.erase(storage);
            }
        }
        return m_run.contentKey(event, m_chance);
    }

private:
    bool readsChance(EventId event) const {
        for (std::uint64_t use = m_run.usesBegin(event); use < m_run.usesEnd(event); ++use) {
            if (static_cast<trace::Direction>(m_run.uses.direction[use]) != trace::Direction::Out &&
                m_chance.contains(m_run.values.storage[m_run.uses.value[use]])) {
                return true;
            }
        }
        return false;
    }

    const Run& m_run;
    std::unordered_map<EventId, trace::GeneratorId> m_drawing;
    std::unordered_set<std::uint64_t> m_chance;
};

/// One pool of one run: its rows, each with its neighbours in its own thread.
struct Side {
    Side(const Run& run, const Lane& lane) : ids(lane.events) {
        ChanceTracker chance(run);
        std::unordered_map<std::uint32_t, std::size_t> last;
        const std::size_t n = ids.size();
        keys.resize(n);
        contents.resize(n);
        next.assign(n, kNoIndex);
        previous.assign(n, kNoIndex);
        partner.assign(n, kNoIndex);
        for (std::size_t i = 0; i < n; ++i) {
            keys[i] = run.key(ids[i], KeyLevel::Full);
            contents[i] = chance.keyOf(ids[i]);
            const auto [found, isFirst] = last.try_emplace(run.events.thread[ids[i]], i);
            if (!isFirst) {
                previous[i] = found->second;
                next[found->second] = i;
                found->second = i;
            }
        }
    }
    std::span<const EventId> ids;
    std::vector<std::uint64_t> keys, contents;
    std::vector<std::size_t> next, previous, partner;
};

class PoolMatcher {
public:
    PoolMatcher(Side& a, Side& b) : m_a(a), m_b(b) {}

    std::vector<Row> run() {
        // By contents first, as far as they go: where one item of work ends and the next begins in
        // a thread, neighbours belong to different items.
        matchUnique();
        spread(m_a.contents, m_b.contents);
        matchInOrder(m_a.contents, m_b.contents, Strategy::Content);
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] != kNoIndex) {
                m_fresh.push_back(i);
            }
        }
        spread(m_a.keys, m_b.keys);
        matchInOrder(m_a.keys, m_b.keys, Strategy::Order);
        for (std::size_t j = 0; j < m_b.ids.size(); ++j) {
            if (m_b.partner[j] == kNoIndex) {
                m_rows.push_back({kNone64, m_b.ids[j], Strategy::OnlyB, RowClass::Same});
            }
        }
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] == kNoIndex) {
                m_rows.push_back({m_a.ids[i], kNone64, Strategy::OnlyA, RowClass::Same});
            }
        }
        return std::move(m_rows);
    }

private:
    void pair(std::size_t i, std::size_t j, Strategy strategy) {
        m_a.partner[i] = j;
        m_b.partner[j] = i;
        m_rows.push_back({m_a.ids[i], m_b.ids[j], strategy, RowClass::Same});
        m_fresh.push_back(i);
    }

    void matchUnique() {
        struct Count {
            std::size_t inA = 0, inB = 0, b = 0;
        };
        std::unordered_map<std::uint64_t, Count> counts;
        for (const std::uint64_t key : m_a.contents) {
            ++counts[key].inA;
        }
        for (std::size_t j = 0; j < m_b.ids.size(); ++j) {
            Count& count = counts[m_b.contents[j]];
            ++count.inB;
            count.b = j;
        }
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            const Count& count = counts[m_a.contents[i]];
            if (count.inA == 1 && count.inB == 1) {
                pair(i, count.b, Strategy::Content);
            }
        }
    }

    /// A row whose neighbour in the thread is paired pairs with the neighbour of the partner, where
    /// both have the same key.
    void spread(const std::vector<std::uint64_t>& keysA, const std::vector<std::uint64_t>& keysB) {
        const auto tryPair = [&](std::size_t i, std::size_t j) {
            if (i != kNoIndex && j != kNoIndex && m_a.partner[i] == kNoIndex &&
                m_b.partner[j] == kNoIndex && keysA[i] == keysB[j]) {
                pair(i, j, m_spreadAs);
            }
        };
        while (!m_fresh.empty()) {
            const std::size_t i = m_fresh.front();
            m_fresh.pop_front();
            const std::size_t j = m_a.partner[i];
            tryPair(m_a.next[i], m_b.next[j]);
            tryPair(m_a.previous[i], m_b.previous[j]);
        }
    }

    void matchInOrder(const std::vector<std::uint64_t>& inA, const std::vector<std::uint64_t>& inB,
                      Strategy strategy) {
        std::unordered_map<std::uint64_t, std::deque<std::size_t>> waiting;
        for (std::size_t j = 0; j < m_b.ids.size(); ++j) {
            if (m_b.partner[j] == kNoIndex) {
                waiting[inB[j]].push_back(j);
            }
        }
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] != kNoIndex) {
                continue;
            }
            const auto found = waiting.find(inA[i]);
            while (found != waiting.end() && !found->second.empty()) {
                const std::size_t j = found->second.front();
                found->second.pop_front();
                if (m_b.partner[j] == kNoIndex) {
                    pair(i, j, strategy);
                    m_spreadAs = strategy == Strategy::Order ? Strategy::Order : Strategy::Lineage;
                    spread(inA, inB);
                    break;
                }
            }
        }
    }

    Side& m_a;
    Side& m_b;
    std::vector<Row> m_rows;
    std::deque<std::size_t> m_fresh;
    /// A pair found next to one that was only guessed is a guess too.
    Strategy m_spreadAs = Strategy::Lineage;
};

} // namespace

std::vector<Row> matchPool(const Run& runA, const Lane& a, const Run& runB, const Lane& b) {
    Side sideA(runA, a);
    Side sideB(runB, b);
    return PoolMatcher(sideA, sideB).run();
}

} // namespace repro::replay
