// SPDX-License-Identifier: BSD-3-Clause
#include "replay/pool_match.h"

#include "replay/rng.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

/// A row that more others read than this is no guide to which of them is which.
constexpr std::size_t kMostReaders = 64;
/// Inputs by which one at a time a row is told that reads something that differs.
constexpr std::size_t kToldInputs = 3;

std::uint64_t storageOf(const Run& run, std::uint64_t use) {
    return run.values.storage[run.uses.value[use]];
}

bool isOutput(const Run& run, std::uint64_t use) {
    return static_cast<trace::Direction>(run.uses.direction[use]) == trace::Direction::Out;
}

/// Storages whose contents come of random numbers that several threads draw. Which of them draws
/// which is chance, so they do not tell what a thread works on.
class ChanceTracker {
public:
    explicit ChanceTracker(const Run& run) : m_run(run), m_drawing(sharedDraws(run)) {}

    /// The key of the pool's next row, in order of the trace.
    std::uint64_t keyOf(EventId event) {
        if (m_drawing.empty()) {
            return m_run.contentKey(event, m_chance);
        }
        const bool byChance = m_drawing.contains(event) || readsChance(event);
        for (std::uint64_t use = m_run.usesBegin(event); use < m_run.usesEnd(event); ++use) {
            if (isOutput(m_run, use)) {
                const std::uint64_t storage = storageOf(m_run, use);
                byChance ? (void)m_chance.insert(storage) : (void)m_chance.erase(storage);
            }
        }
        return m_run.contentKey(event, m_chance);
    }

private:
    bool readsChance(EventId event) const {
        for (std::uint64_t use = m_run.usesBegin(event); use < m_run.usesEnd(event); ++use) {
            if (!isOutput(m_run, use) && m_chance.contains(storageOf(m_run, use))) {
                return true;
            }
        }
        return false;
    }

    const Run& m_run;
    RngComparison::Shared m_drawing;
    std::unordered_set<std::uint64_t> m_chance;
};

using Keys = std::vector<std::uint64_t>;

/// One pool of one run: its rows, each with its neighbours in its own thread, and with those that
/// it reads from and that read from it.
struct Side {
    struct Edge {
        std::uint16_t slot;
        std::size_t row;
    };

    Side(const Run& run_, const Lane& lane) : run(run_), ids(lane.events) {
        ChanceTracker chance(run);
        std::unordered_map<std::uint32_t, std::size_t> last;
        std::unordered_map<std::uint64_t, std::size_t> writer;
        const std::size_t n = ids.size();
        contents.resize(n);
        next.assign(n, kNoIndex);
        previous.assign(n, kNoIndex);
        partner.assign(n, kNoIndex);
        sources.resize(n);
        readers.resize(n);
        for (std::size_t i = 0; i < n; ++i) {
            contents[i] = chance.keyOf(ids[i]);
            const auto [found, isFirst] = last.try_emplace(run.events.thread[ids[i]], i);
            if (!isFirst) {
                previous[i] = found->second;
                next[found->second] = i;
                found->second = i;
            }
            link(i, writer);
        }
    }

    void link(std::size_t i, std::unordered_map<std::uint64_t, std::size_t>& writer) {
        const std::uint64_t end = run.usesEnd(ids[i]);
        for (std::uint64_t use = run.usesBegin(ids[i]); use < end; ++use) {
            const auto found = writer.find(storageOf(run, use));
            if (!isOutput(run, use) && found != writer.end()) {
                sources[i].push_back({run.uses.slot[use], found->second});
                readers[found->second].push_back({run.uses.slot[use], i});
            }
        }
        for (std::uint64_t use = run.usesBegin(ids[i]); use < end; ++use) {
            if (isOutput(run, use)) {
                writer[storageOf(run, use)] = i;
            }
        }
    }

    /// Keys of the rows that have no partner; of the others, 0.
    template <class KeyOf>
    [[nodiscard]] Keys openKeys(KeyOf keyOf) const {
        Keys keys(ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            keys[i] = partner[i] == kNoIndex ? keyOf(run, ids[i]) : 0;
        }
        return keys;
    }

    const Run& run;
    std::span<const EventId> ids;
    Keys contents;
    std::vector<std::size_t> next, previous, partner;
    std::vector<std::vector<Edge>> sources, readers;
};

std::uint64_t fullKey(const Run& run, EventId event) {
    return run.key(event, KeyLevel::Full);
}

std::uint64_t argumentsKey(const Run& run, EventId event) {
    return mixHash(fullKey(run, event), run.argumentsHash(event));
}

/// What it is, and the contents of its n-th input; 0 = it has none.
std::uint64_t inputKey(const Run& run, EventId event, std::size_t n) {
    for (std::uint64_t use = run.usesBegin(event); use < run.usesEnd(event); ++use) {
        const bool meaningless = (run.uses.flags[use] & trace::use_flag::Meaningless) != 0;
        if (!isOutput(run, use) && !meaningless && n-- == 0) {
            const auto value = run.uses.value[use];
            return mixHash(fullKey(run, event),
                           run.values.fingerprintLow[value] ^ run.uses.slot[use]);
        }
    }
    return 0;
}

/// The same data come again in every epoch.
std::uint64_t inStep(const Run& run, EventId event, std::uint64_t key) {
    return key == 0 ? 0 : mixHash(key, run.events.step[event]);
}

class PoolMatcher {
public:
    PoolMatcher(Side& a, Side& b) : m_a(a), m_b(b) {}

    std::vector<Row> run() {
        matchByContents();
        followAll(argumentsKey, Strategy::Lineage);
        matchEqual();
        matchOpen([](const Run& run, EventId e) { return inStep(run, e, argumentsKey(run, e)); },
                  argumentsKey, Strategy::Anchor);
        matchByParts();
        matchByKeys();
        matchChanged(KeyLevel::NoLayer, Strategy::Moved);
        matchChanged(KeyLevel::NoShapes, Strategy::Reshaped);
        matchChanged(KeyLevel::ShapesOnly, Strategy::Renamed);
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

    /// Only what nothing but its place tells apart.
    std::vector<Row> runReordered() {
        const auto keyOf = [](const Side& side) {
            Keys keys = side.contents;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                keys[i] = inStep(side.run, side.ids[i], keys[i]);
            }
            return keys;
        };
        matchUnique(keyOf(m_a), keyOf(m_b), Strategy::Content);
        followAll(argumentsKey, Strategy::Content);
        return std::move(m_rows);
    }

private:
    /// As far as contents go: where one item of work ends and the next begins in a thread,
    /// neighbours belong to different items.
    void matchByContents() {
        matchUnique(m_a.contents, m_b.contents, Strategy::Content);
        spread(m_a.contents, m_b.contents, Strategy::Lineage);
    }

    /// What is left and equal in all that is known: which is which makes no difference to itself.
    void matchEqual() {
        refreshAll();
        spread(m_a.contents, m_b.contents, Strategy::Lineage);
        matchInOrder(m_a.contents, m_b.contents, Strategy::Content, Strategy::Lineage);
    }

    /// A row that reads something that differs is told by what else it reads, by who made it, by
    /// its arguments, or because no other is left that does the same.
    void matchByParts() {
        followAll(argumentsKey, Strategy::Lineage);
        for (std::size_t n = 0; n < kToldInputs; ++n) {
            matchOpen(
                [n](const Run& run, EventId e) { return inStep(run, e, inputKey(run, e, n)); },
                argumentsKey, Strategy::Content);
            matchOpen([n](const Run& run, EventId e) { return inputKey(run, e, n); }, argumentsKey,
                      Strategy::Content);
        }
        matchOpen(argumentsKey, argumentsKey, Strategy::Anchor);
        followAll(fullKey, Strategy::Lineage);
        matchOpen(fullKey, fullKey, Strategy::Anchor);
    }

    /// By the neighbours in the thread, and at last in order.
    void matchByKeys() {
        refreshAll();
        const auto [a, b] = openKeys(fullKey);
        spread(a, b, Strategy::Lineage);
        matchInOrder(a, b, Strategy::Order, Strategy::Order);
    }

    /// Rows that were changed in both runs alike: by who made what they read, and who reads them.
    void matchChanged(KeyLevel level, Strategy strategy) {
        const auto keyOf = [level](const Run& run, EventId e) { return run.key(e, level); };
        followAll(keyOf, strategy);
        const auto [a, b] = openKeys(keyOf);
        matchUnique(a, b, strategy);
        refreshAll();
        spread(a, b, strategy);
    }

    template <class KeyOf>
    std::pair<Keys, Keys> openKeys(KeyOf keyOf) const {
        return {m_a.openKeys(keyOf), m_b.openKeys(keyOf)};
    }

    /// Pairs rows whose key no other row without a partner has, and what they lead to.
    template <class KeyOf, class NextKeyOf>
    void matchOpen(KeyOf keyOf, NextKeyOf nextKeyOf, Strategy strategy) {
        const auto [a, b] = openKeys(keyOf);
        matchUnique(a, b, strategy);
        const auto [nextA, nextB] = openKeys(nextKeyOf);
        follow(nextA, nextB, Strategy::Lineage);
    }

    void pair(std::size_t i, std::size_t j, Strategy strategy) {
        m_a.partner[i] = j;
        m_b.partner[j] = i;
        m_rows.push_back({m_a.ids[i], m_b.ids[j], strategy, RowClass::Same});
        m_fresh.push_back(i);
    }

    bool tryPair(const Keys& keysA, const Keys& keysB, std::size_t i, std::size_t j,
                 Strategy strategy) {
        const bool fits = i != kNoIndex && j != kNoIndex && m_a.partner[i] == kNoIndex &&
                          m_b.partner[j] == kNoIndex && keysA[i] == keysB[j] && keysA[i] != 0;
        if (fits) {
            pair(i, j, strategy);
        }
        return fits;
    }

    void matchUnique(const Keys& keysA, const Keys& keysB, Strategy strategy) {
        struct Count {
            std::size_t inA = 0, inB = 0, b = 0;
        };
        std::unordered_map<std::uint64_t, Count> counts;
        for (const std::uint64_t key : keysA) {
            ++counts[key].inA;
        }
        for (std::size_t j = 0; j < keysB.size(); ++j) {
            Count& count = counts[keysB[j]];
            ++count.inB;
            count.b = j;
        }
        for (std::size_t i = 0; i < keysA.size(); ++i) {
            const Count& count = counts[keysA[i]];
            if (keysA[i] != 0 && count.inA == 1 && count.inB == 1) {
                tryPair(keysA, keysB, i, count.b, strategy);
            }
        }
    }

    void refreshAll() {
        m_fresh.clear();
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] != kNoIndex) {
                m_fresh.push_back(i);
            }
        }
    }

    template <class KeyOf>
    void followAll(KeyOf keyOf, Strategy strategy) {
        refreshAll();
        const auto [a, b] = openKeys(keyOf);
        follow(a, b, strategy);
    }

    /// What a pair reads was made by a pair, and is read by pairs.
    void follow(const Keys& keysA, const Keys& keysB, Strategy strategy) {
        const auto match = [&](const std::vector<Side::Edge>& inA,
                               const std::vector<Side::Edge>& inB) {
            if (inA.size() > kMostReaders || inB.size() > kMostReaders) {
                return;
            }
            for (const Side::Edge& x : inA) {
                for (const Side::Edge& y : inB) {
                    if (x.slot == y.slot && tryPair(keysA, keysB, x.row, y.row, strategy)) {
                        break;
                    }
                }
            }
        };
        while (!m_fresh.empty()) {
            const std::size_t i = m_fresh.front();
            m_fresh.pop_front();
            const std::size_t j = m_a.partner[i];
            match(m_a.sources[i], m_b.sources[j]);
            match(m_a.readers[i], m_b.readers[j]);
        }
    }

    /// A row whose neighbour in the thread is paired pairs with the neighbour of the partner, where
    /// both have the same key.
    void spread(const Keys& keysA, const Keys& keysB, Strategy strategy) {
        while (!m_fresh.empty()) {
            const std::size_t i = m_fresh.front();
            m_fresh.pop_front();
            const std::size_t j = m_a.partner[i];
            tryPair(keysA, keysB, m_a.next[i], m_b.next[j], strategy);
            tryPair(keysA, keysB, m_a.previous[i], m_b.previous[j], strategy);
        }
    }

    /// `spreadAs`: what is found next to a pair that was only guessed is a guess too.
    void matchInOrder(const Keys& inA, const Keys& inB, Strategy strategy, Strategy spreadAs) {
        std::unordered_map<std::uint64_t, std::deque<std::size_t>> waiting;
        for (std::size_t j = 0; j < m_b.ids.size(); ++j) {
            if (m_b.partner[j] == kNoIndex) {
                waiting[inB[j]].push_back(j);
            }
        }
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] != kNoIndex || inA[i] == 0) {
                continue;
            }
            const auto found = waiting.find(inA[i]);
            while (found != waiting.end() && !found->second.empty()) {
                const std::size_t j = found->second.front();
                found->second.pop_front();
                if (tryPair(inA, inB, i, j, strategy)) {
                    spread(inA, inB, spreadAs);
                    break;
                }
            }
        }
    }

    Side& m_a;
    Side& m_b;
    std::vector<Row> m_rows;
    std::deque<std::size_t> m_fresh; ///< paired, and not yet a guide to others
};

} // namespace

std::vector<Row> matchPool(const Run& runA, const Lane& a, const Run& runB, const Lane& b) {
    Side sideA(runA, a);
    Side sideB(runB, b);
    return PoolMatcher(sideA, sideB).run();
}

std::vector<Row> matchReordered(const Run& runA, const Lane& a, const Run& runB, const Lane& b) {
    Side sideA(runA, a);
    Side sideB(runB, b);
    return PoolMatcher(sideA, sideB).runReordered();
}

} // namespace repro::replay
