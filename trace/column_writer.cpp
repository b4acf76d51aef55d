// SPDX-License-Identifier: BSD-3-Clause
#include "trace/column_writer.h"

#include "trace/fingerprint.h"

#include <algorithm>

namespace repro::trace {

ColumnWriter::ColumnWriter(std::string path, hdf5::Element element)
    : m_path(std::move(path)), m_element(element), m_rowSize(hdf5::elementSize(element)),
      m_blockBytes(schema::kBlockRows * m_rowSize) {}

void ColumnWriter::append(const ColumnTarget& target, std::span<const std::byte> rows) {
    while (!rows.empty()) {
        const auto part = rows.first(std::min(rows.size(), m_blockBytes - m_buffer.size()));
        m_buffer.insert(m_buffer.end(), part.begin(), part.end());
        rows = rows.subspan(part.size());
        if (m_buffer.size() == m_blockBytes) {
            flush(target);
        }
    }
}

void ColumnWriter::flush(const ColumnTarget& target) {
    const std::uint64_t rows = m_buffer.size() / m_rowSize;
    if (!m_dataset.valid()) {
        const bool bytes = m_rowSize == 1; // nothing to shuffle
        m_dataset = target.file.createDataset(m_path, hdf5::columnType(m_element),
                                              {.chunkRows = std::max<std::uint64_t>(rows, 1),
                                               .deflate = target.deflate,
                                               .shuffle = target.deflate > 0 && !bytes,
                                               .checksum = true});
    }
    if (rows == 0) {
        return;
    }
    m_blocks.emplace_back();
    m_written += rows;
    writeBlock(m_blocks.size() - 1, m_buffer);
    m_buffer.clear();
}

void ColumnWriter::writeBlock(std::uint64_t block, std::span<const std::byte> rows) {
    m_dataset.write(block * schema::kBlockRows, rows.size() / m_rowSize, rows.data());
    m_blocks[block] = fingerprintOfBytes(rows);
}

std::uint64_t ColumnWriter::rowsOfBlock(std::uint64_t block) const {
    return std::min(schema::kBlockRows, m_written - block * schema::kBlockRows);
}

void ColumnWriter::close(const ColumnTarget& target) {
    flush(target);
    applyLate();
}

void ColumnWriter::applyLate() {
    // Stable: of several changes of a row the last one holds.
    std::stable_sort(m_late.begin(), m_late.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t next = 0; next < m_late.size();) {
        const std::uint64_t block = m_late[next].first / schema::kBlockRows;
        const std::uint64_t first = block * schema::kBlockRows;
        std::vector<std::byte> rows(rowsOfBlock(block) * m_rowSize);
        m_dataset.read(first, rowsOfBlock(block), rows.data());
        for (; next < m_late.size() && m_late[next].first / schema::kBlockRows == block; ++next) {
            std::memcpy(rows.data() + (m_late[next].first - first) * m_rowSize,
                        &m_late[next].second, m_rowSize);
        }
        writeBlock(block, rows);
    }
    m_late.clear();
}

Fingerprint ColumnWriter::seal() {
    const Fingerprint fingerprint = fingerprintOfList(m_blocks);
    m_dataset.setAttribute(schema::kAttributeFingerprint, fingerprint);
    return fingerprint;
}

} // namespace repro::trace
