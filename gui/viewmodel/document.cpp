// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/document.h"

#include "gui/viewmodel/texts.h"
#include "replay/align/alignment_map.h"
#include "replay/run/locate.h"
#include "replay/run/row_compare.h"
#include "trace/error.h"

#include <QHash>

#include <algorithm>
#include <future>
#include <unordered_map>
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
        for (int kind = 0; kind <= static_cast<int>(trace::EventKind::Batch); ++kind) {
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
        run.reader().pollAt(event);
        if (run.isRow(event)) {
            rows.push_back({.a = event, .strategy = replay::Strategy::OnlyA});
        }
    }
    return rows;
}

void poll(const LoadWatch& watch) {
    if (watch.cancelled && watch.cancelled()) {
        throw replay::Cancelled();
    }
}

/// `b` is null where there is one run.
Rows rowsOf(std::vector<replay::Row> pairs, const replay::Run& a, const replay::Run* b,
            const LoadWatch& watch) {
    constexpr std::uint32_t kBetweenPolls = 65536;
    Rows rows;
    rows.layers.append(QString());
    Interner names(rows.names), paths(rows.layers);
    const RunNames namesA(a.reader(), names, paths);
    const std::optional<RunNames> namesB =
        b != nullptr ? std::optional<RunNames>(std::in_place, b->reader(), names, paths)
                     : std::nullopt;
    rows.rowOfA.assign(a.events.count, kNone32);
    rows.rowOfB.assign(b != nullptr ? b->events.count : 0, kNone32);
    rows.all.resize(pairs.size());
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
        if (i % kBetweenPolls == 0) {
            poll(watch);
        }
        RowEntry& entry = rows.all[i];
        entry.a = compact(pairs[i].a);
        entry.b = compact(pairs[i].b);
        entry.rowClass = pairs[i].rowClass;
        entry.strategy = pairs[i].strategy;
        if (entry.a != kNone32) {
            fill(entry, a, entry.a, namesA);
            rows.rowOfA[entry.a] = i;
        } else if (entry.b != kNone32) {
            fill(entry, *b, entry.b, *namesB);
        }
        if (entry.b != kNone32) {
            rows.rowOfB[entry.b] = i;
        }
        if (entry.differs()) {
            rows.differing.push_back(i);
        }
        if (i == 0 || entry.step != rows.all[i - 1].step) {
            rows.stepStarts.push_back(i);
        }
    }
    return rows;
}

} // namespace

std::shared_ptr<const Document> Document::load(const QString& pathA, const QString& pathB,
                                               const replay::DiffOptions& options,
                                               const LoadWatch& watch,
                                               const KnownPartners& partners) {
    const std::shared_ptr<Document> document(new Document);
    options.report({.stage = replay::DiffStage::Index});
    document->m_readerA = std::make_unique<trace::Reader>(pathA.toStdString());
    document->m_readerA->setPoll([&watch] { poll(watch); });
    if (pathB.isEmpty()) {
        const auto ahead = std::async(std::launch::async, [&] { document->readAhead(); });
        document->m_runA = std::make_unique<replay::Run>(document->a());
        document->m_runA->forgetLanes();
        auto writes = std::async(std::launch::async, [&] { document->indexWrites(); });
        document->m_rows = rowsOf(rowsOfOneRun(document->runA()), document->runA(), nullptr, watch);
        document->watchForNonFinite();
        writes.get();
    } else {
        document->m_readerB = std::make_unique<trace::Reader>(pathB.toStdString());
        document->m_readerB->setPoll([&watch] { poll(watch); });
        document->loadPair(options, watch, partners);
    }
    document->readAhead();
    document->m_rows.callsA = replay::ownCalls(document->a());
    document->m_readerA->setPoll({});
    if (document->isPair()) {
        document->m_rows.callsB = replay::ownCalls(document->b());
        document->m_readerB->setPoll({});
    }
    return document;
}

replay::AlignmentMap Document::mapOf(const KnownPartners& partners) {
    replay::AlignmentMap map;
    if (!partners.mapFile.isEmpty()) {
        map.read(partners.mapFile.toStdString());
    }
    replay::AlignmentMap all = map;
    try {
        all.parse(partners.held.join(u'\n').toStdString(), partners.heldWhere.toStdString());
        replay::pairsByLane(all, runA(), runB());
        return all;
    } catch (const Error& error) {
        if (!partners.held.isEmpty()) {
            m_notHeld = text(error.what());
        }
        return map;
    }
}

void Document::loadPair(const replay::DiffOptions& options, const LoadWatch& watch,
                        const KnownPartners& partners) {
    auto second =
        std::async(std::launch::async, [&] { return std::make_unique<replay::Run>(b()); });
    m_runA = std::make_unique<replay::Run>(a());
    // Takes no time from the comparison: that goes on, and leaves a processor idle.
    const auto look = std::async(std::launch::async, [&] {
        if (watch.firstLook) {
            const std::shared_ptr<Document> document(new Document);
            document->m_rows = rowsOf(rowsOfOneRun(runA()), runA(), nullptr, watch);
            document->m_diff.environment =
                replay::diffEnvironments(a().header().environment, b().header().environment);
            watch.firstLook(document);
        }
        readAhead();
    });
    m_runB = second.get();
    auto writes = std::async(std::launch::async, [&] { indexWrites(); });
    replay::DiffOptions keeping = options;
    keeping.keepRows = true;
    const replay::AlignmentMap map = mapOf(partners);
    keeping.map = &map;
    m_diff = replay::diff(*m_runA, *m_runB, keeping);
    m_rows = rowsOf(std::exchange(m_diff.rows, {}), runA(), &runB(), watch);
    listOrigins();
    writes.get();
}

void Document::indexWrites() {
    m_writesA = WriteIndex(runA());
    m_writesB = isPair() ? WriteIndex(runB()) : WriteIndex();
}

/// Reads what a comparison asks for last, and what a list shows of its rows: in a thread that would
/// be idle, or the first paint would have to.
void Document::readAhead() const {
    for (const trace::Reader* reader : {m_readerA.get(), m_readerB.get()}) {
        if (reader == nullptr) {
            continue;
        }
        const trace::EventColumns& events = reader->events();
        const trace::UseColumns& uses = reader->uses();
        const trace::ValueColumns& values = reader->values();
        if (isPair()) {
            uses.flags.load();
            values.fingerprintLow.load();
            values.fingerprintHigh.load();
            values.storage.load();
        }
        events.useCount.load();
        uses.direction.load();
        uses.value.load();
        values.dtype.load();
        events.durationNs.load();
    }
}

void Document::listOrigins() {
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

const RowDetail* detailOf(const std::vector<RowDetail>* details, std::uint32_t row) {
    if (details == nullptr) {
        return nullptr;
    }
    const auto found =
        std::lower_bound(details->begin(), details->end(), row,
                         [](const RowDetail& d, std::uint32_t wanted) { return d.row < wanted; });
    return found == details->end() || found->row != row ? nullptr : &*found;
}

namespace {

/// Compares the bytes of pairs of uses. What an op reads was mostly compared when it was written.
class Distances {
public:
    Distances(const Document& document, std::vector<std::string>& damaged)
        : m_a(document.runA()), m_b(document.runB()), m_damaged(damaged) {}

    replay::Difference of(const replay::UsePair& pair) {
        const replay::Difference d = replay::compareUses(m_a, m_b, pair, m_damaged);
        m_ulps[key(pair)] = d.maxUlp.value_or(0);
        return d;
    }
    /// The most of the inputs that have the dtype of `output`.
    std::uint64_t ulpOf(const std::vector<replay::UsePair>& inputs, const replay::UsePair& output) {
        std::uint64_t most = 0;
        for (const replay::UsePair& input : inputs) {
            if (dtypeOf(input) == dtypeOf(output)) {
                const auto known = m_ulps.find(key(input));
                most = std::max(most, known != m_ulps.end() ? known->second
                                                            : of(input).maxUlp.value_or(0));
            }
        }
        return most;
    }

private:
    [[nodiscard]] std::uint8_t dtypeOf(const replay::UsePair& pair) const {
        return m_a.values.dtype[m_a.uses.value[pair.a]];
    }
    [[nodiscard]] std::uint64_t key(const replay::UsePair& pair) const {
        return replay::mixHash(m_a.uses.value[pair.a], m_b.uses.value[pair.b]);
    }

    const replay::Run& m_a;
    const replay::Run& m_b;
    std::vector<std::string>& m_damaged;
    std::unordered_map<std::uint64_t, std::uint64_t> m_ulps; ///< by pair of values
};

} // namespace

std::vector<RowDetail> Document::compareBytes(const std::function<bool()>& cancelled,
                                              std::vector<std::string>& damaged) const {
    std::vector<RowDetail> details;
    if (!isPair() || a().header().capture == "fingerprints" ||
        b().header().capture == "fingerprints") {
        return details;
    }
    replay::RowComparison comparison;
    Distances distances(*this, damaged);
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
        const replay::Difference d = distances.of(comparison.outputs.front());
        if (d.elements) {
            details.push_back({row, *d.elements, d.maxUlp.value_or(0), d.maxAbs.value_or(0),
                               d.maxRel.value_or(0), d.maxUlp.has_value(),
                               d.nonFinite.value_or(false),
                               distances.ulpOf(comparison.inputs, comparison.outputs.front())});
        }
    }
    return details;
}

} // namespace repro::gui
