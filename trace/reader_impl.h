// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"
#include "trace/reader.h"
#include "trace/table_reader.h"

#include <array>
#include <unordered_map>

namespace repro::trace {

/// What a Reader holds; shared by reader.cpp, verify.cpp and memory_trace.cpp only.
struct Reader::Impl {
    explicit Impl(const std::filesystem::path& file_);
    /// Of a trace in memory: whoever makes it fills it.
    Impl(const std::filesystem::path& name, const TableReader::RowCounts& rows)
        : path(name), tables(file, rows) {}

    [[nodiscard]] PackedRows<std::uint64_t> loadParents() const;
    [[nodiscard]] PackedRows<std::uint32_t> loadUseCounts() const;
    [[nodiscard]] PackedRows<std::uint64_t> loadDurations() const;
    void checkLayers() const;
    void checkSites() const;
    /// Throws: Error (Format) unless row < count.
    void checkRow(const char* table, std::uint64_t row, std::uint64_t count) const;
    template <class Row, class Columns>
    [[nodiscard]] Row gather(const Columns& columns, std::uint64_t row) const;
    [[nodiscard]] const hdf5::Dataset& payloadOf(DType dtype) const;

    [[nodiscard]] const Lists<std::uint8_t>& text() const {
        return textLists.get([this] { return tables.lists<std::uint8_t>(schema::kText); });
    }
    [[nodiscard]] const Lists<std::int64_t>& lists() const {
        return shapeLists.get([this] { return tables.lists<std::int64_t>(schema::kShapes); });
    }
    [[nodiscard]] const Lists<std::uint8_t>& arguments() const {
        return argumentLists.get([this] { return tables.lists<std::uint8_t>(schema::kArguments); });
    }

    std::filesystem::path path;
    hdf5::File file;
    Header header;
    TableReader tables;
    EventColumns events;
    ValueColumns values;
    UseColumns uses;
    std::vector<Op> ops;
    std::vector<Layer> layers;
    std::vector<Context> contexts;
    std::vector<Thread> threads;
    std::vector<Site> sites;
    std::vector<InlinedFrame> inlined;
    std::vector<SourceFile> sources;
    std::vector<Generator> generators;
    Lazy<std::vector<Draw>> draws;
    Lazy<std::vector<RngState>> rngStates;
    Lazy<std::vector<Statistics>> statistics;
    Lazy<std::unordered_map<ValueId, std::size_t>> statisticsOfValue; ///< rows of them
    Lazy<std::vector<Fingerprint>> leaves;
    Lazy<Lists<std::uint8_t>> textLists;
    Lazy<Lists<std::int64_t>> shapeLists;
    Lazy<Lists<std::uint8_t>> argumentLists;
    std::array<Lazy<hdf5::Dataset>, kDTypeCount> payload;
};

} // namespace repro::trace
