// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/tolerate.h"

#include "replay/classify/origins.h"
#include "replay/classify/tolerance_rules.h"
#include "replay/numbers/values.h"
#include "replay/numbers/within.h"
#include "replay/provenance/provenance.h"
#include "replay/provenance/structure.h"
#include "replay/run/locate.h"
#include "replay/run/rerecord.h"
#include "replay/run/row_compare.h"
#include "replay/run/storage_uses.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace repro::replay {
namespace {

using trace::EventKind;
using trace::kNone64;

/// A pair of values held to its tolerance.
struct Judged {
    bool excused = false;
    bool ignored = false;
    bool hasBytes = true;
    std::uint64_t elements = 0;
    std::optional<std::uint64_t> ulp;
    double abs = 0;
    ToleranceCheck check;
    std::optional<bool> scratch; ///< it lies in the workspace of an op
};

/// A row, and the slot in it that differs.
using Place = std::pair<std::size_t, std::optional<UsePair>>;

class Tolerator {
public:
    Tolerator(Run& a, Run& b, Alignment& alignment, const DiffOptions& options, DiffResult& result)
        : m_a(a), m_b(b), m_alignment(alignment), m_options(options),
          m_tolerances(*options.tolerances), m_result(result), m_matcher(m_tolerances, a),
          m_sides(a, b, alignment), m_provenance(m_sides) {}

    void run() {
        requireUsedRules();
        if (!m_compares) {
            m_result.reason = "the rules ignore every value that the runs have in common";
            return;
        }
        for (std::size_t i = 0; i < m_result.origins.size(); ++i) {
            m_originsOf.emplace(rowOf(m_result.origins[i].first), i);
        }
        for (std::size_t i = 0; i < m_alignment.rows.size();) {
            const Row& row = m_alignment.rows[i];
            const bool isPair = row.a != kNone64 && row.b != kNone64;
            if (!isPair && row.rowClass == RowClass::Unknown) {
                ++i;
            } else if (!isPair) {
                const StructureBlock block = judgeStructure(m_sides, i);
                if (block.matters) {
                    beyond(block.representative, std::nullopt);
                }
                for (; i < block.last; ++i) {
                    const auto [begin, end] = m_originsOf.equal_range(i);
                    for (auto it = begin; it != end; ++it) {
                        m_kept.push_back({it->second, {i, std::nullopt}});
                    }
                }
            } else {
                judgePair(i++);
            }
        }
        conclude();
    }

private:
    std::size_t rowOf(const Location& place) const {
        return place.eventA ? m_alignment.rowOfA[*place.eventA] : m_alignment.rowOfB[*place.eventB];
    }

    /// What a rule may apply to.
    [[nodiscard]] std::vector<std::uint64_t> comparedUses() const {
        std::vector<std::uint64_t> uses;
        for (const Row& row : m_alignment.rows) {
            if (row.a != kNone64 && row.b != kNone64) {
                std::ranges::copy_if(m_a.usesOf(row.a), std::back_inserter(uses), [&](auto use) {
                    return isMeaningful(m_a, use) && isObserved(m_a, use);
                });
            }
        }
        return uses;
    }

    /// A rule that applies to nothing is a mistake of the one who wrote it: it must not pass as a
    /// rule that was kept.
    void requireUsedRules() {
        const auto& rules = m_tolerances.rules();
        const auto uses = comparedUses();
        std::vector<bool> used(rules.size() + 1);
        std::size_t unused = rules.size();
        for (std::size_t i = 0; i < uses.size() && (unused > 0 || !m_compares); ++i) {
            const std::size_t rule = m_matcher.find(uses[i]);
            m_compares = m_compares || !m_matcher.tolerance(rule).ignore;
            unused -= rule < rules.size() && !used[rule] ? 1 : 0;
            used[rule] = true;
        }
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!used[i]) {
                const std::string why = whyUnused(rules[i], m_a, uses);
                throw Error(ErrorKind::Usage,
                            fmt::format("{}: the rule applies to no value that {} and {} have in "
                                        "common{}; correct or remove it",
                                        rules[i].place, m_result.pathA, m_result.pathB,
                                        why.empty() ? ", or rules above it take them all" : why));
            }
        }
    }

    // Rows.

    void judgePair(std::size_t index) {
        Row& row = m_alignment.rows[index];
        const bool isSettled = row.rowClass == RowClass::Same || row.rowClass == RowClass::Unseen;
        if (isSettled && !m_originsOf.contains(index)) {
            return;
        }
        compareRows(m_a, row.a, m_b, row.b, m_now);
        const bool changed = row.rowClass == RowClass::ArgumentOrigin ||
                             row.rowClass == RowClass::RngOrigin ||
                             row.rowClass == RowClass::Structural;
        const bool excusable = !changed || m_matcher.ignoresRow(row.a);
        std::optional<UsePair> worst;
        const bool inputs = allExcused(m_now.inputs, worst);
        const bool outputs = allExcused(m_now.outputs, worst);
        const bool differs = !m_now.inputs.empty() || !m_now.outputs.empty();
        keepOrigins(index, excusable && (differs || changed), worst);
        if (excusable && inputs && outputs) {
            const bool assumed = std::all_of(m_now.assumedInputs.begin(), m_now.assumedInputs.end(),
                                             [&](const UsePair& p) { return judge(p).excused; });
            // What was only assumed decides nothing: whoever wrote it was judged.
            row.rowClass = assumed && !m_now.isSame() ? RowClass::WithinTolerance : row.rowClass;
        } else if (decides(row)) {
            if (inputs && !outputs && row.rowClass != RowClass::RngOrigin) {
                noteGrowth(index, *worst);
            }
            beyond(index, worst);
        }
    }

    /// A layer's or node's own values are its ops'.
    bool decides(const Row& row) const {
        const auto kind = static_cast<EventKind>(m_a.events.kind[row.a]);
        return kind == EventKind::Op || kind == EventKind::Watch || kind == EventKind::Gradient;
    }

    /// `worst` becomes the first that is not excused, outputs before inputs.
    bool allExcused(const std::vector<UsePair>& pairs, std::optional<UsePair>& worst) {
        bool all = true;
        for (const UsePair& pair : pairs) {
            if (!isExcused(pair)) {
                worst = all ? pair : worst;
                all = false;
            }
        }
        return all;
    }

    /// `worst`: the first value beyond, outputs before inputs; none where all are excused.
    void keepOrigins(std::size_t index, bool excusable, std::optional<UsePair> worst) {
        const auto [begin, end] = m_originsOf.equal_range(index);
        for (auto it = begin; it != end; ++it) {
            const Location& place = m_result.origins[it->second].first;
            std::optional<UsePair> slot = worst;
            bool within = m_now.outputs.empty() || !worst;
            for (const UsePair& pair : m_now.inputs) {
                if (slotName(m_a, pair.a) == place.slot) {
                    slot = pair;
                    within = judge(pair).excused;
                }
            }
            if (excusable && within) {
                m_dropped.push_back(it->second);
            } else {
                m_kept.push_back({it->second, {index, slot ? slot : firstDiffering()}});
            }
        }
    }

    [[nodiscard]] std::optional<UsePair> firstDiffering() const {
        const auto& pairs = m_now.outputs.empty() ? m_now.inputs : m_now.outputs;
        return pairs.empty() ? std::nullopt : std::optional(pairs.front());
    }

    void beyond(std::size_t row, std::optional<UsePair> slot) {
        if (!m_firstBeyond) {
            m_firstBeyond = {row, slot};
        }
    }

    /// Of equal inputs its own kernel or generator made the difference: an origin, or none of ours.
    void noteGrowth(std::size_t row, const UsePair& slot) {
        const bool computed = !m_now.inputs.empty() || !m_a.isAten(m_alignment.rows[row].a);
        if (computed && !m_growth && !m_dropped.empty() && m_kept.empty()) {
            m_growth = {row, slot};
            m_droppedBefore = std::ssize(m_dropped);
        }
    }

    // Values.

    bool isExcused(const UsePair& pair) {
        Judged& judged = judge(pair);
        ToleranceCount& count = m_count;
        if (judged.excused) {
            count.ignored += judged.ignored ? 1 : 0;
            count.within += judged.ignored ? 0 : 1;
            if (!judged.ignored) {
                count.elements += judged.elements;
                count.maxUlp =
                    judged.ulp ? std::max(count.maxUlp.value_or(0), *judged.ulp) : count.maxUlp;
                count.maxAbs = std::max(count.maxAbs, judged.abs);
            }
            return true;
        }
        if (!judged.scratch) {
            judged.scratch = isUnreadOutput(m_a, pair.a, m_b, pair.b) || readsScratch(pair);
        }
        if (*judged.scratch) {
            return true;
        }
        count.withoutBytes += judged.hasBytes ? 0 : 1;
        ++count.beyond;
        return false;
    }

    bool readsScratch(const UsePair& pair) {
        const auto direction = static_cast<trace::Direction>(m_a.uses.direction[pair.a]);
        return direction != trace::Direction::Out &&
               m_provenance.trace(pair).kind == SourceKind::Scratch;
    }

    Judged& judge(const UsePair& pair) {
        const auto valueA = m_a.uses.value[pair.a];
        const auto valueB = m_b.uses.value[pair.b];
        const std::size_t rule = m_matcher.find(pair.a);
        const auto [found, isNew] = m_judged.try_emplace({valueA, valueB, rule});
        if (isNew) {
            found->second = measure(pair, m_matcher.tolerance(rule));
        }
        return found->second;
    }

    Judged measure(const UsePair& pair, const Tolerance& tolerance) {
        const auto inA = m_a.uses.value[pair.a];
        const auto inB = m_b.uses.value[pair.b];
        Judged judged;
        if (tolerance.ignore) {
            judged.excused = judged.ignored = true;
            return judged;
        }
        const trace::Value a = m_a.reader().value(inA);
        const trace::Value b = m_b.reader().value(inB);
        if (a.dtype != b.dtype || m_a.sizesHash(inA) != m_b.sizesHash(inB)) {
            return judged;
        }
        judged.hasBytes = a.payload != kNone64 && b.payload != kNone64;
        if (!judged.hasBytes) {
            return judged;
        }
        try {
            check(a, b, tolerance, judged);
        } catch (const Error& error) {
            noteDamage(m_a, pair, error, m_result.damaged);
            judged.hasBytes = false;
        }
        return judged;
    }

    void check(const trace::Value& a, const trace::Value& b, const Tolerance& tolerance,
               Judged& judged) const {
        const auto bytesA = m_a.reader().bytes(a);
        const auto bytesB = m_b.reader().bytes(b);
        const Difference difference = compareNumbers(a.dtype, bytesA, bytesB);
        judged.check = checkTolerance(tolerance, a.dtype, bytesA, bytesB, difference);
        judged.excused = judged.check.within;
        judged.elements = difference.elements.value_or(0);
        judged.ulp = difference.maxUlp;
        judged.abs = difference.maxAbs.value_or(0);
    }

    // The end.

    /// What is left goes together again: the same cause in every step is one.
    void conclude() {
        DiffOptions options = m_options;
        options.tolerances = nullptr;
        Origins origins(m_sides, options, m_result.environment);
        if (m_growth) {
            origins.add(m_growth->first, m_growth->second, grownCause());
        }
        for (auto& [which, place] : m_kept) {
            origins.add(place.first, place.second, std::move(m_result.origins[which].cause));
        }
        if (m_firstBeyond) {
            origins.differs(m_firstBeyond->first, m_firstBeyond->second);
        }
        m_result.origins.clear();
        origins.moveTo(m_result);
        for (Origin& origin : m_result.origins) {
            addBeyond(origin.first);
        }
        std::fill(std::begin(m_result.classCounts), std::end(m_result.classCounts), 0);
        for (const Row& row : m_alignment.rows) {
            ++m_result.classCounts[static_cast<std::size_t>(row.rowClass)];
        }
        if (m_count.withoutBytes > 0) {
            m_result.notes.push_back(
                {EvidenceKind::WithoutBytes,
                 {},
                 {std::to_string(m_count.withoutBytes), programWords(m_b.reader().header())}});
        }
        m_result.tolerance = m_count;
    }

    /// Of a difference that was within tolerance where it began, and is not where it arrived.
    Cause grownCause() {
        const Origin& first = m_result.origins[m_dropped.front()];
        const auto isLikeFirst = [&](std::size_t which) {
            const Origin& other = m_result.origins[which];
            return other.cause.kind == first.cause.kind && other.first.op == first.first.op &&
                   other.first.layer == first.first.layer;
        };
        Cause cause;
        if (std::all_of(m_dropped.begin(), m_dropped.begin() + m_droppedBefore, isLikeFirst)) {
            cause = first.cause;
        } else {
            cause.remedy = "compare without a tolerance to see all origins of it";
        }
        cause.evidence.insert(
            cause.evidence.begin(),
            {m_droppedBefore == 1 ? EvidenceKind::GrewFromOnePlace : EvidenceKind::GrewFromPlaces,
             placeName(first.first),
             {std::to_string(m_droppedBefore)}});
        return cause;
    }

    void addBeyond(Location& place) const {
        for (const auto& [key, judged] : m_judged) {
            if (place.valueA == std::get<0>(key) && place.valueB == std::get<1>(key) &&
                judged.hasBytes && !judged.excused) {
                place.difference.beyond = judged.check.beyond;
                place.difference.firstBeyond = judged.check.firstBeyond;
            }
        }
    }

    Run& m_a;
    Run& m_b;
    Alignment& m_alignment;
    const DiffOptions& m_options;
    const Tolerances& m_tolerances;
    DiffResult& m_result;
    RuleMatcher m_matcher;
    const Sides m_sides;
    Provenance m_provenance;
    RowComparison m_now;
    std::multimap<std::size_t, std::size_t> m_originsOf; ///< by row
    std::vector<std::pair<std::size_t, Place>> m_kept;   ///< origins, bit by bit, in their order
    std::vector<std::size_t> m_dropped;
    bool m_compares = false; ///< not every value is ignored
    std::optional<Place> m_firstBeyond;
    std::optional<Place> m_growth;
    std::ptrdiff_t m_droppedBefore = 0;
    ToleranceCount m_count;
    std::map<std::tuple<trace::ValueId, trace::ValueId, std::size_t>, Judged> m_judged;
};

} // namespace

void applyTolerances(Run& a, Run& b, Alignment& alignment, const DiffOptions& options,
                     DiffResult& result) {
    Tolerator(a, b, alignment, options, result).run();
}

} // namespace repro::replay
