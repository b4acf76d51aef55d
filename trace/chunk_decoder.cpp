// SPDX-License-Identifier: BSD-3-Clause
#include "trace/chunk_decoder.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <emmintrin.h>
#include <limits>
#include <vector>
#include <zlib.h>

namespace repro::trace::hdf5 {
namespace {

/// HDF5's Fletcher-32: over big-endian words of 16 bits, an odd byte as the high half of one.
std::uint32_t fletcher32(std::span<const std::byte> bytes) {
    constexpr std::size_t kWordsBeforeFold = 360; // more could overflow
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    const auto fold = [](std::uint32_t sum) { return (sum & 0xFFFFU) + (sum >> 16U); };
    std::uint32_t low = 0, high = 0;
    const std::size_t words = bytes.size() / 2;
    for (std::size_t word = 0; word < words;) {
        const std::size_t end = std::min(words, word + kWordsBeforeFold);
        for (; word < end; ++word) {
            low += at(2 * word) << 8U | at(2 * word + 1);
            high += low;
        }
        low = fold(low);
        high = fold(high);
    }
    if (bytes.size() % 2 != 0) {
        low += at(bytes.size() - 1) << 8U;
        high += low;
        low = fold(low);
        high = fold(high);
    }
    return fold(high) << 16U | fold(low);
}

/// Requires: `rows` has as many bytes as were compressed.
bool inflateInto(std::span<const std::byte> stored, std::span<std::byte> rows) {
    constexpr std::size_t kHeaderBytes = 2; // then raw deflate, and a checksum that is not needed
    constexpr int kRaw = -15;
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    z_stream stream{};
    if (stored.size() < kHeaderBytes || stored.size() > kMost || rows.size() > kMost ||
        inflateInit2(&stream, kRaw) != Z_OK) {
        return false;
    }
    stored = stored.subspan(kHeaderBytes);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(stored.data()));
    stream.avail_in = static_cast<uInt>(stored.size());
    stream.next_out = reinterpret_cast<Bytef*>(rows.data());
    stream.avail_out = static_cast<uInt>(rows.size());
    const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    return whole;
}

/// 16 rows at a time, by merging halves of the planes until each row's bytes are together.
/// Returns: how many rows it did.
template <std::size_t kRowSize>
std::size_t unshuffleBlocks(const std::byte* planes, std::size_t count, std::byte* rows) {
    constexpr std::size_t kBlock = sizeof(__m128i);
    constexpr std::size_t kHalf = kRowSize / 2;
    std::size_t done = 0;
    for (; done + kBlock <= count; done += kBlock) {
        __m128i now[kRowSize], next[kRowSize];
        for (std::size_t i = 0; i < kRowSize; ++i) {
            std::memcpy(&now[i], planes + i * count + done, kBlock);
        }
        for (std::size_t merged = 1; merged < kRowSize; merged *= 2) {
            for (std::size_t i = 0; i < kHalf; ++i) {
                next[2 * i] = _mm_unpacklo_epi8(now[i], now[i + kHalf]);
                next[2 * i + 1] = _mm_unpackhi_epi8(now[i], now[i + kHalf]);
            }
            std::memcpy(now, next, sizeof now);
        }
        std::memcpy(rows + done * kRowSize, now, sizeof now);
    }
    return done;
}

/// First all first bytes of the rows, then all second ones, ...
void unshuffle(std::span<const std::byte> planes, std::size_t rowSize, std::span<std::byte> rows) {
    const std::size_t count = rows.size() / rowSize;
    const std::size_t done = rowSize == 8   ? unshuffleBlocks<8>(planes.data(), count, rows.data())
                             : rowSize == 4 ? unshuffleBlocks<4>(planes.data(), count, rows.data())
                             : rowSize == 2 ? unshuffleBlocks<2>(planes.data(), count, rows.data())
                                            : 0;
    for (std::size_t row = done; row < count; ++row) {
        for (std::size_t plane = 0; plane < rowSize; ++plane) {
            rows[row * rowSize + plane] = planes[plane * count + row];
        }
    }
}

} // namespace

bool decodeChunk(std::span<const std::byte> stored, ChunkFilters filters, std::size_t rowSize,
                 std::span<std::byte> rows) {
    std::uint32_t checksum = 0;
    if (stored.size() < sizeof checksum) {
        return false;
    }
    std::memcpy(&checksum, stored.last(sizeof checksum).data(), sizeof checksum);
    stored = stored.first(stored.size() - sizeof checksum);
    if (fletcher32(stored) != checksum) {
        return false;
    }
    static thread_local std::vector<std::byte> planes; // of one chunk; used again
    planes.resize(filters.shuffle ? rows.size() : 0);
    const std::span<std::byte> target = filters.shuffle ? std::span(planes) : rows;
    if (filters.deflate) {
        if (!inflateInto(stored, target)) {
            return false;
        }
    } else if (stored.size() == target.size()) {
        std::memcpy(target.data(), stored.data(), stored.size());
    } else {
        return false;
    }
    if (filters.shuffle) {
        unshuffle(planes, rowSize, rows);
    }
    return true;
}

} // namespace repro::trace::hdf5
