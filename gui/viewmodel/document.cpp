// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/document.h"

#include "gui/viewmodel/texts.h"
#include "replay/numbers.h"
#include "replay/row_compare.h"

#include <QHash>

#include <algorithm>
#include <future>
#include <unordered_set>

namespace repro::gui {
namespace {

using trace::kNone32;
using trace::kNone64;

std::uint32_t compact(std::uint64_t id) {
    return id == kNone64 ? kNone32 : static_cast<std::uint32_t>(id);
}

/// Gives the names of both runs one numbering.
class Interner {
public:
    explicit Interner(QStringList& names) : m_names(names) {}
    std::uint32_t add(const QString& name) {
        const auto known = m_ids.constFind(name);
        if (known != m_ids.constEnd()) {
            return *known;
        }
        const auto id = static_cast<std::uint32_t>(m_names.size());
        m_names.append(name);
        m_ids.insert(name, id);
        return id;
    }

private:
    QStringList& m_names;
    QHash<QString, std::uint32_t> m_ids;
};

/// One run's numbers of ops and layers in the common numbering.
struct RunNames {
    std::vector<std::uint32_t> ops, layers, kinds;

    RunNames(const trace::Reader& reader, Interner& names, Interner& paths) {
        for (const trace::Op& op : reader.ops()) {
            ops.push_back(names.add(text(reader.text(op.name))));
        }
        for (const trace::Layer& layer : reader.layers()) {
            layers.push_back(paths.add(text(reader.text(layer.path))));
        }
        for (int kind = 0; kind <= static_cast<int>(trace::EventKind::StepMark); ++kind) {
            kinds.push_back(names.add(kindText(static_cast<trace::EventKind>(kind))));
        }
    }
};

void fill(RowEntry& entry, const replay::Run& run, std::uint64_t event, const RunNames& names) {
    const std::uint32_t op = run.events.op[event];
    const std::uint32_t layer = run.events.layer[event];
    entry.kind = static_cast<trace::EventKind>(run.events.kind[event]);
    entry.phase = static_cast<trace::Phase>(run.events.phase[event]);
    entry.step = run.events.step[event];
    entry.name =
        op < names.ops.size() ? names.ops[op] : names.kinds[static_cast<std::size_t>(entry.kind)];
    entry.layer = layer < names.layers.size() ? names.layers[layer] : 0;
}

std::vector<replay::Row> rowsOfOneRun(const replay::Run& run) {
    std::vector<replay::Row> rows;
    rows.reserve(run.rowCount());
    for (trace::EventId event = 0; event < run.events.count; ++event) {
        if (run.isRow(event)) {
            rows.push_back({.a = event, .strategy = replay::Strategy::OnlyA});
        }
    }
    return rows;
}

} // namespace

std::shared_ptr<const Document> Document::load(const QString& pathA, const QString& pathB,
                                               const replay::DiffOptions& options,
                                               const std::function<bool()>& cancelled) {
    const std::shared_ptr<Document> document(new Document);
    const auto poll = [&cancelled] {
        if (cancelled && cancelled()) {
            throw replay::Cancelled();
        }
    };
    options.report({.stage = replay::DiffStage::Index});
    document->m_readerA = std::make_unique<trace::Reader>(pathA.toStdString());
    document->m_readerA->setPoll(poll);
    if (pathB.isEmpty()) {
        document->m_runA = std::make_unique<replay::Run>(document->a());
        document->buildRows(rowsOfOneRun(document->runA()));
        document->watchForNonFinite();
    } else {
        document->m_readerB = std::make_unique<trace::Reader>(pathB.toStdString());
        document->m_readerB->setPoll(poll);
        document->loadPair(options);
    }
    document->readAhead();
    document->m_readerA->setPoll({});
    if (document->isPair()) {
        document->m_readerB->setPoll({});
    }
    return document;
}

void Document::loadPair(const replay::DiffOptions& options) {
    auto first = std::async(std::launch::async, [&] { return std::make_unique<replay::Run>(a()); });
    m_runB = std::make_unique<replay::Run>(b());
    m_runA = first.get();
    replay::DiffOptions keeping = options;
    keeping.keepRows = true;
    m_diff = replay::diff(*m_runA, *m_runB, keeping);
    buildRows(std::exchange(m_diff.rows, {}));
}

/// What a list shows of its rows is read here, in a worker, or the first paint would have to.
void Document::readAhead() const {
    for (const trace::Reader* reader : {m_readerA.get(), m_readerB.get()}) {
        if (reader != nullptr) {
            reader->events().beginNs.load();
            reader->events().endNs.load();
        }
    }
}

void Document::buildRows(std::vector<replay::Row> rows) {
    m_rows.layers.append(QString());
    Interner names(m_rows.names), paths(m_rows.layers);
    const RunNames namesA(a(), names, paths);
    const std::optional<RunNames> namesB =
        isPair() ? std::optional<RunNames>(std::in_place, b(), names, paths) : std::nullopt;
    m_rows.rowOfA.assign(runA().events.count, kNone32);
    m_rows.rowOfB.assign(isPair() ? runB().events.count : 0, kNone32);
    m_rows.all.resize(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        RowEntry& entry = m_rows.all[i];
        entry.a = compact(rows[i].a);
        entry.b = compact(rows[i].b);
        entry.rowClass = rows[i].rowClass;
        entry.strategy = rows[i].strategy;
        if (entry.a != kNone32) {
            fill(entry, runA(), entry.a, namesA);
            m_rows.rowOfA[entry.a] = i;
        } else if (entry.b != kNone32) {
            fill(entry, runB(), entry.b, *namesB);
        }
        if (entry.b != kNone32) {
            m_rows.rowOfB[entry.b] = i;
        }
        if (entry.differs()) {
            m_rows.differing.push_back(i);
        }
        if (i == 0 || entry.step != m_rows.all[i - 1].step) {
            m_rows.stepStarts.push_back(i);
        }
    }
    for (int origin = 0; origin < static_cast<int>(m_diff.origins.size()); ++origin) {
        if (const std::uint32_t row = rowOfOrigin(origin); row != kNone32) {
            m_rows.origins.push_back(row);
        }
    }
    std::sort(m_rows.origins.begin(), m_rows.origins.end());
    m_rows.origins.erase(std::unique(m_rows.origins.begin(), m_rows.origins.end()),
                         m_rows.origins.end());
}

/// One run has no other to differ from, but NaN and infinity stand out by themselves.
void Document::watchForNonFinite() {
    std::unordered_set<trace::ValueId> values;
    for (const trace::Statistics& statistics : a().statistics()) {
        if (statistics.nan + statistics.inf > 0) {
            values.insert(statistics.value);
        }
    }
    const auto& uses = runA().uses;
    for (std::uint64_t use = 0; !values.empty() && use < uses.count; ++use) {
        if (static_cast<trace::Direction>(uses.direction[use]) != trace::Direction::Out ||
            !values.contains(uses.value[use])) {
            continue;
        }
        const std::uint32_t row = m_rows.rowOfA[uses.event[use]];
        if (row != kNone32) {
            m_rows.all[row].rowClass = replay::RowClass::NonFinite;
            m_rows.differing.push_back(row);
        }
    }
    std::sort(m_rows.differing.begin(), m_rows.differing.end());
    m_rows.differing.erase(std::unique(m_rows.differing.begin(), m_rows.differing.end()),
                           m_rows.differing.end());
}

int Document::originAt(std::uint32_t row) const {
    for (int origin = 0; origin < static_cast<int>(m_diff.origins.size()); ++origin) {
        if (rowOfOrigin(origin) == row) {
            return origin;
        }
    }
    return -1;
}

std::uint32_t Document::rowOfOrigin(int origin) const {
    if (origin < 0 || origin >= static_cast<int>(m_diff.origins.size())) {
        return kNone32;
    }
    const replay::Location& place = m_diff.origins[static_cast<std::size_t>(origin)].first;
    if (place.eventA && *place.eventA < m_rows.rowOfA.size()) {
        return m_rows.rowOfA[*place.eventA];
    }
    return place.eventB && *place.eventB < m_rows.rowOfB.size() ? m_rows.rowOfB[*place.eventB]
                                                                : kNone32;
}

std::span<const std::uint32_t> Document::usesNearStorage(bool inA, std::uint64_t storage) const {
    const std::scoped_lock lock(m_lineageMutex);
    return (inA ? m_runA : m_runB)->usesNearStorage(storage);
}

std::vector<RowDetail> Document::compareBytes(const std::function<bool()>& cancelled) const {
    std::vector<RowDetail> details;
    if (!isPair() || a().header().capture == "fingerprints" ||
        b().header().capture == "fingerprints") {
        return details;
    }
    replay::RowComparison comparison;
    for (const std::uint32_t row : m_rows.differing) {
        if (cancelled()) {
            throw replay::Cancelled();
        }
        const RowEntry& entry = m_rows.all[row];
        if (entry.a == kNone32 || entry.b == kNone32) {
            continue;
        }
        replay::compareRows(runA(), entry.a, runB(), entry.b, comparison);
        if (comparison.outputs.empty()) {
            continue;
        }
        const replay::UsePair pair = comparison.outputs.front();
        const replay::Difference d =
            replay::compareValues(a(), runA().uses.value[pair.a], b(), runB().uses.value[pair.b]);
        if (d.elements) {
            details.push_back({row, *d.elements, d.maxUlp.value_or(0), d.maxAbs.value_or(0),
                               d.maxRel.value_or(0), d.maxUlp.has_value(),
                               d.nonFinite.value_or(false)});
        }
    }
    return details;
}

} // namespace repro::gui
