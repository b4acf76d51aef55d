// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/lineage.h"

#include "replay/row_compare.h"
#include "replay/storage_uses.h"

#include <algorithm>
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
        const auto writes = m_document.writesTo(m_inA, storageOf(use));
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

    /// Rows that read what a row wrote, until it was written over.
    [[nodiscard]] std::vector<std::uint32_t> consumers(std::uint32_t row) const {
        std::vector<std::uint32_t> found;
        eachUse(row, [&](std::uint64_t use) {
            if (!replay::isWrite(m_run, use)) {
                return;
            }
            const auto near = m_document.usesNearStorage(m_inA, storageOf(use));
            for (auto other = std::lower_bound(near.begin(), near.end(),
                                               m_run.usesEnd(m_run.uses.event[use]));
                 other != near.end(); ++other) {
                const std::uint32_t reader = rowOf(m_run.uses.event[*other]);
                if (reader == kNone32 || !overlaps(m_run, *other, use)) {
                    continue;
                }
                if (directionOf(m_run, *other) != trace::Direction::Out) {
                    add(found, reader, row);
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

} // namespace

Lineage lineageOf(const Document& document, std::uint32_t row, int depth, std::size_t limit,
                  const CancelFlag& cancel) {
    const Side side(document, row);
    const auto& rows = document.rows().all;
    Lineage result;
    result.rows.push_back(row);
    std::unordered_map<std::uint32_t, int> known{{row, 0}};
    const auto node = [&](std::uint32_t of) {
        const auto [place, isNew] = known.try_emplace(of, static_cast<int>(result.rows.size()));
        if (isNew) {
            result.rows.push_back(of);
        }
        return std::pair{place->second, isNew};
    };
    const bool onlyDiffering = rows[row].differs();
    const auto walk = [&](bool forward) {
        std::vector<std::uint32_t> border{row};
        for (int hop = 0; hop < depth; ++hop) {
            std::vector<std::uint32_t> next;
            for (const std::uint32_t from : border) {
                if (cancel) {
                    throw replay::Cancelled();
                }
                for (const std::uint32_t to :
                     forward ? side.consumers(from) : side.producers(from)) {
                    if (forward && onlyDiffering && !rows[to].differs()) {
                        continue;
                    }
                    if (result.rows.size() >= limit && !known.contains(to)) {
                        result.cut = true;
                        continue;
                    }
                    const int here = known.at(from);
                    const auto [there, isNew] = node(to);
                    result.edges.push_back(forward ? Lineage::Edge{here, there}
                                                   : Lineage::Edge{there, here});
                    if (isNew) {
                        next.push_back(to);
                    }
                }
            }
            border = std::move(next);
        }
    };
    walk(false);
    walk(true);
    return result;
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
    const auto consumers = Side(document, row).consumers(row);
    const auto differing = std::find_if(consumers.begin(), consumers.end(), [&](std::uint32_t c) {
        return document.rows().all[c].differs();
    });
    if (!document.isPair()) {
        return consumers.empty() ? kNone32 : consumers.front();
    }
    return differing == consumers.end() ? kNone32 : *differing;
}

} // namespace repro::gui
