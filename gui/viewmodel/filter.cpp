// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/filter.h"

#include <QRegularExpression>

#include <algorithm>

namespace repro::gui {

/// Which interned names a node's pattern matches, so that a row costs one look-up.
struct Filter::Names {
    std::vector<bool> ops, layers;

    Names(const Node& node, const Rows& rows) {
        if (node.pattern.isEmpty() ||
            (node.kind != Kind::Word && node.kind != Kind::Op && node.kind != Kind::Layer)) {
            return;
        }
        const QRegularExpression pattern(node.pattern, QRegularExpression::CaseInsensitiveOption);
        const auto match = [&](const QStringList& names, std::vector<bool>& hits) {
            for (const QString& name : names) {
                hits.push_back(pattern.match(name).hasMatch());
            }
        };
        match(rows.names, ops);
        match(rows.layers, layers);
    }
};

namespace {

bool compare(double value, const QString& comparison, double bound) {
    if (comparison == u">=") {
        return value >= bound;
    }
    if (comparison == u"<=") {
        return value <= bound;
    }
    return comparison == u">" ? value > bound : comparison == u"<" ? value < bound : value == bound;
}

const RowDetail* detailOf(const FilterFacts& facts, std::uint32_t row) {
    if (!facts.details) {
        return nullptr;
    }
    const auto found = std::lower_bound(
        facts.details->begin(), facts.details->end(), row,
        [](const RowDetail& detail, std::uint32_t wanted) { return detail.row < wanted; });
    return found == facts.details->end() || found->row != row ? nullptr : &*found;
}

bool hit(const std::vector<bool>& hits, std::uint32_t name) {
    return hits.empty() || hits[name]; // empty: an empty pattern, which everything has
}

} // namespace

bool Filter::holds(std::size_t at, std::uint32_t row, const Rows& rows,
                   const std::vector<Names>& names, const FilterFacts& facts) const {
    const Node& node = m_nodes[at];
    const RowEntry& entry = rows.all[row];
    const auto child = [&](std::size_t c) { return holds(c, row, rows, names, facts); };
    const auto inMask = [&](auto value) {
        return (node.mask >> static_cast<std::uint32_t>(value) & 1U) != 0;
    };
    const auto distance = [&](auto&& of) {
        const RowDetail* detail = detailOf(facts, row);
        return detail != nullptr && compare(of(*detail), node.comparison, node.low);
    };
    switch (node.kind) {
    case Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), child);
    case Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(), child);
    case Kind::Not:
        return !child(node.children.front());
    case Kind::Word:
        return hit(names[at].ops, entry.name) || hit(names[at].layers, entry.layer);
    case Kind::Op:
        return hit(names[at].ops, entry.name);
    case Kind::Layer:
        return hit(names[at].layers, entry.layer);
    case Kind::Class:
        return inMask(entry.rowClass);
    case Kind::Phase:
        return inMask(entry.phase);
    case Kind::EventKind:
        return inMask(entry.kind);
    case Kind::Match:
        return inMask(entry.strategy);
    case Kind::Step:
        return entry.step >= node.low && entry.step <= node.high;
    case Kind::OnlyA:
        return entry.b == trace::kNone32;
    case Kind::OnlyB:
        return entry.a == trace::kNone32;
    case Kind::Ulp:
        return distance([](const RowDetail& d) { return static_cast<double>(d.maxUlp); });
    case Kind::Rel:
        return distance([](const RowDetail& d) { return d.maxRel; });
    case Kind::Abs:
        return distance([](const RowDetail& d) { return d.maxAbs; });
    case Kind::Count:
        return distance([](const RowDetail& d) { return static_cast<double>(d.elements); });
    case Kind::Noted:
        return std::binary_search(facts.noted.begin(), facts.noted.end(), row);
    }
    return false;
}

std::vector<std::uint32_t> Filter::apply(const Rows& rows, const FilterFacts& facts,
                                         const std::function<bool()>& cancelled) const {
    std::vector<Names> names;
    for (const Node& node : m_nodes) {
        names.emplace_back(node, rows);
    }
    std::vector<std::uint32_t> passing;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        if ((row & 0xFFFFU) == 0 && cancelled()) {
            throw replay::Cancelled();
        }
        if (isEmpty() || holds(m_nodes.size() - 1, row, rows, names, facts)) {
            passing.push_back(row);
        }
    }
    return passing;
}

} // namespace repro::gui
