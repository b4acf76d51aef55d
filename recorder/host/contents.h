// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/statistics_kernel.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Logical contents of a strided tensor in host memory: row-major, dense, whatever its layout.
namespace repro::host {

/// Memory that a tensor occupies. Strides are in elements. Borrowed.
struct Strided {
    const std::byte* data = nullptr; ///< first element
    std::uint32_t itemBytes = 0;
    std::span<const std::int64_t> sizes;
    std::span<const std::int64_t> strides;
};

/// A layout reduced to what matters for reading: dimensions of size 1 and of stride 0 dropped,
/// adjacent ones merged. A dimension of stride 0 counts once in the contents.
class Layout {
public:
    explicit Layout(const Strided& tensor);
    [[nodiscard]] std::uint64_t bytes() const { return m_elements * m_itemBytes; }
    [[nodiscard]] bool dense() const { return m_rank == 0 || (m_rank == 1 && m_strides[0] == 1); }
    /// A dimension of stride 0 was dropped.
    [[nodiscard]] bool repeated() const { return m_repeated; }
    [[nodiscard]] const std::byte* data() const { return m_data; }

    /// Copies the contents [first, first + count) (in elements, row-major) to `out`.
    void gather(std::uint64_t first, std::uint64_t count, std::byte* out) const;

private:
    static constexpr int kMostDimensions = 64;
    template <class T>
    void gatherAs(std::uint64_t first, std::uint64_t count, T* out) const;
    template <class T>
    void gatherRow(const T* from, std::int64_t count, T* out) const;
    template <class T>
    std::uint64_t gatherTile(std::uint64_t first, std::uint64_t count, T* out) const;
    const std::byte* m_data;
    std::uint32_t m_itemBytes;
    std::uint64_t m_elements = 1;
    int m_rank = 0;
    bool m_repeated = false;
    std::int64_t m_sizes[kMostDimensions];
    std::int64_t m_strides[kMostDimensions];
};

/// Calls `piece(data, bytes)` for the contents in order: the whole where they have at most
/// trace::kLeafThreshold bytes, else leaves of trace::kLeafBytes. Empty contents are one empty
/// piece. Not dense: gathered into a buffer of the calling thread.
template <class Piece>
void forEachPiece(const Layout& layout, std::uint32_t itemBytes, Piece&& piece);

/// What one pass over the contents tells.
struct Reading {
    trace::Fingerprint fingerprint;
    Totals totals;
};

/// Reads the contents once: the fingerprint as trace/FORMAT.md defines it where `hash`, totals
/// where `add` is there. Leaves are appended to `leaves` where there are any; helper threads may
/// share them, which changes no result.
Reading readContents(const Layout& layout, std::uint32_t itemBytes, bool hash, Adder add,
                     int mostHelpers, std::vector<trace::Fingerprint>& leaves);

/// A buffer of the calling thread, grown to `bytes`; valid until the next call.
std::byte* threadBuffer(std::size_t bytes);

/// One of the pieces: `bytes` of the contents from `at` on.
template <class Piece>
void withPiece(const Layout& layout, std::uint32_t itemBytes, std::uint64_t at, std::uint64_t bytes,
               Piece&& piece) {
    if (layout.dense() || bytes == 0) {
        piece(layout.data() + at, bytes);
        return;
    }
    std::byte* buffer = threadBuffer(bytes);
    layout.gather(at / itemBytes, bytes / itemBytes, buffer);
    piece(static_cast<const std::byte*>(buffer), bytes);
}

template <class Piece>
void forEachPiece(const Layout& layout, std::uint32_t itemBytes, Piece&& piece) {
    const std::uint64_t total = layout.bytes();
    const std::uint64_t step = total <= trace::kLeafThreshold ? total : trace::kLeafBytes;
    std::uint64_t at = 0;
    do {
        const std::uint64_t bytes = total - at < step ? total - at : step;
        withPiece(layout, itemBytes, at, bytes, piece);
        at += bytes;
    } while (at < total);
}

} // namespace repro::host
