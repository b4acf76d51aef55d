// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/sequence_diff.h"

#include "replay/run/key_set.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace repro::replay {
namespace {

/// Edits allowed in a window as a whole, and in one piece of it. The square bounds work and memory.
constexpr int kMaxEdits = 512;
constexpr int kPieceEdits = 48;

struct Window {
    std::uint32_t a0, a1, b0, b1;
    [[nodiscard]] bool isEmpty() const { return a0 == a1 || b0 == b1; }
};

class Differ {
public:
    Differ(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, DiffBudget& budget)
        : m_a(a), m_b(b), m_budget(budget) {}

    std::vector<Match> run() {
        m_open.push_back(
            {0, static_cast<std::uint32_t>(m_a.size()), 0, static_cast<std::uint32_t>(m_b.size())});
        while (!m_open.empty()) {
            const Window window = m_open.back();
            m_open.pop_back();
            solve(trim(window));
        }
        std::sort(m_matches.begin(), m_matches.end(),
                  [](const Match& x, const Match& y) { return x.a < y.a; });
        return std::move(m_matches);
    }

private:
    void add(std::uint32_t a, std::uint32_t b, Strategy strategy) {
        m_matches.push_back({a, b, strategy});
    }

    Window trim(Window w) {
        while (!w.isEmpty() && m_a[w.a0] == m_b[w.b0]) {
            add(w.a0++, w.b0++, Strategy::Exact);
        }
        while (!w.isEmpty() && m_a[w.a1 - 1] == m_b[w.b1 - 1]) {
            add(--w.a1, --w.b1, Strategy::Exact);
        }
        return w;
    }

    void solve(const Window& w) {
        if (w.isEmpty() || nothingInCommon(w)) {
            return;
        }
        if (m_budget.steps > 0 && myers(w, kMaxEdits, false)) {
            return;
        }
        const std::vector<Match> anchors = uniqueAnchors(w);
        if (anchors.empty()) {
            diffInPieces(w);
            return;
        }
        std::uint32_t a = w.a0;
        std::uint32_t b = w.b0;
        for (const Match& anchor : anchors) {
            m_open.push_back({a, anchor.a, b, anchor.b});
            m_matches.push_back(anchor);
            a = anchor.a + 1;
            b = anchor.b + 1;
        }
        m_open.push_back({a, w.a1, b, w.b1});
    }

    /// Unrelated windows are told cheaply, before any diff is tried.
    [[nodiscard]] bool nothingInCommon(const Window& w) const {
        constexpr std::uint32_t kWorthIt = 32;
        if (w.a1 - w.a0 + w.b1 - w.b0 < kWorthIt) {
            return false;
        }
        KeySet inA;
        for (std::uint32_t i = w.a0; i < w.a1; ++i) {
            inA.insert(m_a[i]);
        }
        return std::none_of(m_b.begin() + w.b0, m_b.begin() + w.b1,
                            [&](std::uint64_t key) { return inA.contains(key); });
    }

    void diffInPieces(Window w) {
        while (!w.isEmpty()) {
            const auto end = myers(w, kPieceEdits, true);
            w.a0 = end->a;
            w.b0 = end->b;
        }
    }

    /// Myers' greedy diff. Keeps the furthest point of every diagonal for every number of edits, at
    /// most maxEdits^2 numbers, to walk back. Returns where it came to: the window's end, or, when
    /// the edits do not suffice and `partial`, the furthest point; matches up to there are kept.
    std::optional<Match> myers(const Window& w, int maxEdits, bool partial) {
        const auto n = static_cast<std::int64_t>(w.a1 - w.a0);
        const auto m = static_cast<std::int64_t>(w.b1 - w.b0);
        m_fronts.clear();
        std::int64_t bestX = 0;
        std::int64_t bestY = 0;
        int bestEdits = 0;
        for (int d = 0; d <= maxEdits; ++d) {
            m_fronts.emplace_back(static_cast<std::size_t>(2 * d + 1), -1);
            m_budget.steps -= d;
            for (int k = -d; k <= d; k += 2) {
                std::int64_t x = d == 0 ? 0 : startOf(d, k);
                std::int64_t y = x - k;
                if (x > n || y > m || x < 0 || y < 0) {
                    continue;
                }
                while (x < n && y < m && m_a[w.a0 + x] == m_b[w.b0 + y]) {
                    ++x;
                    ++y;
                }
                front(d, k) = x;
                if (x + y > bestX + bestY) {
                    bestX = x;
                    bestY = y;
                    bestEdits = d;
                }
                if (x == n && y == m) {
                    walkBack(w, d, x, y);
                    return Match{w.a1, w.b1, Strategy::Edit};
                }
            }
        }
        if (!partial) {
            return std::nullopt;
        }
        walkBack(w, bestEdits, bestX, bestY);
        return Match{static_cast<std::uint32_t>(w.a0 + bestX),
                     static_cast<std::uint32_t>(w.b0 + bestY), Strategy::Edit};
    }

    std::int64_t& front(int d, std::int64_t k) {
        return m_fronts[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d)];
    }
    std::int64_t reached(int d, std::int64_t k) {
        return d < 0 || k < -d || k > d ? -1 : front(d, k);
    }
    /// First x on diagonal k with d edits, before any equal elements are followed; -2 = none.
    std::int64_t startOf(int d, std::int64_t k) {
        const std::int64_t fromInsert = reached(d - 1, k + 1);
        const std::int64_t fromDelete = reached(d - 1, k - 1);
        if (fromInsert < 0 && fromDelete < 0) {
            return -2;
        }
        return std::max(fromInsert, fromDelete < 0 ? -2 : fromDelete + 1);
    }

    void walkBack(const Window& w, int d, std::int64_t x, std::int64_t y) {
        for (; d >= 0; --d) {
            const std::int64_t k = x - y;
            const std::int64_t start = d == 0 ? 0 : startOf(d, k);
            for (; x > start; --x, --y) {
                add(static_cast<std::uint32_t>(w.a0 + x - 1),
                    static_cast<std::uint32_t>(w.b0 + y - 1), Strategy::Edit);
            }
            if (d > 0) {
                // The edit itself: down (an element of b) or right (one of a).
                const bool inserted = start == reached(d - 1, k + 1);
                inserted ? --y : --x;
            }
        }
    }

    /// Keys that occur once on each side, in the longest order common to both.
    std::vector<Match> uniqueAnchors(const Window& w) {
        struct Seen {
            std::uint32_t inA = 0, inB = 0, b = 0;
        };
        std::unordered_map<std::uint64_t, Seen> seen;
        for (std::uint32_t i = w.a0; i < w.a1; ++i) {
            ++seen[m_a[i]].inA;
        }
        for (std::uint32_t j = w.b0; j < w.b1; ++j) {
            const auto found = seen.find(m_b[j]);
            if (found != seen.end()) {
                ++found->second.inB;
                found->second.b = j;
            }
        }
        std::vector<Match> unique;
        for (std::uint32_t i = w.a0; i < w.a1; ++i) {
            const Seen& s = seen[m_a[i]];
            if (s.inA == 1 && s.inB == 1) {
                unique.push_back({i, s.b, Strategy::Anchor});
            }
        }
        return longestIncreasing(unique);
    }

    static std::vector<Match> longestIncreasing(const std::vector<Match>& all) {
        std::vector<std::size_t> tails;
        std::vector<std::size_t> previous(all.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto place =
                std::lower_bound(tails.begin(), tails.end(), all[i].b,
                                 [&](std::size_t t, std::uint32_t b) { return all[t].b < b; });
            if (place != tails.begin()) {
                previous[i] = *(place - 1);
            }
            if (place == tails.end()) {
                tails.push_back(i);
            } else {
                *place = i;
            }
        }
        std::vector<Match> chain;
        for (std::size_t i = tails.empty() ? all.size() : tails.back(); i < all.size();
             i = previous[i]) {
            chain.push_back(all[i]);
        }
        std::reverse(chain.begin(), chain.end());
        return chain;
    }

    std::span<const std::uint64_t> m_a, m_b;
    DiffBudget& m_budget;
    std::vector<Match> m_matches;
    std::vector<Window> m_open;
    std::vector<std::vector<std::int64_t>> m_fronts;
};

} // namespace

std::vector<Match> diffSequences(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                                 DiffBudget& budget) {
    return Differ(a, b, budget).run();
}

} // namespace repro::replay
