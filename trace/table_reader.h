// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"
#include "trace/packed_rows.h"
#include "trace/schema.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace repro::trace {

/// A value that is made when it is first asked for. Threads: safe.
template <class T>
class Lazy {
public:
    template <class Load>
    const T& get(Load&& load) const {
        std::call_once(m_once, [&] { m_value = load(); });
        return m_value;
    }

private:
    mutable std::once_flag m_once;
    mutable T m_value;
};

/// Lists of different length, as schema::ListTable stores them.
template <class Item>
struct Lists {
    std::vector<std::uint64_t> end;
    std::vector<Item> items;

    /// Requires: row < end.size().
    [[nodiscard]] std::span<const Item> operator[](std::uint64_t row) const {
        const std::uint64_t first = row == 0 ? 0 : end[row - 1];
        return std::span(items).subspan(first, end[row] - first);
    }
};

/// Reads columns and checks them: lengths, types, and that every id names a row that exists. In a
/// trace that was never sealed a table may end before what refers to it: such ids read as none.
/// Threads: safe after construction. Throws: Error (Format).
class TableReader {
public:
    using RowCounts = std::array<std::uint64_t, schema::kRefersCount>;

    /// Borrows the file.
    TableReader(const hdf5::File& file, bool sealed);
    /// Of a trace in memory: nothing is read, only the lengths are known.
    TableReader(const hdf5::File& none, const RowCounts& rows)
        : m_file(none), m_sealed(true), m_rows(rows) {}

    /// See Reader::setPoll.
    void setPoll(std::function<void()> poll) { m_poll = std::move(poll); }
    void poll() const {
        if (m_poll) {
            m_poll();
        }
    }

    [[nodiscard]] std::uint64_t rowsOf(schema::Refers table) const {
        return m_rows[static_cast<std::size_t>(table)];
    }
    [[nodiscard]] bool sealed() const { return m_sealed; }
    [[noreturn]] void throwDamaged(const std::string& what) const;

    /// Rows of a table: those that all its columns have.
    template <class Row>
    [[nodiscard]] std::uint64_t countRows() const {
        std::vector<std::string> paths;
        schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
            paths.push_back(schema::columnPath(schema::Table<Row>::name, field.name));
        });
        return commonRows(paths);
    }

    /// Visits the rows [0, rows) of a column as `visit(first row, rows)`, a block at a time; rows
    /// are `fallback` throughout where the file has none.
    template <class T, class Visit>
    void eachBlock(const std::string& path, std::uint64_t rows, T fallback, schema::Refers refers,
                   Visit&& visit) const {
        const hdf5::Dataset dataset = open(path, schema::elementOf<T>());
        std::vector<T> block(std::min(rows, schema::kBlockRows), fallback);
        for (std::uint64_t first = 0; first < rows; first += block.size()) {
            poll();
            block.resize(std::min(rows - first, schema::kBlockRows));
            if (dataset.valid()) {
                dataset.read(first, block.size(), block.data());
            }
            if constexpr (std::is_unsigned_v<T> && sizeof(T) >= 4) {
                if (refers != schema::Refers::Nothing) {
                    checkIds<T>(path, block, rowsOf(refers));
                }
            }
            visit(first, std::span(block));
        }
    }

    /// One column of a table, `rows` long.
    template <class T>
    [[nodiscard]] std::vector<T> column(const std::string& path, std::uint64_t rows, T fallback,
                                        schema::Refers refers = schema::Refers::Nothing) const {
        std::vector<T> data;
        data.reserve(rows);
        eachBlock(path, rows, fallback, refers, [&](std::uint64_t, std::span<T> block) {
            data.insert(data.end(), block.begin(), block.end());
        });
        return data;
    }

    /// Blocks of a column as the schema describes it.
    template <class Row, class FieldType, class Visit>
    void eachBlock(const FieldType& field, std::uint64_t rows, Visit&& visit) const {
        using T = typename FieldType::template Stored<Row>;
        const Row none{};
        eachBlock(schema::columnPath(schema::Table<Row>::name, field.name), rows,
                  static_cast<T>(field.in(none)), field.refers, std::forward<Visit>(visit));
    }

    /// The same, kept; `check(first row, rows)` sees, and may change, each block before.
    template <class Row, class FieldType, class Check>
    [[nodiscard]] auto packed(const FieldType& field, std::uint64_t rows, Check&& check) const {
        using T = typename FieldType::template Stored<Row>;
        PackedRows<T> packed;
        eachBlock<Row>(field, rows, [&](std::uint64_t first, std::span<T> block) {
            check(first, block);
            packed.append(block);
        });
        return packed;
    }

    /// A whole table.
    template <class Row>
    [[nodiscard]] std::vector<Row> rows() const {
        std::vector<Row> table(countRows<Row>());
        schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
            eachBlock<Row>(field, table.size(), [&](std::uint64_t row, const auto& block) {
                for (const auto stored : block) {
                    auto& member = field.in(table[row++]);
                    member = static_cast<std::remove_reference_t<decltype(member)>>(stored);
                }
            });
        });
        return table;
    }

    template <class Item>
    [[nodiscard]] Lists<Item> lists(const schema::ListTable& table) const {
        Lists<Item> lists;
        const auto endPath = schema::columnPath(table.group, schema::kListEnd);
        const auto itemsPath = schema::columnPath(table.group, table.items);
        lists.items = column<Item>(itemsPath, commonRows({itemsPath}), Item{});
        lists.end = column<std::uint64_t>(endPath, commonRows({endPath}), 0);
        checkEnds(endPath, lists.end, lists.items.size());
        return lists;
    }

private:
    /// Returns: an invalid dataset where there is none.
    [[nodiscard]] hdf5::Dataset open(const std::string& path, hdf5::Element element) const;
    [[nodiscard]] std::uint64_t commonRows(const std::vector<std::string>& paths) const;
    void checkEnds(const std::string& path, std::vector<std::uint64_t>& ends,
                   std::uint64_t items) const;
    template <class T>
    void checkIds(const std::string& path, std::vector<T>& ids, std::uint64_t limit) const {
        constexpr T kNone = std::numeric_limits<T>::max();
        // Unsigned: none becomes 0, so one comparison serves both. Branch-free for whole columns.
        const auto isWild = [limit](T id) { return std::uint64_t{static_cast<T>(id + 1)} > limit; };
        if (std::none_of(ids.begin(), ids.end(), isWild)) {
            return;
        }
        if (m_sealed) {
            throwDamaged(path + " refers to rows that do not exist");
        }
        std::replace_if(ids.begin(), ids.end(), isWild, kNone);
    }

    const hdf5::File& m_file;
    bool m_sealed;
    RowCounts m_rows{};
    std::function<void()> m_poll;
};

} // namespace repro::trace
