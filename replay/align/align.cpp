// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/align.h"

#include "replay/align/alignment_map.h"
#include "replay/align/pool_match.h"
#include "replay/align/sequence_diff.h"

#include <algorithm>
#include <future>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;
using Ids = std::span<const EventId>;
using Held = std::span<const AlignmentMap::Pair>;

/// Rows without a partner that are tried in any order, in each run: a bound on work.
constexpr std::size_t kMaxReordered = 4096;

/// Gaps up to this long are tried for ops that were replaced one by one.
constexpr std::size_t kMaxRenamedGap = 16;

constexpr std::size_t kRowsBetweenReports = 65536;

std::vector<std::uint64_t> keysOf(const Run& run, Ids ids, KeyLevel level) {
    std::vector<std::uint64_t> keys(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        run.reader().pollAt(i);
        keys[i] = run.key(ids[i], level);
    }
    return keys;
}

/// Keys of both runs, computed at the same time: half of the work of comparing clean runs.
std::pair<std::vector<std::uint64_t>, std::vector<std::uint64_t>>
keysOfBoth(const Run& a, Ids inA, const Run& b, Ids inB, KeyLevel level) {
    constexpr std::size_t kWorthAThread = 4096;
    const auto policy = inA.size() < kWorthAThread ? std::launch::deferred : std::launch::async;
    auto first = std::async(policy, [&] { return keysOf(a, inA, level); });
    auto second = keysOf(b, inB, level);
    return {first.get(), std::move(second)};
}

class Aligner {
public:
    Aligner(const Run& a, const Run& b, const DiffOptions& options)
        : m_a(a), m_b(b), m_options(options) {
        m_placed.reserve(std::max(a.rowCount(), b.rowCount()));
    }

    Alignment run() {
        const std::vector<const Lane*> partners = pairLanes(m_a, m_b);
        auto held = pairsByLane(m_options.map ? *m_options.map : AlignmentMap(), m_a, m_b);
        if (!held.empty() && held.front().empty() && partners.front() == &m_b.lanes().front()) {
            m_resume = findResume(m_a, m_b);
        }
        if (m_resume) {
            held.front().push_back({m_resume->eventA, m_resume->eventB});
        }
        for (std::size_t i = 0; i < partners.size(); ++i) {
            const Lane& lane = m_a.lanes()[i];
            if (partners[i] == nullptr) {
                onlyA(lane.events);
                closeGap();
            } else if (lane.isPool || partners[i]->isPool) {
                addPool(lane, *partners[i], held[i]);
            } else {
                alignLane(lane.events, partners[i]->events, held[i]);
            }
        }
        for (const Lane& lane : m_b.lanes()) {
            if (std::find(partners.begin(), partners.end(), &lane) == partners.end()) {
                onlyB(lane.events);
                closeGap();
            }
        }
        pairReordered();
        return finish();
    }

private:
    /// Where a row of B alone belongs in the order of A: after the row that precedes it.
    struct Placed {
        EventId place;
        Row row;
    };

    void put(EventId a, EventId b, Strategy strategy) {
        if (a != kNone64) {
            m_lastA = a;
        }
        const bool paired = a != kNone64 && b != kNone64;
        const bool resized = strategy == Strategy::Reshaped;
        if (paired && strategy <= Strategy::Anchor && m_a.isRenamed(a)) {
            strategy = Strategy::Mapped;
        }
        m_placed.push_back(
            {m_lastA, {a, b, strategy, resized ? RowClass::Structural : RowClass::Same}});
        m_matched += paired ? 1 : 0;
    }
    void pair(EventId a, EventId b, Strategy strategy) {
        closeGap();
        put(a, b, strategy);
    }
    /// Rows without a partner stay open up to the next pair: their partner may only count as
    /// another step there.
    void onlyA(Ids ids) { m_openA.insert(m_openA.end(), ids.begin(), ids.end()); }
    void onlyB(Ids ids) { m_openB.insert(m_openB.end(), ids.begin(), ids.end()); }

    void closeGap() {
        const std::vector<EventId> a = std::exchange(m_openA, {});
        const std::vector<EventId> b = std::exchange(m_openB, {});
        std::size_t i = 0;
        std::size_t j = 0;
        const auto leave = [&](std::size_t toA, std::size_t toB) {
            for (; i < toA; ++i) {
                put(a[i], kNone64, Strategy::OnlyA);
            }
            for (; j < toB; ++j) {
                put(kNone64, b[j], Strategy::OnlyB);
            }
        };
        if (!a.empty() && !b.empty() && stepsDiffer(a, b)) {
            const auto [keysA, keysB] = keysOfBoth(m_a, a, m_b, b, KeyLevel::Full);
            for (const Match& match : diffSequences(keysA, keysB, m_budget)) {
                leave(match.a, match.b);
                put(a[i++], b[j++], Strategy::Moved);
            }
        }
        leave(a.size(), b.size());
    }

    bool stepsDiffer(Ids a, Ids b) const {
        return m_a.events.step[a.front()] != m_b.events.step[b.front()] ||
               m_a.events.step[a.back()] != m_b.events.step[b.back()];
    }

    void addPool(const Lane& a, const Lane& b, Held held) {
        for (const Row& row : matchPool(m_a, a, m_b, b, held)) {
            put(row.a, row.b, row.strategy);
        }
    }

    /// Between the pairs that are held fixed.
    void alignLane(Ids a, Ids b, Held held) {
        m_lastA = a.empty() ? m_lastA : a.front();
        std::int64_t ahead = 0; // steps that B is, since the last of those pairs
        for (const AlignmentMap::Pair& pair : held) {
            alignSteps(takeBefore(a, pair.a), takeBefore(b, pair.b), ahead);
            this->pair(pair.a, pair.b, pair.place.empty() ? Strategy::Anchor : Strategy::Manual);
            a = a.subspan(1);
            b = b.subspan(1);
            ahead = stepOf(m_b, pair.b) - stepOf(m_a, pair.a);
        }
        alignSteps(a, b, ahead);
        closeGap();
    }

    /// Steps pair by their number.
    void alignSteps(Ids a, Ids b, std::int64_t ahead) {
        constexpr std::int64_t kNever = INT64_MAX;
        while (!a.empty() || !b.empty()) {
            const std::int64_t stepA = a.empty() ? kNever : stepOf(m_a, a.front());
            const std::int64_t stepB = b.empty() ? kNever : stepOf(m_b, b.front()) - ahead;
            const std::int64_t step = std::min(stepA, stepB);
            reportNow();
            const Ids partA = takeStep(m_a, a, step);
            const Ids partB = takeStep(m_b, b, step + ahead);
            alignWindow(partA, partB, KeyLevel::Full);
        }
    }

    static std::int64_t stepOf(const Run& run, EventId event) { return run.events.step[event]; }

    /// Work that both runs did, but in another order or in another thread: it is told by what it is
    /// made of.
    void pairReordered() {
        Lane a;
        Lane b;
        for (const auto& [place, row] : m_placed) {
            if (row.a == kNone64) {
                b.events.push_back(row.b);
            } else if (row.b == kNone64) {
                a.events.push_back(row.a);
            }
        }
        if (a.events.empty() || b.events.empty() ||
            std::max(a.events.size(), b.events.size()) > kMaxReordered) {
            return;
        }
        std::ranges::sort(a.events);
        std::ranges::sort(b.events);
        std::unordered_map<EventId, EventId> partners;
        std::unordered_set<EventId> taken;
        for (const Row& row : matchReordered(m_a, a, m_b, b)) {
            partners.emplace(row.a, row.b);
            taken.insert(row.b);
        }
        std::erase_if(m_placed, [&](const Placed& placed) {
            return placed.row.a == kNone64 && taken.contains(placed.row.b);
        });
        for (Placed& placed : m_placed) {
            const auto found = partners.find(placed.row.a);
            if (found != partners.end()) {
                placed.row.b = found->second;
                placed.row.strategy = Strategy::Content;
            }
        }
        m_matched += partners.size();
    }

    void report() const {
        const std::uint64_t rows = m_a.rowCount();
        m_options.report({DiffStage::Align, std::min<std::uint64_t>(m_placed.size(), rows), rows});
    }
    void reportNow() {
        if (m_placed.size() >= m_nextReport) { // the beginning is diff()'s to report
            report();
            m_nextReport = m_placed.size() + kRowsBetweenReports;
        }
    }
    void pollAt(std::size_t row) const {
        if (row % kRowsBetweenReports == kRowsBetweenReports - 1) {
            report();
        }
    }

    /// Splits off the leading rows.
    static Ids take(Ids& ids, std::size_t n) {
        const Ids part = ids.first(n);
        ids = ids.subspan(n);
        return part;
    }
    /// ... whose step is at most `step`.
    static Ids takeStep(const Run& run, Ids& ids, std::int64_t step) {
        std::size_t n = 0;
        while (n < ids.size() && stepOf(run, ids[n]) <= step) {
            ++n;
        }
        return take(ids, n);
    }
    static Ids takeBefore(Ids& ids, EventId event) {
        const auto at = std::lower_bound(ids.begin(), ids.end(), event);
        return take(ids, static_cast<std::size_t>(at - ids.begin()));
    }

    void alignWindow(Ids a, Ids b, KeyLevel level) {
        const auto [keysA, keysB] = keysOfBoth(m_a, a, m_b, b, level);
        std::size_t i = 0;
        std::size_t j = 0;
        for (const Match& match : diffSequences(keysA, keysB, m_budget)) {
            fillGap(a.subspan(i, match.a - i), b.subspan(j, match.b - j), level);
            pair(a[match.a], b[match.b], strategyOf(level, match.strategy));
            i = match.a + 1;
            j = match.b + 1;
        }
        fillGap(a.subspan(i), b.subspan(j), level);
    }

    static Strategy strategyOf(KeyLevel level, Strategy byKeys) {
        switch (level) {
        case KeyLevel::NoLayer:
            return Strategy::Moved;
        case KeyLevel::NoShapes:
            return Strategy::Reshaped;
        case KeyLevel::ShapesOnly:
            return Strategy::Renamed;
        case KeyLevel::Full:
            break;
        }
        return byKeys;
    }

    /// What a diff under one key left between two pairs is tried under the next weaker key.
    void fillGap(Ids a, Ids b, KeyLevel level) {
        if (a.empty() || b.empty()) {
            onlyA(a);
            onlyB(b);
        } else if (level == KeyLevel::Full) {
            alignWindow(a, b, KeyLevel::NoLayer);
        } else if (level == KeyLevel::NoLayer) {
            alignWindow(a, b, KeyLevel::NoShapes);
        } else if (!pairRenamed(a, b)) {
            onlyA(a);
            onlyB(b);
        }
    }

    bool pairRenamed(Ids a, Ids b) {
        if (a.size() != b.size() || a.size() > kMaxRenamedGap) {
            return false;
        }
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (m_a.key(a[i], KeyLevel::ShapesOnly) != m_b.key(b[i], KeyLevel::ShapesOnly)) {
                return false;
            }
        }
        for (std::size_t i = 0; i < a.size(); ++i) {
            pair(a[i], b[i], Strategy::Renamed);
        }
        return true;
    }

    Alignment finish() {
        const auto before = [](const Placed& x, const Placed& y) { return x.place < y.place; };
        if (!std::is_sorted(m_placed.begin(), m_placed.end(), before)) {
            std::stable_sort(m_placed.begin(), m_placed.end(), before);
        }
        Alignment result;
        result.matched = m_matched;
        result.resume = m_resume;
        result.rowOfA.assign(m_a.events.count, trace::kNone32);
        result.rowOfB.assign(m_b.events.count, trace::kNone32);
        result.rows.reserve(m_placed.size());
        for (const Placed& placed : m_placed) {
            const auto index = static_cast<std::uint32_t>(result.rows.size());
            pollAt(index);
            result.rows.push_back(placed.row);
            if (placed.row.a != kNone64) {
                result.rowOfA[placed.row.a] = index;
            }
            if (placed.row.b != kNone64) {
                result.rowOfB[placed.row.b] = index;
            }
        }
        return result;
    }

    const Run& m_a;
    const Run& m_b;
    const DiffOptions& m_options;
    std::size_t m_nextReport = kRowsBetweenReports;
    DiffBudget m_budget;
    std::vector<Placed> m_placed;
    std::vector<EventId> m_openA, m_openB; ///< since the last pair of the lane
    EventId m_lastA = 0;
    std::uint64_t m_matched = 0;
    std::optional<Resume> m_resume;
};

} // namespace

Alignment align(const Run& a, const Run& b, const DiffOptions& options) {
    return Aligner(a, b, options).run();
}

} // namespace repro::replay
