// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/filter.h"

#include "replay/knowledge/function_name.h"
#include "replay/result/options.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace repro::replay {

/// Which interned names a node's pattern matches, so that a row costs one look-up.
struct Filter::Names {
    std::vector<std::uint8_t> ops, layers, callsA, callsB;

    Names(const Node& node, const FilterRows& rows) {
        const auto match = [&](const std::vector<std::string>& names,
                               std::vector<std::uint8_t>& hits) {
            for (const std::string& name : names) {
                hits.push_back(node.pattern->isIn(name) ? 1 : 0);
            }
        };
        if (node.kind == Kind::Site || node.kind == Kind::Function) {
            callsA = hits(node, rows.callsA);
            callsB = hits(node, rows.callsB);
        } else if (node.pattern) {
            match(rows.names, ops);
            match(rows.layers, layers);
        }
    }

private:
    static std::vector<std::uint8_t> hits(const Node& node, const OwnCalls* own) {
        std::vector<std::uint8_t> hits;
        for (const SourceLine& call : own ? own->calls : std::vector<SourceLine>()) {
            const bool hit = node.kind == Kind::Site
                                 ? node.lines.contains(call)
                                 : node.pattern->isIn(functionName(call.function));
            hits.push_back(hit ? 1 : 0);
        }
        return hits;
    }
};

/// What a filter looks at: a block of rows at a time.
struct Filter::Block {
    const FilterRows& rows;
    const FilterFacts& facts;
    const std::vector<Names>& names; ///< by node
    std::uint32_t first = 0, count = 0;

    template <class Predicate>
    void each(Passes& passes, Predicate holds) const {
        const RowEntry* entry = rows.all.data() + first;
        for (std::uint32_t i = 0; i < count; ++i) {
            passes[i] = holds(entry[i]) ? 1 : 0;
        }
    }
    /// Of a rising list of rows, or of what has one: those for which `holds`.
    template <class Items, class RowOf, class Predicate>
    void listed(Passes& passes, const Items& items, RowOf rowOf, Predicate holds) const {
        passes.fill(0);
        auto item = std::partition_point(items.begin(), items.end(),
                                         [&](const auto& one) { return rowOf(one) < first; });
        for (; item != items.end() && rowOf(*item) < first + count; ++item) {
            passes[rowOf(*item) - first] = holds(*item) ? 1 : 0;
        }
    }
};

namespace {

bool isCalledFrom(const std::vector<std::uint8_t>& calls, const OwnCalls* own,
                  std::uint32_t event) {
    const std::uint32_t call = calls.empty() ? trace::kNone32 : own->indexOf(event);
    return call != trace::kNone32 && calls[call] != 0;
}

bool compare(double value, const std::string& comparison, double bound) {
    if (comparison == ">=") {
        return value >= bound;
    }
    if (comparison == "<=") {
        return value <= bound;
    }
    return comparison == ">" ? value > bound : comparison == "<" ? value < bound : value == bound;
}

} // namespace

void Filter::evaluate(std::size_t at, const Block& block, Passes& passes) const {
    const Node& node = m_nodes[at];
    const Names& names = block.names[at];
    const auto has = [&node](auto value) {
        return (node.mask >> static_cast<std::uint32_t>(value) & 1U) != 0;
    };
    const auto inMask = [&](auto RowEntry::*member) {
        block.each(passes, [&](const RowEntry& row) { return has(row.*member); });
    };
    const auto distance = [&](auto&& of) {
        static const std::vector<RowDetail> none;
        block.listed(
            passes, block.facts.details ? *block.facts.details : none,
            [](const RowDetail& detail) { return detail.row; },
            [&](const RowDetail& detail) {
                return compare(static_cast<double>(of(detail)), node.comparison, node.bound);
            });
    };
    switch (node.kind) {
    case Kind::And:
    case Kind::Or:
    case Kind::Not:
        return combine(node, block, passes);
    case Kind::Word:
        return block.each(passes, [&](const RowEntry& row) {
            return (names.ops[row.name] | names.layers[row.layer]) != 0;
        });
    case Kind::Op:
        return block.each(passes, [&](const RowEntry& row) { return names.ops[row.name] != 0; });
    case Kind::Layer:
        return block.each(passes,
                          [&](const RowEntry& row) { return names.layers[row.layer] != 0; });
    case Kind::Site:
    case Kind::Function:
        return block.each(passes, [&](const RowEntry& row) {
            return isCalledFrom(names.callsA, block.rows.callsA, row.a) ||
                   isCalledFrom(names.callsB, block.rows.callsB, row.b);
        });
    case Kind::Class:
        if (!has(RowClass::Same)) {
            return block.listed(
                passes, block.rows.differing, [](std::uint32_t row) { return row; },
                [&](std::uint32_t row) { return has(block.rows.all[row].rowClass); });
        }
        return inMask(&RowEntry::rowClass);
    case Kind::Phase:
        return inMask(&RowEntry::phase);
    case Kind::EventKind:
        return inMask(&RowEntry::kind);
    case Kind::Match:
        return inMask(&RowEntry::strategy);
    case Kind::Step:
        return block.each(passes,
                          [&](const RowEntry& row) { return node.steps.contains(row.step); });
    case Kind::OnlyA:
        return block.each(passes, [](const RowEntry& row) { return row.b == trace::kNone32; });
    case Kind::OnlyB:
        return block.each(passes, [](const RowEntry& row) { return row.a == trace::kNone32; });
    case Kind::Ulp:
        return distance([](const RowDetail& d) { return d.maxUlp; });
    case Kind::Rel:
        return distance([](const RowDetail& d) { return d.maxRel; });
    case Kind::Abs:
        return distance([](const RowDetail& d) { return d.maxAbs; });
    case Kind::Count:
        return distance([](const RowDetail& d) { return d.elements; });
    case Kind::Noted:
        return block.listed(
            passes, block.facts.noted, [](std::uint32_t row) { return row; },
            [](std::uint32_t) { return true; });
    }
}

void Filter::combine(const Node& node, const Block& block, Passes& passes) const {
    const bool all = node.kind != Kind::Or;
    passes.fill(all ? 1 : 0);
    Passes one;
    const auto noneLeft = [&] { return std::memchr(passes.data(), 1, block.count) == nullptr; };
    for (const std::size_t child : node.children) {
        if (all && noneLeft()) {
            break;
        }
        evaluate(child, block, one);
        for (std::uint32_t i = 0; i < block.count; ++i) {
            passes[i] = all ? passes[i] & one[i] : passes[i] | one[i];
        }
    }
    for (std::uint32_t i = 0; node.kind == Kind::Not && i < block.count; ++i) {
        passes[i] ^= 1;
    }
}

/// Looks at the rows of a filter, a block at a time.
class Filter::Scan {
public:
    Scan(const Filter& filter, const FilterRows& rows, const FilterFacts& facts,
         const std::function<bool()>& cancelled)
        : m_filter(filter), m_rows(rows), m_facts(facts), m_cancelled(cancelled) {
        for (const Node& node : filter.m_nodes) {
            m_names.emplace_back(node, rows);
        }
        m_passes.fill(1);
    }

    /// Appends the rows that pass of the block that begins at `first`.
    void look(std::uint32_t first, std::vector<std::uint32_t>& passing) {
        if (m_cancelled()) {
            throw Cancelled();
        }
        const Block block{m_rows, m_facts, m_names, first,
                          std::min(kBlockRows, m_rows.size() - first)};
        if (!m_filter.isEmpty()) {
            m_filter.evaluate(m_filter.m_nodes.size() - 1, block, m_passes);
        }
        // All are written, and those that do not pass are overwritten: nothing to predict.
        std::size_t end = passing.size();
        passing.resize(end + block.count);
        for (std::uint32_t i = 0; i < block.count; ++i) {
            passing[end] = first + i;
            end += m_passes[i];
        }
        passing.resize(end);
    }

private:
    const Filter& m_filter;
    const FilterRows& m_rows;
    const FilterFacts& m_facts;
    const std::function<bool()>& m_cancelled;
    std::vector<Names> m_names;
    Passes m_passes;
};

std::vector<std::uint32_t> Filter::apply(const FilterRows& rows, const FilterFacts& facts,
                                         const std::function<bool()>& cancelled) const {
    Scan scan(*this, rows, facts, cancelled);
    std::vector<std::uint32_t> passing;
    for (std::uint32_t first = 0; first < rows.size(); first += kBlockRows) {
        scan.look(first, passing);
    }
    return passing;
}

std::optional<std::vector<std::uint32_t>>
Filter::applyNear(std::uint32_t row, const FilterRows& rows, const FilterFacts& facts,
                  const std::function<bool()>& cancelled) const {
    constexpr std::size_t kScreen = 200;
    constexpr int kMostAfter = 1024, kMostBefore = 32; // blocks: some 20 milliseconds
    Scan scan(*this, rows, facts, cancelled);
    std::vector<std::uint32_t> after; // from the row on
    std::vector<std::uint32_t> before;
    std::uint32_t begin = row < rows.size() ? row / kBlockRows * kBlockRows : 0;
    scan.look(begin, after);
    const auto at = std::lower_bound(after.begin(), after.end(), row);
    if (at != after.end() && *at == row) {
        before.assign(after.begin(), at);
        after.erase(after.begin(), at);
    } else if (begin > 0) {
        begin = 0;
        after.clear();
        scan.look(begin, after);
    }
    std::uint32_t end = begin + kBlockRows;
    for (int i = 0; after.size() < kScreen && end < rows.size() && i < kMostAfter; ++i) {
        scan.look(end, after);
        end += kBlockRows;
    }
    for (int i = 0; before.size() < kScreen && begin > 0 && i < kMostBefore; ++i) {
        begin -= kBlockRows;
        std::vector<std::uint32_t> block;
        scan.look(begin, block);
        before.insert(before.begin(), block.begin(), block.end());
    }
    const bool all = begin == 0 && end >= rows.size();
    if (before.size() + after.size() < kScreen && !all) {
        return std::nullopt;
    }
    before.insert(before.end(), after.begin(), after.end());
    return before;
}

} // namespace repro::replay
