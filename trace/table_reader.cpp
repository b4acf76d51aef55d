// SPDX-License-Identifier: BSD-3-Clause
#include "trace/table_reader.h"

#include "trace/error.h"

#include <fmt/format.h>

namespace repro::trace {
namespace {

/// Deflate cannot do better than this, so a longer column is one that nobody wrote.
constexpr std::uint64_t kLargestRatio = 1100;

} // namespace

TableReader::TableReader(const hdf5::File& file, bool sealed) : m_file(file), m_sealed(sealed) {
    using schema::Refers;
    const auto set = [this](Refers table, std::uint64_t rows) {
        m_rows[static_cast<std::size_t>(table)] = rows;
    };
    const auto endOf = [](const schema::ListTable& table) {
        return std::vector{schema::columnPath(table.group, schema::kListEnd)};
    };
    set(Refers::Text, commonRows(endOf(schema::kText)));
    set(Refers::Shapes, commonRows(endOf(schema::kShapes)));
    set(Refers::Arguments, commonRows(endOf(schema::kArguments)));
    set(Refers::Ops, countRows<Op>());
    set(Refers::Layers, countRows<Layer>());
    set(Refers::Contexts, countRows<Context>());
    set(Refers::Threads, countRows<Thread>());
    set(Refers::Sites, countRows<Site>());
    set(Refers::Generators, countRows<Generator>());
    set(Refers::Events, countRows<Event>());
    set(Refers::Values, countRows<Value>());
    set(Refers::Leaves, countRows<Fingerprint>());
    set(Refers::Uses, countRows<Use>());
}

void TableReader::throwDamaged(const std::string& what) const {
    throw Error(ErrorKind::Format, fmt::format("{}: damaged: {}; restore the file or record again",
                                               m_file.path(), what));
}

hdf5::Dataset TableReader::open(const std::string& path, hdf5::Element element) const {
    hdf5::Dataset dataset = m_file.openDataset(path);
    if (!dataset.valid()) {
        return dataset;
    }
    if (!dataset.holds(hdf5::columnType(element))) {
        throwDamaged(fmt::format("column {} is not of type {}", path, hdf5::elementName(element)));
    }
    if (dataset.rows() / kLargestRatio > dataset.storedBytes()) {
        throwDamaged(fmt::format("column {} is longer than what is stored", path));
    }
    return dataset;
}

std::uint64_t TableReader::commonRows(const std::vector<std::string>& paths) const {
    std::uint64_t least = kNone64;
    std::uint64_t most = 0;
    for (const std::string& path : paths) {
        const hdf5::Dataset column = m_file.openDataset(path);
        if (column.valid()) {
            least = std::min(least, column.rows());
            most = std::max(most, column.rows());
        }
    }
    if (least == kNone64) {
        return 0;
    }
    if (m_sealed && least != most) {
        throwDamaged(fmt::format("the columns beside {} differ in length", paths.front()));
    }
    return least;
}

void TableReader::checkEnds(const std::string& path, std::vector<std::uint64_t>& ends,
                            std::uint64_t items) const {
    if (!m_sealed) {
        for (std::uint64_t& end : ends) {
            end = std::min(end, items);
        }
    }
    const bool fits = ends.empty() ? items == 0 || !m_sealed : ends.back() <= items;
    if (!fits || !std::is_sorted(ends.begin(), ends.end())) {
        throwDamaged(path + " does not delimit lists");
    }
}

} // namespace repro::trace
