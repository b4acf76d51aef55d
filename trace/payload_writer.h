// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace repro::trace {

/// Appends contents of one dtype to payload/<dtype>, raw, in blocks of at least
/// schema::kPayloadBlockBytes. One thread.
class PayloadWriter {
public:
    explicit PayloadWriter(DType dtype) : m_dtype(dtype), m_rowSize(dtypeSize(dtype)) {}

    /// Returns: index of the first element. Throws: Error (Usage) for a part of an element.
    std::uint64_t append(hdf5::File& file, std::span<const std::byte> bytes);
    void close(hdf5::File& file);

private:
    void write(hdf5::File& file, std::span<const std::byte> rows);
    [[nodiscard]] std::size_t blockBytes() const;

    DType m_dtype;
    std::size_t m_rowSize;
    hdf5::Dataset
        m_dataset; ///< created with the first write, so that its chunks fit little payload
    std::vector<std::byte> m_buffer;
    std::uint64_t m_written = 0; ///< elements in the file
};

} // namespace repro::trace
