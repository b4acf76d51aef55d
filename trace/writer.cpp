// SPDX-License-Identifier: BSD-3-Clause
#include "trace/writer.h"

#include "trace/claim.h"
#include "trace/column_writer.h"
#include "trace/error.h"
#include "trace/fingerprint.h"
#include "trace/header.h"
#include "trace/payload_writer.h"
#include "trace/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>

namespace repro::trace {
namespace {

struct FingerprintHash {
    std::size_t operator()(const Fingerprint& fingerprint) const { return fingerprint.low; }
};

/// Rows that are written once: known by the fingerprint of their bytes.
template <class Item>
class Interner {
public:
    explicit Interner(const schema::ListTable& table) : m_rows(table) {}

    std::uint32_t intern(const ColumnTarget& target, std::span<const std::byte> bytes) {
        const auto key = fingerprintOfBytes(bytes);
        const auto [at, isNew] = m_ids.try_emplace(key, static_cast<std::uint32_t>(m_rows.rows()));
        if (isNew) {
            m_rows.add(target, bytes);
        }
        return at->second;
    }
    ListWriter<Item>& rows() { return m_rows; }

private:
    ListWriter<Item> m_rows;
    std::unordered_map<Fingerprint, std::uint32_t, FingerprintHash> m_ids;
};

void fillSteps(std::span<const EventId> starts, std::uint64_t firstRow, std::span<std::byte> rows) {
    auto next = std::upper_bound(starts.begin(), starts.end(), firstRow);
    auto step = static_cast<std::uint32_t>(next - starts.begin());
    for (std::size_t at = 0; at < rows.size(); at += sizeof step) {
        const std::uint64_t row = firstRow + at / sizeof step;
        for (; next != starts.end() && *next <= row; ++next) {
            ++step;
        }
        std::memcpy(rows.data() + at, &step, sizeof step);
    }
}

} // namespace

struct Writer::Impl {
    Impl(const std::filesystem::path& name, const WriterOptions& options)
        : path(claim(name, options.overwrite)), partial(makePartial(path) / kUnfinished),
          file(hdf5::File::create(partial)), target{file, options.compression} {}

    template <class Visit>
    void forEachTable(Visit&& visit) {
        std::apply([&](auto&... table) { (visit(table), ...); },
                   std::tie(events, values, uses, draws, ops, layers, contexts, threads, sites,
                            inlined, sources, generators, rngStates, statistics, leaves));
    }
    template <class Visit>
    void forEachColumn(Visit&& visit) {
        forEachTable([&](auto& table) {
            std::for_each(table.columns().begin(), table.columns().end(), visit);
        });
        const auto visitList = [&](auto& list) {
            visit(list.end());
            visit(list.items());
        };
        visitList(text.rows());
        visitList(lists.rows());
        visitList(arguments.rows());
        visitList(rngBytes);
        visit(environment);
    }

    void createGroups() {
        forEachTable([&](auto& table) { file.createGroup(groupOf(table)); });
        for (const auto* group : {schema::kText.group, schema::kShapes.group,
                                  schema::kArguments.group, schema::kPayload}) {
            file.createGroup(group);
        }
        writeVersion(file);
    }
    template <class Row>
    static const char* groupOf(const TableWriter<Row>&) {
        return schema::Table<Row>::name;
    }

    /// After closeTables(). Columns are rewritten only where there is a layer to write.
    void placeEvents() {
        if (std::ranges::all_of(layerOfSite,
                                [](SiteLayer site) { return site.layer == kNone32; })) {
            return;
        }
        auto& layer = events.column<&Event::layer>();
        auto& flags = events.column<&Event::flags>();
        for (std::uint64_t block = 0; block < layer.blocks(); ++block) {
            const auto kinds = events.column<&Event::kind>().rows<EventKind>(block);
            const auto calledAt = events.column<&Event::site>().rows<SiteId>(block);
            auto placed = layer.rows<LayerId>(block);
            auto bits = flags.rows<std::uint32_t>(block);
            for (std::size_t i = 0; i < placed.size(); ++i) {
                const bool isOpen = placed[i] == kNone32 && kinds[i] != EventKind::Layer;
                const SiteLayer site =
                    calledAt[i] < layerOfSite.size() ? layerOfSite[calledAt[i]] : SiteLayer{};
                if (isOpen && site.layer != kNone32) {
                    placed[i] = site.layer;
                    bits[i] |= event_flag::InferredLayer;
                    bits[i] |= site.isExact ? event_flag::ExactLayer : 0U;
                }
            }
            layer.replace(block, placed);
            flags.replace(block, bits);
        }
    }

    void closeTables() {
        for (const Layer& layer : layerRows) {
            layers.add(target, layer);
        }
        environment.append(target, std::as_bytes(std::span(environmentText)));
        forEachColumn([&](ColumnWriter& column) { column.close(target); });
        for (auto& writer : payload) {
            if (writer) {
                writer->close(file);
            }
        }
    }

    void seal() {
        std::vector<SealedColumn> columns;
        forEachColumn([&](ColumnWriter& column) {
            columns.push_back({column.path(), column.rows(), column.seal()});
        });
        file.setAttribute(schema::kAttributeSeal, sealOf(std::move(columns)));
    }

    std::filesystem::path path;
    std::filesystem::path partial;
    hdf5::File file;
    ColumnTarget target;
    bool finished = false;

    TableWriter<Event> events;
    TableWriter<Value> values;
    TableWriter<Use> uses;
    TableWriter<Draw> draws;
    TableWriter<Op> ops;
    TableWriter<Layer> layers;
    TableWriter<Context> contexts;
    TableWriter<Thread> threads;
    TableWriter<Site> sites;
    TableWriter<InlinedFrame> inlined;
    TableWriter<SourceFile> sources;
    TableWriter<Generator> generators;
    TableWriter<RngState> rngStates;
    TableWriter<Statistics> statistics;
    TableWriter<Fingerprint> leaves;
    Interner<std::uint8_t> text{schema::kText};
    Interner<std::int64_t> lists{schema::kShapes};
    Interner<std::uint8_t> arguments{schema::kArguments};
    ListWriter<std::uint8_t> rngBytes{schema::kRngBytes};
    ColumnWriter environment{schema::kEnvironment, hdf5::Element::U8};
    std::string environmentText;
    std::vector<SiteLayer> layerOfSite;
    std::vector<Layer> layerRows; ///< kept until the end: their paths become known late
    std::array<std::optional<PayloadWriter>, kDTypeCount> payload;
};

Writer::Writer(const std::filesystem::path& path, const WriterOptions& options)
    : m_impl(std::make_unique<Impl>(path, options)) {
    m_impl->createGroups();
}

Writer::~Writer() {
    if (m_impl->finished) {
        return;
    }
    // Two attempts, because the metadata may still find room where the rows did not.
    try {
        m_impl->closeTables();
    } catch (const std::exception&) { // the caller was told by the call that failed first
    }
    try {
        m_impl->file.close();
    } catch (const std::exception&) {
    }
}

std::filesystem::path Writer::folder() const {
    return partialOf(m_impl->path);
}

TextId Writer::text(std::string_view text) {
    return m_impl->text.intern(m_impl->target, std::as_bytes(std::span(text)));
}

ListId Writer::list(std::span<const std::int64_t> integers) {
    return m_impl->lists.intern(m_impl->target, std::as_bytes(integers));
}

ArgumentsId Writer::arguments(std::span<const std::byte> tagged) {
    return m_impl->arguments.intern(m_impl->target, tagged);
}

OpId Writer::add(const Op& row) {
    return static_cast<OpId>(m_impl->ops.add(m_impl->target, row));
}

LayerId Writer::add(const Layer& row) {
    m_impl->layerRows.push_back(row);
    return static_cast<LayerId>(m_impl->layerRows.size() - 1);
}

ContextId Writer::add(const Context& row) {
    return static_cast<ContextId>(m_impl->contexts.add(m_impl->target, row));
}

ThreadId Writer::add(const Thread& row) {
    return static_cast<ThreadId>(m_impl->threads.add(m_impl->target, row));
}

SiteId Writer::add(const Site& row) {
    return static_cast<SiteId>(m_impl->sites.add(m_impl->target, row));
}

void Writer::add(const InlinedFrame& row) {
    m_impl->inlined.add(m_impl->target, row);
}

void Writer::add(const SourceFile& row) {
    m_impl->sources.add(m_impl->target, row);
}

void Writer::resolve(SiteId site, TextId function, TextId file, std::uint32_t line) {
    auto& sites = m_impl->sites;
    if (site >= sites.rows()) {
        throw Error(ErrorKind::Usage, fmt::format("site {} was never added; add it first", site));
    }
    sites.patch<&Site::function>(site, function);
    sites.patch<&Site::file>(site, file);
    sites.patch<&Site::line>(site, line);
}

GeneratorId Writer::add(const Generator& row) {
    return static_cast<GeneratorId>(m_impl->generators.add(m_impl->target, row));
}

void Writer::update(LayerId layer, const Layer& row) {
    if (layer >= m_impl->layerRows.size()) {
        throw Error(ErrorKind::Usage, fmt::format("layer {} was never added; add it first", layer));
    }
    m_impl->layerRows[layer] = row;
}

ValueId Writer::add(const Value& row, std::span<const Fingerprint> leaves) {
    Value stored = row;
    if (!leaves.empty()) {
        stored.firstLeaf = m_impl->leaves.rows();
        for (const Fingerprint& leaf : leaves) {
            m_impl->leaves.add(m_impl->target, leaf);
        }
    }
    return m_impl->values.add(m_impl->target, stored);
}

void Writer::add(const Statistics& row) {
    m_impl->statistics.add(m_impl->target, row);
}

void Writer::add(const RngState& row) {
    m_impl->rngStates.add(m_impl->target, row);
    m_impl->rngBytes.add(m_impl->target, std::as_bytes(std::span(row.bytes)));
}

void Writer::add(const Draw& row) {
    m_impl->draws.add(m_impl->target, row);
}

std::uint64_t Writer::add(std::span<const Use> uses) {
    const std::uint64_t first = m_impl->uses.rows();
    for (const Use& use : uses) {
        m_impl->uses.add(m_impl->target, use);
    }
    return first;
}

EventId Writer::begin(const Event& row) {
    Event stored = row;
    stored.flags |= event_flag::Unfinished; // until end() says otherwise
    return m_impl->events.add(m_impl->target, stored);
}

void Writer::end(EventId event, const EventEnd& end) {
    auto& events = m_impl->events;
    if (event >= events.rows()) {
        throw Error(ErrorKind::Usage, fmt::format("event {} never began; begin it first", event));
    }
    events.patch<&Event::end>(event, end.end);
    events.patch<&Event::endNs>(event, end.endNs);
    events.patch<&Event::flags>(event, end.flags);
    events.patch<&Event::phase>(event, end.phase);
    events.patch<&Event::layer>(event, end.layer);
    events.patch<&Event::parameter>(event, end.parameter);
    events.patch<&Event::firstUse>(event, end.firstUse);
    events.patch<&Event::useCount>(event, end.useCount);
}

std::uint64_t Writer::payload(DType dtype, std::span<const std::byte> bytes) {
    if (dtypeSize(dtype) == 0) {
        throw Error(ErrorKind::Usage, fmt::format("payload of dtype {} has no element size; record "
                                                  "such a value without bytes",
                                                  dtypeName(dtype)));
    }
    auto& writer = m_impl->payload.at(static_cast<std::size_t>(dtype));
    if (!writer) {
        writer.emplace(dtype);
    }
    return writer->append(m_impl->file, bytes);
}

void Writer::environment(std::string_view json) {
    m_impl->environmentText = json;
}

void Writer::inferLayers(std::span<const SiteLayer> layerOfSite) {
    m_impl->layerOfSite.assign(layerOfSite.begin(), layerOfSite.end());
}

void Writer::finish(const Header& header, std::span<const EventId> stepStarts) {
    if (m_impl->finished) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: was finished before; finish once", m_impl->path.string()));
    }
    if (m_impl->environmentText.empty()) {
        m_impl->environmentText = header.environment;
    }
    m_impl->closeTables();
    m_impl->placeEvents();
    m_impl->events.column<&Event::step>().rewrite(
        [&](std::uint64_t first, std::span<std::byte> rows) {
            fillSteps(stepStarts, first, rows);
        });
    writeHeader(m_impl->file, header);
    m_impl->seal();
    m_impl->file.close();
    std::error_code error;
    std::filesystem::rename(m_impl->partial, m_impl->path, error);
    if (error) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be renamed to {}: {}; rename it yourself",
                                m_impl->partial.string(), m_impl->path.string(), error.message()));
    }
    m_impl->finished = true;
    std::filesystem::remove(partialOf(m_impl->path),
                            error); // unless a journal is in it, which goes last
}

} // namespace repro::trace
