// SPDX-License-Identifier: BSD-3-Clause
#include "trace/reader.h"

#include "trace/claim.h"
#include "trace/contents.h"
#include "trace/error.h"
#include "trace/header.h"
#include "trace/journal.h"
#include "trace/reader_impl.h"
#include "trace/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace repro::trace {
namespace {

/// Says what is wrong where HDF5 would only say that it cannot. Returns: the path.
const std::filesystem::path& checkReadable(const std::filesystem::path& path) {
    std::error_code error;
    const auto name = path.string();
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        if (std::filesystem::exists(partialOf(path), error)) {
            throw Error(ErrorKind::Io, fmt::format("{}: no such file, but its recording did not "
                                                   "end; `reprorec recover {}.partial` makes it",
                                                   name, name));
        }
        throw Error(ErrorKind::Io, fmt::format("{}: no such file; check the path", name));
    }
    if (isJournal(path)) {
        throw Error(ErrorKind::Io, fmt::format("{}: is a recording that did not end; `reprorec "
                                               "recover {}` makes a trace of it",
                                               name, name));
    }
    if (std::filesystem::is_directory(status)) {
        throw Error(ErrorKind::Io, fmt::format("{}: is a directory; name a trace in it", name));
    }
    std::array<char, hdf5::kSignature.size()> head{};
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be opened; check its permissions", name));
    }
    stream.read(head.data(), head.size());
    if (stream.gcount() == 0) {
        throw Error(ErrorKind::Format, fmt::format("{}: is empty; record again", name));
    }
    if (std::string_view(head.data(), head.size()) != hdf5::kSignature) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: is not an HDF5 file; name a trace that reprorec wrote", name));
    }
    return path;
}

template <class Row, class Columns>
void setLoaders(Columns& columns, const TableReader& tables) {
    columns.count = tables.countRows<Row>();
    schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
        constexpr auto kLazy = std::remove_cvref_t<decltype(field)>::kLazy;
        (columns.*kLazy).setLoader([&tables, &field, count = columns.count] {
            return tables.packed<Row>(field, count, [](std::uint64_t, const auto&) {});
        });
    });
}

/// Was the trace finished? Then none of its columns may be gone: a default in its place would be
/// compared as if it had been recorded.
bool wasFinished(const hdf5::File& file) {
    const bool sealed = file.fingerprintAttribute(schema::kAttributeSeal).has_value();
    if (sealed) {
        checkSeal(file);
    }
    return sealed;
}

} // namespace

Reader::Impl::Impl(const std::filesystem::path& file_)
    : path(checkReadable(file_)), file(hdf5::File::open(path)), header(readHeader(file)),
      tables(file, wasFinished(file)), ops(tables.rows<Op>()), layers(tables.rows<Layer>()),
      contexts(tables.rows<Context>()), threads(tables.rows<Thread>()), sites(tables.rows<Site>()),
      inlined(tables.rows<InlinedFrame>()), sources(tables.rows<SourceFile>()),
      generators(tables.rows<Generator>()) {
    setLoaders<Event>(events, tables);
    setLoaders<Value>(values, tables);
    setLoaders<Use>(uses, tables);
    events.parent.setLoader([this] { return loadParents(); });
    events.useCount.setLoader([this] { return loadUseCounts(); });
    events.durationNs.setLoader([this] { return loadDurations(); });
    checkLayers();
    checkSites();
    const auto environment = file.openDataset(schema::kEnvironment);
    if (environment.valid()) {
        const auto bytes = tables.column<std::uint8_t>(schema::kEnvironment, environment.rows(), 0);
        header.environment.assign(bytes.begin(), bytes.end());
    }
}

/// An event encloses only later ones, so that whoever follows parents comes to an end.
PackedRows<std::uint64_t> Reader::Impl::loadParents() const {
    constexpr auto kIndex = schema::indexOf<&Event::parent>(schema::Table<Event>::fields);
    return tables.packed<Event>(
        std::get<kIndex>(schema::Table<Event>::fields), events.count,
        [this](std::uint64_t row, const auto& parents) {
            for (const std::uint64_t parent : parents) {
                if (parent != kNone64 && parent >= row) {
                    tables.throwDamaged(fmt::format("event {} is enclosed by a later one", row));
                }
                ++row;
            }
        });
}

PackedRows<std::uint32_t> Reader::Impl::loadUseCounts() const {
    constexpr auto kIndex = schema::indexOf<&Event::useCount>(schema::Table<Event>::fields);
    return tables.packed<Event>(
        std::get<kIndex>(schema::Table<Event>::fields), events.count,
        [this](std::uint64_t row, const auto& counts) {
            for (std::uint32_t& count : counts) {
                const std::uint64_t first = count == 0 ? 0 : events.firstUse[row];
                if (count != 0 && (first >= uses.count || count > uses.count - first)) {
                    if (tables.sealed()) {
                        tables.throwDamaged(
                            fmt::format("event {} has uses that do not exist", row));
                    }
                    count = 0;
                }
                ++row;
            }
        });
}

/// The two columns that it is made of are not kept.
PackedRows<std::uint64_t> Reader::Impl::loadDurations() const {
    constexpr const auto& kFields = schema::Table<Event>::fields;
    const auto begins =
        tables.packed<Event>(std::get<schema::indexOf<&Event::beginNs>(kFields)>(kFields),
                             events.count, [](std::uint64_t, const auto&) {});
    return tables.packed<Event>(std::get<schema::indexOf<&Event::endNs>(kFields)>(kFields),
                                events.count, [&begins](std::uint64_t row, const auto& ends) {
                                    for (std::uint64_t& end : ends) {
                                        end = durationNs(begins[row++], end);
                                    }
                                });
}

void Reader::Impl::checkLayers() const {
    for (const Layer& layer : layers) {
        std::size_t depth = 0;
        for (LayerId at = layer.parent; at != kNone32; at = layers[at].parent) {
            if (++depth > layers.size()) {
                tables.throwDamaged("layers enclose each other");
            }
        }
    }
}

/// A site is called from an earlier one, so that whoever follows callers comes to an end.
void Reader::Impl::checkSites() const {
    for (SiteId site = 0; site < sites.size(); ++site) {
        if (sites[site].caller != kNone32 && sites[site].caller >= site) {
            tables.throwDamaged(fmt::format("site {} is called from a later one", site));
        }
    }
    if (!std::ranges::is_sorted(inlined, {}, &InlinedFrame::site)) {
        tables.throwDamaged("inlined functions are not ordered by site");
    }
}

void Reader::Impl::checkRow(const char* table, std::uint64_t row, std::uint64_t count) const {
    if (row >= count) {
        tables.throwDamaged(fmt::format("row {} of {} was asked for, of {}", row, table, count));
    }
}

const hdf5::Dataset& Reader::Impl::payloadOf(DType dtype) const {
    if (dtypeSize(dtype) == 0) {
        tables.throwDamaged("a value of unknown dtype has payload");
    }
    return payload[static_cast<std::size_t>(dtype)].get([&] {
        const auto name = schema::columnPath(schema::kPayload, dtypeName(dtype));
        auto dataset = file.openDataset(name);
        if (!dataset.valid() || !dataset.holds(hdf5::payloadType(dtype))) {
            tables.throwDamaged(name + " is missing or of another type");
        }
        return dataset;
    });
}

Reader::Reader(const std::filesystem::path& path) : m_impl(std::make_unique<Impl>(path)) {}
Reader::Reader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::setPoll(std::function<void()> poll) {
    m_impl->tables.setPoll(std::move(poll));
}

void Reader::poll() const {
    m_impl->tables.poll();
}

const std::filesystem::path& Reader::path() const {
    return m_impl->path;
}
const Header& Reader::header() const {
    return m_impl->header;
}
bool Reader::isSealed() const {
    return m_impl->tables.sealed();
}
const EventColumns& Reader::events() const {
    return m_impl->events;
}
const ValueColumns& Reader::values() const {
    return m_impl->values;
}
const UseColumns& Reader::uses() const {
    return m_impl->uses;
}
const std::vector<Op>& Reader::ops() const {
    return m_impl->ops;
}
const std::vector<Layer>& Reader::layers() const {
    return m_impl->layers;
}
const std::vector<Context>& Reader::contexts() const {
    return m_impl->contexts;
}
const std::vector<Thread>& Reader::threads() const {
    return m_impl->threads;
}
const std::vector<Site>& Reader::sites() const {
    return m_impl->sites;
}
std::span<const InlinedFrame> Reader::inlinedInto(SiteId site) const {
    return std::ranges::equal_range(m_impl->inlined, site, {}, &InlinedFrame::site);
}
const std::vector<SourceFile>& Reader::sources() const {
    return m_impl->sources;
}
const std::vector<Generator>& Reader::generators() const {
    return m_impl->generators;
}

const std::vector<Draw>& Reader::draws() const {
    return m_impl->draws.get([this] { return m_impl->tables.rows<Draw>(); });
}

const std::vector<RngState>& Reader::rngStates() const {
    return m_impl->rngStates.get([this] {
        auto states = m_impl->tables.rows<RngState>();
        const auto bytes = m_impl->tables.lists<std::uint8_t>(schema::kRngBytes);
        m_impl->checkRow(schema::kRngBytes.group, states.size(), bytes.end.size() + 1);
        for (std::size_t row = 0; row < states.size(); ++row) {
            states[row].bytes.assign(bytes[row].begin(), bytes[row].end());
        }
        return states;
    });
}

const Statistics* Reader::statisticsOf(ValueId value) const {
    const std::vector<Statistics>& all = statistics();
    const auto& rows = m_impl->statisticsOfValue.get([&] {
        std::unordered_map<ValueId, std::size_t> index;
        for (std::size_t row = 0; row < all.size(); ++row) {
            index.try_emplace(all[row].value, row);
        }
        return index;
    });
    const auto found = rows.find(value);
    return found == rows.end() ? nullptr : &all[found->second];
}

const std::vector<Statistics>& Reader::statistics() const {
    return m_impl->statistics.get([this] { return m_impl->tables.rows<Statistics>(); });
}

std::string_view Reader::text(TextId id) const {
    if (id == kNone32) {
        return {};
    }
    const auto& texts = m_impl->text();
    m_impl->checkRow(schema::kText.group, id, texts.end.size());
    const auto bytes = texts[id];
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t Reader::textCount() const {
    return m_impl->tables.rowsOf(schema::Refers::Text);
}

std::span<const std::int64_t> Reader::list(ListId id) const {
    if (id == kNone32) {
        return {};
    }
    const auto& lists = m_impl->lists();
    m_impl->checkRow(schema::kShapes.group, id, lists.end.size());
    return lists[id];
}

std::span<const std::byte> Reader::arguments(ArgumentsId id) const {
    if (id == kNone32) {
        return {};
    }
    const auto& arguments = m_impl->arguments();
    m_impl->checkRow(schema::kArguments.group, id, arguments.end.size());
    return std::as_bytes(arguments[id]);
}

std::size_t Reader::argumentsCount() const {
    return m_impl->tables.rowsOf(schema::Refers::Arguments);
}

template <class Row, class Columns>
Row Reader::Impl::gather(const Columns& columns, std::uint64_t row) const {
    checkRow(schema::Table<Row>::name, row, columns.count);
    Row gathered;
    schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
        constexpr auto kLazy = std::remove_cvref_t<decltype(field)>::kLazy;
        auto& member = field.in(gathered);
        member = static_cast<std::remove_reference_t<decltype(member)>>((columns.*kLazy)[row]);
    });
    return gathered;
}

Event Reader::event(EventId id) const {
    return m_impl->gather<Event>(m_impl->events, id);
}
Value Reader::value(ValueId id) const {
    return m_impl->gather<Value>(m_impl->values, id);
}
Use Reader::use(std::uint64_t row) const {
    return m_impl->gather<Use>(m_impl->uses, row);
}

std::vector<Fingerprint> Reader::leaves(const Value& value) const {
    const std::uint64_t size = dtypeSize(value.dtype);
    if (value.firstLeaf == kNone64 || size == 0) {
        return {};
    }
    const auto& all = m_impl->leaves.get([this] { return m_impl->tables.rows<Fingerprint>(); });
    const std::uint64_t perLeaf = kLeafBytes / size;
    const std::uint64_t stored = storedElements(*this, value);
    const std::uint64_t count = stored / perLeaf + (stored % perLeaf != 0 ? 1 : 0);
    if (value.firstLeaf > all.size() || count > all.size() - value.firstLeaf) {
        m_impl->tables.throwDamaged("a value has leaves that do not exist");
    }
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(value.firstLeaf);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<std::byte> Reader::bytes(const Value& value) const {
    Contents contents(*this, value);
    std::vector<std::byte> bytes;
    bytes.reserve(value.elements * dtypeSize(value.dtype));
    for (auto piece = contents.next(); !piece.empty(); piece = contents.next()) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    return bytes;
}

} // namespace repro::trace
