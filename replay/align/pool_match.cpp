// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/pool_match.h"

#include "replay/align/pool_side.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

/// A row that more others read than this is no guide to which of them is which.
constexpr std::size_t kMostReaders = 64;

std::uint64_t fullKey(const PoolSide& side, std::size_t i) {
    return side.run.key(side.ids[i], KeyLevel::Full);
}

std::uint64_t argumentsKey(const PoolSide& side, std::size_t i) {
    return mixHash(fullKey(side, i), side.run.argumentsHash(side.ids[i]));
}

/// The same data come again in every epoch.
std::uint64_t inStep(const PoolSide& side, std::size_t i, std::uint64_t key) {
    return key == 0 ? 0 : mixHash(key, side.run.events.step[side.ids[i]]);
}

class PoolMatcher {
public:
    PoolMatcher(PoolSide& a, PoolSide& b) : m_a(a), m_b(b), m_guessed(a.ids.size()) {}

    std::vector<Row> run(std::span<const AlignmentMap::Pair> held) {
        for (const AlignmentMap::Pair& fixed : held) {
            pair(placeOf(m_a, fixed.a), placeOf(m_b, fixed.b), Strategy::Manual);
        }
        matchByContents();
        followAll(argumentsKey, Strategy::Lineage);
        matchEqual();
        matchByParts();
        matchOpen([](const PoolSide& side,
                     std::size_t i) { return inStep(side, i, argumentsKey(side, i)); },
                  argumentsKey, Strategy::Anchor);
        followGuesses();
        matchLast();
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
        const auto keyOf = [](const PoolSide& side) {
            Keys keys = side.contents;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                keys[i] = inStep(side, i, keys[i]);
            }
            return keys;
        };
        matchUnique(keyOf(m_a), keyOf(m_b), Strategy::Content);
        followAll(argumentsKey, Strategy::Content);
        // Which of several that are equal in all that is known is which makes no difference.
        matchInOrder(keyOf(m_a), keyOf(m_b), Strategy::Content, Strategy::Content);
        return std::move(m_rows);
    }

private:
    static std::size_t placeOf(const PoolSide& side, EventId event) {
        const auto at = std::lower_bound(side.ids.begin(), side.ids.end(), event);
        return static_cast<std::size_t>(at - side.ids.begin());
    }

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

    /// A row that reads something that differs is told by what else it reads, and by who made it.
    void matchByParts() {
        refresh([&](std::size_t i) { return !m_guessed[i]; });
        followOpen(argumentsKey, Strategy::Lineage);
        for (std::size_t n = 0; n < kToldInputs; ++n) {
            matchOpen([n](const PoolSide& side, std::size_t i) { return side.inputs[n][i]; },
                      argumentsKey, Strategy::Content);
        }
        for (std::size_t n = 0; n < kToldInputs; ++n) {
            matchOpen([n](const PoolSide& side,
                          std::size_t i) { return inStep(side, i, side.inputs[n][i]); },
                      argumentsKey, Strategy::Content);
        }
    }

    /// Of rows that are equal in themselves it made no difference which is which. What they lead to
    /// is a guess.
    void followGuesses() {
        refresh([&](std::size_t i) { return m_guessed[i]; });
        m_guessing = true;
        followOpen(argumentsKey, Strategy::Order);
        m_guessing = false;
    }

    /// By its arguments, or because no other is left that does the same.
    void matchLast() {
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
        const auto keyOf = [level](const PoolSide& side, std::size_t i) {
            return side.run.key(side.ids[i], level);
        };
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
        m_guessed[i] = m_guessing;
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

    template <class IsGuide>
    void refresh(IsGuide isGuide) {
        m_fresh.clear();
        for (std::size_t i = 0; i < m_a.ids.size(); ++i) {
            if (m_a.partner[i] != kNoIndex && isGuide(i)) {
                m_fresh.push_back(i);
            }
        }
    }
    void refreshAll() {
        refresh([](std::size_t) { return true; });
    }

    template <class KeyOf>
    void followAll(KeyOf keyOf, Strategy strategy) {
        refreshAll();
        followOpen(keyOf, strategy);
    }
    template <class KeyOf>
    void followOpen(KeyOf keyOf, Strategy strategy) {
        const auto [a, b] = openKeys(keyOf);
        follow(a, b, strategy);
    }

    /// Where a reader stands among those that read a tensor in the same slot. In one thread they
    /// keep their order: where both runs have as many, they are the same one by one.
    struct Place {
        std::size_t rank = 0, count = 0;
        bool inOneThread = true;

        [[nodiscard]] bool mayBe(const Place& other) const {
            return count != other.count || !inOneThread || !other.inOneThread || rank == other.rank;
        }
    };
    static std::vector<Place> placesOf(const PoolSide& side,
                                       const std::vector<PoolSide::Edge>& edges) {
        const auto threadOf = [&](const PoolSide::Edge& edge) {
            return side.run.events.thread[side.ids[edge.row]];
        };
        std::vector<Place> places(edges.size());
        for (std::size_t i = 0; i < edges.size(); ++i) {
            for (std::size_t k = 0; k < edges.size(); ++k) {
                if (edges[k].slot == edges[i].slot) {
                    places[i].rank += k < i ? 1 : 0;
                    ++places[i].count;
                    places[i].inOneThread =
                        places[i].inOneThread && threadOf(edges[k]) == threadOf(edges[i]);
                }
            }
        }
        return places;
    }

    /// What a pair reads was made by a pair, and is read by pairs.
    void follow(const Keys& keysA, const Keys& keysB, Strategy strategy) {
        const auto match = [&](const std::vector<PoolSide::Edge>& inA,
                               const std::vector<PoolSide::Edge>& inB) {
            if (inA.size() > kMostReaders || inB.size() > kMostReaders) {
                return;
            }
            const std::vector<Place> placesA = placesOf(m_a, inA);
            const std::vector<Place> placesB = placesOf(m_b, inB);
            for (std::size_t x = 0; x < inA.size(); ++x) {
                for (std::size_t y = 0; y < inB.size(); ++y) {
                    if (inA[x].slot == inB[y].slot && placesA[x].mayBe(placesB[y]) &&
                        tryPair(keysA, keysB, inA[x].row, inB[y].row, strategy)) {
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
        m_guessing = true;
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
        m_guessing = false;
    }

    PoolSide& m_a;
    PoolSide& m_b;
    std::vector<Row> m_rows;
    std::vector<bool> m_guessed; ///< by row of A: paired in order, among others that look the same
    bool m_guessing = false;
    std::deque<std::size_t> m_fresh; ///< paired, and not yet a guide to others
};

} // namespace

std::vector<Row> matchPool(const Run& runA, const Lane& a, const Run& runB, const Lane& b,
                           std::span<const AlignmentMap::Pair> held) {
    PoolSide sideA(runA, a);
    PoolSide sideB(runB, b);
    return PoolMatcher(sideA, sideB).run(held);
}

std::vector<Row> matchReordered(const Run& runA, const Lane& a, const Run& runB, const Lane& b) {
    PoolSide sideA(runA, a);
    PoolSide sideB(runB, b);
    return PoolMatcher(sideA, sideB).runReordered();
}

} // namespace repro::replay
