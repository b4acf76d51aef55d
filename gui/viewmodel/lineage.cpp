// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/lineage.h"

#include "replay/run/row_compare.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_map>

namespace repro::gui {

using trace::kNone32;
using trace::kNone64;

namespace {

bool overlaps(const replay::Run& run, std::uint64_t x, std::uint64_t y) {
    const trace::ValueId v = run.uses.value[x], w = run.uses.value[y];
    return run.values.storage[v] == run.values.storage[w] && run.values.storage[v] != kNone64 &&
           run.values.spanBegin[v] < run.values.spanEnd[w] &&
           run.values.spanBegin[w] < run.values.spanEnd[v];
}

trace::Direction directionOf(const replay::Run& run, std::uint64_t use) {
    return static_cast<trace::Direction>(run.uses.direction[use]);
}

/// One run of a document, seen from its rows.
class Side {
public:
    Side(const Document& document, std::uint32_t row)
        : m_document(document), m_inA(document.rows().all[row].a != kNone32),
          m_run(m_inA ? document.runA() : document.runB()) {}

    [[nodiscard]] std::uint32_t rowOf(std::uint64_t event) const {
        const auto& table = m_inA ? m_document.rows().rowOfA : m_document.rows().rowOfB;
        return table[event];
    }

    [[nodiscard]] std::uint64_t eventOf(std::uint32_t row) const {
        const RowEntry& entry = m_document.rows().all[row];
        const std::uint32_t event = m_inA ? entry.a : entry.b;
        return event == kNone32 ? kNone64 : event;
    }

    /// The row that wrote last, before its event, what a use reads; kNone32: none.
    [[nodiscard]] std::uint32_t writerOf(std::uint64_t use) const {
        const auto writes = m_document.writes(m_inA).near(storageOf(use));
        const auto before =
            std::lower_bound(writes.begin(), writes.end(), m_run.usesBegin(m_run.uses.event[use]));
        for (auto write = before; write != writes.begin();) {
            --write;
            if (overlaps(m_run, *write, use)) {
                return rowOf(m_run.uses.event[*write]);
            }
        }
        return kNone32;
    }

    [[nodiscard]] std::vector<std::uint32_t> producers(std::uint32_t row) const {
        std::vector<std::uint32_t> found;
        eachUse(row, [&](std::uint64_t use) {
            if (directionOf(m_run, use) != trace::Direction::Out &&
                replay::isMeaningful(m_run, use)) {
                add(found, writerOf(use), row);
            }
        });
        return found;
    }

    /// The first `most` of the rows that read what a row wrote, until it was written over, and for
    /// which `counts`. Weights are read in every step: the caller looks at few of those.
    template <class Counts>
    [[nodiscard]] std::vector<std::uint32_t> consumers(std::uint32_t row, std::size_t most,
                                                       Counts counts) const {
        std::vector<std::uint32_t> found;
        eachUse(row, [&](std::uint64_t use) {
            if (!replay::isWrite(m_run, use)) {
                return;
            }
            const auto near = m_document.usesNearStorage(m_inA, storageOf(use));
            for (auto other = std::lower_bound(near.begin(), near.end(),
                                               m_run.usesEnd(m_run.uses.event[use]));
                 other != near.end() && found.size() < most; ++other) {
                const std::uint32_t reader = rowOf(m_run.uses.event[*other]);
                if (reader == kNone32 || !overlaps(m_run, *other, use)) {
                    continue;
                }
                if (directionOf(m_run, *other) != trace::Direction::Out) {
                    if (replay::isMeaningful(m_run, *other) && counts(reader)) {
                        add(found, reader, row);
                    }
                } else if (replay::isWrite(m_run, *other)) {
                    break;
                }
            }
        });
        return found;
    }

    template <class Visit>
    void eachUse(std::uint32_t row, Visit visit) const {
        const std::uint64_t event = eventOf(row);
        for (std::uint64_t use = event == kNone64 ? 0 : m_run.usesBegin(event);
             event != kNone64 && use < m_run.usesEnd(event); ++use) {
            visit(use);
        }
    }

private:
    [[nodiscard]] std::uint64_t storageOf(std::uint64_t use) const {
        return m_run.values.storage[m_run.uses.value[use]];
    }

    static void add(std::vector<std::uint32_t>& found, std::uint32_t row, std::uint32_t self) {
        if (row != kNone32 && row != self &&
            std::find(found.begin(), found.end(), row) == found.end()) {
            found.push_back(row);
        }
    }

    const Document& m_document;
    const bool m_inA;
    const replay::Run& m_run;
};

/// Ops that hand on what they read: views have a flag, copies these names.
constexpr std::array kCopies = std::to_array<std::string_view>(
    {"aten::_conj_physical", "aten::_to_copy", "aten::clone", "aten::contiguous", "aten::copy_",
     "aten::detach", "aten::detach_", "aten::expand_copy", "aten::lift", "aten::lift_fresh",
     "aten::reshape", "aten::to", "aten::view_copy"});

/// Builds a lineage hop by hop, stepping over what is folded.
class LineageWalk {
public:
    LineageWalk(const Document& document, std::uint32_t row, const LineageOptions& options,
                const CancelFlag& cancel)
        : m_document(document), m_side(document, row), m_focus(row), m_options(options),
          m_cancel(cancel) {
        (void)node(row);
    }

    Lineage run() {
        walk(false);
        walk(true);
        m_result.folded.resize(m_result.rows.size());
        for (const auto& [copy, source] : m_over) {
            if (const auto into = m_known.find(source); into != m_known.end()) {
                m_result.folded[static_cast<std::size_t>(into->second)].push_back(copy);
            }
        }
        return std::move(m_result);
    }

private:
    [[nodiscard]] const RowEntry& entry(std::uint32_t row) const {
        return m_document.rows().all[row];
    }

    [[nodiscard]] bool isCopy(std::uint32_t row) const {
        const RowEntry& of = entry(row);
        const bool plain = of.rowClass == replay::RowClass::Same ||
                           of.rowClass == replay::RowClass::Inherited ||
                           of.rowClass == replay::RowClass::WithinTolerance;
        const bool inA = of.a != kNone32;
        const replay::Run& run = inA ? m_document.runA() : m_document.runB();
        const std::uint32_t event = inA ? of.a : of.b;
        return row != m_focus && plain && of.kind == trace::EventKind::Op &&
               ((run.op(event).flags & trace::op_flag::View) != 0 ||
                std::find(kCopies.begin(), kCopies.end(), run.opName(event)) != kCopies.end());
    }

    /// The row whose bytes a copy hands on, and into which it is folded; kNone32: it is shown.
    [[nodiscard]] std::uint32_t sourceOf(std::uint32_t row) const {
        if (!m_options.fold || !isCopy(row)) {
            return kNone32;
        }
        std::uint32_t source = kNone32;
        for (std::uint32_t at = row; at != kNone32 && isCopy(at);) {
            const auto producers = m_side.producers(at);
            at = producers.empty() ? kNone32 : producers.front();
            source = at;
        }
        return m_options.open.contains(source) ? kNone32 : source;
    }

    [[nodiscard]] std::vector<std::uint32_t> consumers(std::uint32_t row) {
        const bool all = !entry(m_focus).differs();
        auto found = m_side.consumers(row, m_options.limit + 1, [&](std::uint32_t reader) {
            return all || entry(reader).differs();
        });
        m_result.cut = m_result.cut || found.size() > m_options.limit;
        return found;
    }

    [[nodiscard]] std::vector<std::uint32_t> neighbours(std::uint32_t from, bool forward) {
        std::vector<std::uint32_t> found, open{from};
        std::set<std::uint32_t> seen{from};
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            for (const std::uint32_t to : forward ? consumers(at) : m_side.producers(at)) {
                if (!seen.insert(to).second) {
                    continue;
                }
                const std::uint32_t source = sourceOf(to);
                if (source != kNone32) {
                    m_over[to] = source;
                }
                (source == kNone32 ? found : open).push_back(to);
            }
        }
        return found;
    }

    void walk(bool forward) {
        std::vector<std::uint32_t> border{m_focus};
        for (int hop = 0; hop < m_options.depth; ++hop) {
            std::vector<std::uint32_t> next;
            for (const std::uint32_t from : border) {
                if (m_cancel) {
                    throw replay::Cancelled();
                }
                for (const std::uint32_t to : neighbours(from, forward)) {
                    if (m_result.rows.size() >= m_options.limit && !m_known.contains(to)) {
                        m_result.cut = true;
                        continue;
                    }
                    const int here = m_known.at(from);
                    const auto [there, isNew] = node(to);
                    m_result.edges.push_back(forward ? Lineage::Edge{here, there}
                                                     : Lineage::Edge{there, here});
                    if (isNew) {
                        next.push_back(to);
                    }
                }
            }
            border = std::move(next);
        }
    }

    std::pair<int, bool> node(std::uint32_t row) {
        const auto [place, isNew] =
            m_known.try_emplace(row, static_cast<int>(m_result.rows.size()));
        if (isNew) {
            m_result.rows.push_back(row);
        }
        return {place->second, isNew};
    }

    const Document& m_document;
    const Side m_side;
    const std::uint32_t m_focus;
    const LineageOptions& m_options;
    const CancelFlag& m_cancel;
    Lineage m_result;
    std::unordered_map<std::uint32_t, int> m_known;
    std::map<std::uint32_t, std::uint32_t> m_over; ///< copies that were stepped over, and whose
};

} // namespace

Lineage lineageOf(const Document& document, std::uint32_t row, const LineageOptions& options,
                  const CancelFlag& cancel) {
    return LineageWalk(document, row, options, cancel).run();
}

std::vector<int> largestErrorPath(const Lineage& lineage, const std::vector<double>& errors) {
    std::vector<int> path{0};
    const auto follow = [&](int Lineage::Edge::*near, int Lineage::Edge::*far) {
        for (int at = 0; at >= 0;) {
            int best = -1;
            for (const Lineage::Edge& edge : lineage.edges) {
                const int to = edge.*far;
                const double error = errors[static_cast<std::size_t>(to)];
                if (edge.*near == at && error > 0 &&
                    std::find(path.begin(), path.end(), to) == path.end() &&
                    (best < 0 || error > errors[static_cast<std::size_t>(best)])) {
                    best = to;
                }
            }
            at = best;
            if (best >= 0) {
                path.push_back(best);
            }
        }
    };
    if (!errors.empty() && errors[0] > 0) {
        follow(&Lineage::Edge::to, &Lineage::Edge::from);
        std::reverse(path.begin(), path.end());
    }
    follow(&Lineage::Edge::from, &Lineage::Edge::to);
    return path;
}

std::uint32_t producerOf(const Document& document, std::uint32_t row) {
    const auto producers = Side(document, row).producers(row);
    const auto differing = std::find_if(producers.begin(), producers.end(), [&](std::uint32_t p) {
        return document.rows().all[p].differs();
    });
    return differing != producers.end() ? *differing
           : producers.empty()          ? kNone32
                                        : producers.front();
}

std::uint32_t consumerOf(const Document& document, std::uint32_t row) {
    const auto consumers = Side(document, row).consumers(row, 1, [&](std::uint32_t reader) {
        return !document.isPair() || document.rows().all[reader].differs();
    });
    return consumers.empty() ? kNone32 : consumers.front();
}

} // namespace repro::gui
