// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>

namespace repro::trace::hdf5 {

/// What the chunks of a column went through, in this order; fletcher32 is the last.
struct ChunkFilters {
    bool shuffle = false;
    bool deflate = false;
};

/// Undoes the filters of a chunk of rows of `rowSize` bytes, as HDF5's own pipeline would. That
/// runs under the library's one lock; this runs in as many threads as read columns, and leaves out
/// the second checksum, that of the compression. Returns: whether the chunk is whole and fills
/// `rows`.
[[nodiscard]] bool decodeChunk(std::span<const std::byte> stored, ChunkFilters filters,
                               std::size_t rowSize, std::span<std::byte> rows);

} // namespace repro::trace::hdf5
