// SPDX-License-Identifier: BSD-3-Clause
#include "trace/payload_writer.h"

#include "trace/error.h"
#include "trace/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace repro::trace {

std::size_t PayloadWriter::blockBytes() const {
    return schema::kPayloadBlockBytes / m_rowSize * m_rowSize;
}

std::uint64_t PayloadWriter::append(hdf5::File& file, std::span<const std::byte> bytes) {
    if (bytes.size() % m_rowSize != 0) {
        throw Error(ErrorKind::Usage,
                    fmt::format("payload of {} bytes ends within an element of {}; give whole ones",
                                bytes.size(), dtypeName(m_dtype)));
    }
    const std::uint64_t first = m_written + m_buffer.size() / m_rowSize;
    while (!bytes.empty()) {
        const std::size_t room = blockBytes() - m_buffer.size();
        const auto part = bytes.first(std::min(bytes.size(), room));
        bytes = bytes.subspan(part.size());
        if (m_buffer.empty() && part.size() == blockBytes()) {
            write(file, part); // spares large contents a copy
            continue;
        }
        m_buffer.insert(m_buffer.end(), part.begin(), part.end());
        if (m_buffer.size() == blockBytes()) {
            write(file, m_buffer);
            m_buffer.clear();
        }
    }
    return first;
}

void PayloadWriter::write(hdf5::File& file, std::span<const std::byte> rows) {
    const std::uint64_t count = rows.size() / m_rowSize;
    if (!m_dataset.valid()) {
        m_dataset = file.createDataset(schema::columnPath(schema::kPayload, dtypeName(m_dtype)),
                                       hdf5::payloadType(m_dtype),
                                       {.chunkRows = std::max<std::uint64_t>(count, 1)});
        m_dataset.setAttribute(schema::kAttributeDType, dtypeName(m_dtype));
    }
    if (count > 0) {
        m_dataset.write(m_written, count, rows.data());
        m_written += count;
    }
}

void PayloadWriter::close(hdf5::File& file) {
    write(file, m_buffer);
    m_buffer.clear();
}

} // namespace repro::trace
