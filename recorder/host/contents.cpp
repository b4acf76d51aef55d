// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/contents.h"

#include "recorder/host/helpers.h"
#include "trace/xxh3.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace repro::host {
namespace {

struct Item16 {
    std::uint64_t low, high;
};

/// Rows of the transposed case that are gathered together: as many as a cache line of floats holds.
constexpr std::int64_t kTileRows = 16;
constexpr std::align_val_t kAlignment{64};

} // namespace

std::byte* threadBuffer(std::size_t bytes) {
    struct Buffer {
        std::byte* data = nullptr;
        std::size_t capacity = 0;
        ~Buffer() { grow(0); }
        void grow(std::size_t least) {
            ::operator delete(std::exchange(data, nullptr), kAlignment);
            capacity = 0;
            if (least > 0) {
                data = static_cast<std::byte*>(::operator new(least, kAlignment));
                capacity = least;
            }
        }
    };
    static thread_local Buffer buffer;
    if (bytes > buffer.capacity) {
        buffer.grow(std::max<std::size_t>(bytes, 64 << 10));
    }
    return buffer.data;
}

Layout::Layout(const Strided& tensor) : m_data(tensor.data), m_itemBytes(tensor.itemBytes) {
    for (std::size_t i = 0; i < tensor.sizes.size(); ++i) {
        const std::int64_t size = tensor.sizes[i];
        const std::int64_t stride = tensor.strides[i];
        if (size == 0) {
            m_elements = 0;
            m_rank = 0;
            return;
        }
        if (size == 1) {
            continue;
        }
        if (stride == 0) {
            m_repeated = true;
            continue;
        }
        m_elements *= static_cast<std::uint64_t>(size);
        if (m_rank > 0 && m_strides[m_rank - 1] == stride * size) {
            m_sizes[m_rank - 1] *= size;
            m_strides[m_rank - 1] = stride;
            continue;
        }
        if (m_rank == kMostDimensions) {
            throw std::length_error("a tensor of more than 64 dimensions");
        }
        m_sizes[m_rank] = size;
        m_strides[m_rank++] = stride;
    }
}

template <class T>
void Layout::gatherRow(const T* from, std::int64_t count, T* out) const {
    const std::int64_t stride = m_strides[m_rank - 1];
    if (stride == 1) {
        std::memcpy(out, from, static_cast<std::size_t>(count) * sizeof(T));
        return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        out[i] = from[i * stride];
    }
}

/// Transposed memory (the last dimension but one is the dense one): several rows at once, so that
/// each cache line is read once. `first` starts a row. Returns how many elements it copied, 0 = not
/// the case.
template <class T>
std::uint64_t Layout::gatherTile(std::uint64_t first, std::uint64_t count, T* out) const {
    if (m_rank < 2 || m_strides[m_rank - 2] != 1 || m_strides[m_rank - 1] == 1) {
        return 0;
    }
    const std::int64_t columns = m_sizes[m_rank - 1];
    std::int64_t row = static_cast<std::int64_t>(first) / columns;
    const std::int64_t inner = m_sizes[m_rank - 2];
    const std::int64_t rows =
        std::min({kTileRows, static_cast<std::int64_t>(count) / columns, inner - row % inner});
    const T* from = reinterpret_cast<const T*>(m_data) + row % inner;
    row /= inner;
    for (int d = m_rank - 3; d >= 0; --d) {
        from += row % m_sizes[d] * m_strides[d];
        row /= m_sizes[d];
    }
    const std::int64_t stride = m_strides[m_rank - 1];
    std::int64_t c = 0;
    // Square blocks, so that lines are written whole: columns of a power of two share cache sets.
    for (; rows == kTileRows && c + kTileRows <= columns; c += kTileRows) {
        T block[kTileRows][kTileRows];
        for (std::int64_t i = 0; i < kTileRows; ++i) {
            for (std::int64_t r = 0; r < kTileRows; ++r) {
                block[r][i] = from[(c + i) * stride + r];
            }
        }
        for (std::int64_t r = 0; r < kTileRows; ++r) {
            std::memcpy(out + r * columns + c, block[r], sizeof block[r]);
        }
    }
    for (; c < columns; ++c) {
        for (std::int64_t r = 0; r < rows; ++r) {
            out[r * columns + c] = from[c * stride + r];
        }
    }
    return static_cast<std::uint64_t>(rows * columns);
}

template <class T>
void Layout::gatherAs(std::uint64_t first, std::uint64_t count, T* out) const {
    const auto columns = static_cast<std::uint64_t>(m_sizes[m_rank - 1]);
    while (count > 0) {
        const std::uint64_t column = first % columns;
        std::uint64_t done = column == 0 && count >= columns ? gatherTile(first, count, out) : 0;
        if (done == 0) {
            std::uint64_t row = first / columns;
            const T* from = reinterpret_cast<const T*>(m_data) +
                            static_cast<std::int64_t>(column) * m_strides[m_rank - 1];
            for (int d = m_rank - 2; d >= 0; --d) {
                const auto size = static_cast<std::uint64_t>(m_sizes[d]);
                from += static_cast<std::int64_t>(row % size) * m_strides[d];
                row /= size;
            }
            done = std::min(columns - column, count);
            gatherRow(from, static_cast<std::int64_t>(done), out);
        }
        first += done;
        out += done;
        count -= done;
    }
}

void Layout::gather(std::uint64_t first, std::uint64_t count, std::byte* out) const {
    switch (m_itemBytes) {
    case 1:
        return gatherAs(first, count, reinterpret_cast<std::uint8_t*>(out));
    case 2:
        return gatherAs(first, count, reinterpret_cast<std::uint16_t*>(out));
    case 4:
        return gatherAs(first, count, reinterpret_cast<std::uint32_t*>(out));
    case 8:
        return gatherAs(first, count, reinterpret_cast<std::uint64_t*>(out));
    case 16:
        return gatherAs(first, count, reinterpret_cast<Item16*>(out));
    default:
        throw std::invalid_argument("an element size that is not 1, 2, 4, 8 or 16");
    }
}

namespace {

void read(const std::byte* data, std::uint64_t bytes, bool hash, Adder add, Reading& out) {
    if (hash) {
        out.fingerprint = trace::xxh3(data, bytes);
    }
    if (add != nullptr) {
        add(out.totals, data, bytes);
    }
}

void addTo(Totals& sum, const Totals& part) {
    sum.min = std::min(sum.min, part.min);
    sum.max = std::max(sum.max, part.max);
    sum.sum += part.sum;
    sum.squares += part.squares;
    sum.count += part.count;
    sum.nan += part.nan;
    sum.inf += part.inf;
    sum.zero += part.zero;
    sum.subnormal += part.subnormal;
}

} // namespace

Reading readContents(const Layout& layout, std::uint32_t itemBytes, bool hash, Adder add,
                     int mostHelpers, std::vector<trace::Fingerprint>& leaves) {
    Reading whole;
    const std::uint64_t total = layout.bytes();
    if (total <= trace::kLeafThreshold) {
        withPiece(layout, itemBytes, 0, total, [&](const std::byte* data, std::uint64_t bytes) {
            read(data, bytes, hash, add, whole);
        });
        return whole;
    }
    std::vector<Reading> parts((total + trace::kLeafBytes - 1) / trace::kLeafBytes);
    shareWork(parts.size(), mostHelpers, [&](std::size_t i) {
        const std::uint64_t at = i * trace::kLeafBytes;
        const std::uint64_t most = std::min<std::uint64_t>(trace::kLeafBytes, total - at);
        withPiece(layout, itemBytes, at, most, [&](const std::byte* data, std::uint64_t bytes) {
            read(data, bytes, hash, add, parts[i]);
        });
    });
    const std::size_t before = leaves.size();
    for (const Reading& part : parts) {
        addTo(whole.totals, part.totals);
        if (hash) {
            leaves.push_back(part.fingerprint);
        }
    }
    static_assert(sizeof(trace::Fingerprint) == 16);
    if (hash) {
        whole.fingerprint =
            trace::xxh3(leaves.data() + before, parts.size() * sizeof(trace::Fingerprint));
    }
    return whole;
}

} // namespace repro::host
