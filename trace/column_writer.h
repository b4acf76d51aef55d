// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"
#include "trace/schema.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace repro::trace {

/// Where the columns of a trace go, and how hard their chunks are compressed.
struct ColumnTarget {
    hdf5::File& file;
    int deflate;
};

/// Appends to one column, a block at a time. A row that was already written can still be changed:
/// the change is kept and applied by close(), so memory grows with late changes only. One thread.
class ColumnWriter {
public:
    ColumnWriter(std::string path, hdf5::Element element);

    template <class T>
    void push(const ColumnTarget& target, T value) {
        const auto* bytes = reinterpret_cast<const std::byte*>(&value);
        m_buffer.insert(m_buffer.end(), bytes, bytes + sizeof(T));
        if (m_buffer.size() == m_blockBytes) {
            flush(target);
        }
    }
    /// Requires: whole rows.
    void append(const ColumnTarget& target, std::span<const std::byte> rows);

    /// Changes a row.
    template <class T>
    void patch(std::uint64_t row, T value) {
        if (row >= m_written) {
            std::memcpy(m_buffer.data() + (row - m_written) * sizeof(T), &value, sizeof(T));
        } else {
            std::uint64_t bits = 0;
            std::memcpy(&bits, &value, sizeof(T));
            m_late.emplace_back(row, bits);
        }
    }

    /// Rows so far.
    [[nodiscard]] std::uint64_t rows() const { return m_written + m_buffer.size() / m_rowSize; }

    /// Writes what is left, applies late changes. After it nothing may be added.
    void close(const ColumnTarget& target);

    /// After close(): writes the column's fingerprint attribute and returns what the seal takes of
    /// it.
    Fingerprint seal();
    [[nodiscard]] const std::string& path() const { return m_path; }

    /// After close(): the rows of a block, and others for them.
    [[nodiscard]] std::uint64_t blocks() const { return m_blocks.size(); }
    template <class T>
    [[nodiscard]] std::vector<T> rows(std::uint64_t block) const {
        std::vector<T> rows(rowsOfBlock(block));
        m_dataset.read(block * schema::kBlockRows, rows.size(), rows.data());
        return rows;
    }
    template <class T>
    void replace(std::uint64_t block, const std::vector<T>& rows) {
        writeBlock(block, std::as_bytes(std::span(rows)));
    }

    /// After close(): replaces every row by fill(first row, rows of a block).
    template <class Fill>
    void rewrite(Fill&& fill) {
        for (std::uint64_t block = 0; block < m_blocks.size(); ++block) {
            std::vector<std::byte> rows(rowsOfBlock(block) * m_rowSize);
            fill(block * schema::kBlockRows, std::span(rows));
            writeBlock(block, rows);
        }
    }

private:
    void flush(const ColumnTarget& target);
    void writeBlock(std::uint64_t block, std::span<const std::byte> rows);
    void applyLate();
    [[nodiscard]] std::uint64_t rowsOfBlock(std::uint64_t block) const;

    std::string m_path;
    hdf5::Element m_element;
    std::size_t m_rowSize;
    std::size_t m_blockBytes;
    hdf5::Dataset
        m_dataset; ///< created with the first block, so that its chunks fit a short column
    std::vector<std::byte> m_buffer;
    std::uint64_t m_written = 0; ///< rows in the file
    std::vector<Fingerprint> m_blocks;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> m_late; ///< row, bits
};

/// The columns of a table of rows.
template <class Row>
class TableWriter {
public:
    TableWriter() {
        schema::forEach(schema::Table<Row>::fields, [this](const auto& field) {
            using T = typename std::remove_cvref_t<decltype(field)>::template Stored<Row>;
            m_columns.emplace_back(schema::columnPath(schema::Table<Row>::name, field.name),
                                   schema::elementOf<T>());
        });
    }

    /// Returns: the row's id.
    std::uint64_t add(const ColumnTarget& target, const Row& row) {
        std::size_t index = 0;
        schema::forEach(schema::Table<Row>::fields, [&](const auto& field) {
            using T = typename std::remove_cvref_t<decltype(field)>::template Stored<Row>;
            m_columns[index++].push(target, static_cast<T>(field.in(row)));
        });
        return m_rows++;
    }

    [[nodiscard]] std::uint64_t rows() const { return m_rows; }
    [[nodiscard]] std::vector<ColumnWriter>& columns() { return m_columns; }
    /// The column of a member.
    template <auto Member>
    [[nodiscard]] ColumnWriter& column() {
        constexpr std::size_t kIndex = schema::indexOf<Member>(schema::Table<Row>::fields);
        return m_columns[kIndex];
    }
    /// Changes a member of a row that was added before.
    template <auto Member, class T>
    void patch(std::uint64_t row, T value) {
        using Stored = typename schema::StoredAs<T>::type;
        column<Member>().patch(row, static_cast<Stored>(value));
    }

private:
    std::vector<ColumnWriter> m_columns;
    std::uint64_t m_rows = 0;
};

/// A table of lists: all items in one column, the end of each row's in another.
template <class Item>
class ListWriter {
public:
    explicit ListWriter(const schema::ListTable& table)
        : m_end(schema::columnPath(table.group, schema::kListEnd), hdf5::Element::U64),
          m_items(schema::columnPath(table.group, table.items), schema::elementOf<Item>()) {}

    std::uint64_t add(const ColumnTarget& target, std::span<const std::byte> items) {
        m_items.append(target, items);
        m_end.push(target, m_items.rows());
        return m_end.rows() - 1;
    }
    [[nodiscard]] std::uint64_t rows() const { return m_end.rows(); }
    ColumnWriter& end() { return m_end; }
    ColumnWriter& items() { return m_items; }

private:
    ColumnWriter m_end;
    ColumnWriter m_items;
};

} // namespace repro::trace
