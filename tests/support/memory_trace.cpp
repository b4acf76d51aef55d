// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/memory_trace.h"

#include "trace/reader_impl.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace repro::trace {
namespace {

template <class Item>
struct InternedLists {
    Lists<Item> lists;
    std::unordered_map<std::string, std::uint32_t> ids;

    std::uint32_t intern(std::span<const Item> items) {
        const std::string key(reinterpret_cast<const char*>(items.data()), items.size_bytes());
        const auto [at, isNew] = ids.try_emplace(key, static_cast<std::uint32_t>(lists.end.size()));
        if (isNew) {
            lists.items.insert(lists.items.end(), items.begin(), items.end());
            lists.end.push_back(lists.items.size());
        }
        return at->second;
    }
};

template <class Row>
auto push(std::vector<Row>& rows, const Row& row) {
    rows.push_back(row);
    return rows.size() - 1;
}

template <class Row, class T, class Of>
void fillColumn(const std::vector<Row>& rows, Column<T>& column, Of of) {
    auto packed = std::make_shared<PackedRows<T>>();
    std::vector<T> block;
    for (std::size_t row = 0; row < rows.size();) {
        block.clear();
        for (; row < rows.size() && block.size() < PackedRows<T>::kPieceRows; ++row) {
            block.push_back(static_cast<T>(of(rows[row])));
        }
        packed->append(block);
    }
    column.setLoader([packed] { return std::move(*packed); });
}

/// Rows into columns.
template <class Row, class Columns>
void fillColumns(const std::vector<Row>& rows, Columns& columns) {
    columns.count = rows.size();
    schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
        fillColumn(rows, columns.*std::remove_cvref_t<decltype(field)>::kLazy,
                   [&field](const Row& row) { return field.in(row); });
    });
}

} // namespace

struct MemoryTrace::Tables {
    Header header;
    std::vector<Event> events;
    std::vector<Value> values;
    std::vector<Use> uses;
    std::vector<Draw> draws;
    std::vector<Op> ops;
    std::vector<Layer> layers;
    std::vector<Context> contexts;
    std::vector<Thread> threads;
    std::vector<Site> sites;
    std::vector<InlinedFrame> inlined;
    std::vector<SourceFile> sources;
    std::vector<Generator> generators;
    std::vector<RngState> rngStates;
    std::vector<Statistics> statistics;
    std::vector<Fingerprint> leaves;
    InternedLists<std::uint8_t> text, arguments;
    InternedLists<std::int64_t> shapes;
};

MemoryTrace::MemoryTrace() : m_tables(std::make_unique<Tables>()) {}
MemoryTrace::~MemoryTrace() = default;

TextId MemoryTrace::text(std::string_view text) {
    return m_tables->text.intern({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}
ListId MemoryTrace::list(std::span<const std::int64_t> integers) {
    return m_tables->shapes.intern(integers);
}
ArgumentsId MemoryTrace::arguments(std::span<const std::byte> tagged) {
    return m_tables->arguments.intern(
        {reinterpret_cast<const std::uint8_t*>(tagged.data()), tagged.size()});
}
OpId MemoryTrace::add(const Op& row) {
    return static_cast<OpId>(push(m_tables->ops, row));
}
LayerId MemoryTrace::add(const Layer& row) {
    return static_cast<LayerId>(push(m_tables->layers, row));
}
ContextId MemoryTrace::add(const Context& row) {
    return static_cast<ContextId>(push(m_tables->contexts, row));
}
ThreadId MemoryTrace::add(const Thread& row) {
    return static_cast<ThreadId>(push(m_tables->threads, row));
}
SiteId MemoryTrace::add(const Site& row) {
    return static_cast<SiteId>(push(m_tables->sites, row));
}
void MemoryTrace::add(const InlinedFrame& row) {
    push(m_tables->inlined, row);
}
void MemoryTrace::add(const SourceFile& row) {
    push(m_tables->sources, row);
}
void MemoryTrace::resolve(SiteId site, TextId function, TextId file, std::uint32_t line) {
    Site& row = m_tables->sites.at(site);
    row.function = function;
    row.file = file;
    row.line = line;
}
GeneratorId MemoryTrace::add(const Generator& row) {
    return static_cast<GeneratorId>(push(m_tables->generators, row));
}
void MemoryTrace::update(LayerId layer, const Layer& row) {
    m_tables->layers.at(layer) = row;
}
ValueId MemoryTrace::add(const Value& row, std::span<const Fingerprint> leaves) {
    Value stored = row;
    stored.payload = kNone64;
    if (!leaves.empty()) {
        stored.firstLeaf = m_tables->leaves.size();
        m_tables->leaves.insert(m_tables->leaves.end(), leaves.begin(), leaves.end());
    }
    return push(m_tables->values, stored);
}
void MemoryTrace::add(const Statistics& row) {
    push(m_tables->statistics, row);
}
void MemoryTrace::add(const RngState& row) {
    push(m_tables->rngStates, row);
}
void MemoryTrace::add(const Draw& row) {
    push(m_tables->draws, row);
}
std::uint64_t MemoryTrace::add(std::span<const Use> uses) {
    const std::uint64_t first = m_tables->uses.size();
    m_tables->uses.insert(m_tables->uses.end(), uses.begin(), uses.end());
    return first;
}
EventId MemoryTrace::begin(const Event& row) {
    Event stored = row;
    stored.flags |= event_flag::Unfinished;
    return push(m_tables->events, stored);
}
void MemoryTrace::end(EventId event, const EventEnd& end) {
    Event& row = m_tables->events.at(event);
    row.end = end.end;
    row.endNs = end.endNs;
    row.flags = end.flags;
    row.phase = end.phase;
    row.layer = end.layer;
    row.parameter = end.parameter;
    row.firstUse = end.firstUse;
    row.useCount = end.useCount;
}
std::uint64_t MemoryTrace::payload(DType /*dtype*/, std::span<const std::byte> /*bytes*/) {
    return kNone64;
}
void MemoryTrace::environment(std::string_view json) {
    m_tables->header.environment = json;
}
void MemoryTrace::finish(const Header& header, std::span<const EventId> stepStarts) {
    const std::string environment = std::exchange(m_tables->header, header).environment;
    if (!environment.empty()) {
        m_tables->header.environment = environment;
    }
    m_tables->header.formatMajor = schema::kMajor;
    m_tables->header.formatMinor = schema::kMinor;
    for (EventId event = 0; event < m_tables->events.size(); ++event) {
        m_tables->events[event].step = static_cast<std::uint32_t>(
            std::upper_bound(stepStarts.begin(), stepStarts.end(), event) - stepStarts.begin());
    }
}

Reader MemoryTrace::read(const std::filesystem::path& name) {
    TableReader::RowCounts rows{};
    rows[static_cast<std::size_t>(schema::Refers::Arguments)] =
        m_tables->arguments.lists.end.size();
    auto impl = std::make_unique<Reader::Impl>(name, rows);
    Tables& tables = *m_tables;
    impl->header = std::move(tables.header);
    fillColumns(tables.events, impl->events);
    fillColumn(tables.events, impl->events.durationNs,
               [](const Event& event) { return durationNs(event.beginNs, event.endNs); });
    fillColumns(tables.values, impl->values);
    fillColumns(tables.uses, impl->uses);
    impl->ops = std::move(tables.ops);
    impl->layers = std::move(tables.layers);
    impl->contexts = std::move(tables.contexts);
    impl->threads = std::move(tables.threads);
    impl->sites = std::move(tables.sites);
    impl->inlined = std::move(tables.inlined);
    impl->sources = std::move(tables.sources);
    impl->generators = std::move(tables.generators);
    const auto preset = [](const auto& lazy, auto& value) {
        lazy.get([&] { return std::move(value); });
    };
    preset(impl->draws, tables.draws);
    preset(impl->rngStates, tables.rngStates);
    preset(impl->statistics, tables.statistics);
    preset(impl->leaves, tables.leaves);
    preset(impl->textLists, tables.text.lists);
    preset(impl->shapeLists, tables.shapes.lists);
    preset(impl->argumentLists, tables.arguments.lists);
    return Reader(std::move(impl));
}

} // namespace repro::trace
