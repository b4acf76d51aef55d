// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace repro::trace {

/// The rows of one column in memory, in pieces that each take as many bits a row as the piece's
/// numbers differ by: none where all are equal, two for the direction of a use, 16 for the ordinals
/// of a few thousand events. What says "none" (the largest number of the type) costs nothing.
template <class T>
class PackedRows {
public:
    static constexpr std::uint64_t kPieceRows = 4096;

    /// Requires: all appended before were whole pieces.
    void append(std::span<const T> rows) {
        while (!rows.empty()) {
            const auto piece = rows.first(std::min<std::size_t>(rows.size(), kPieceRows));
            appendPiece(piece);
            rows = rows.subspan(piece.size());
        }
    }

    [[nodiscard]] T operator[](std::uint64_t row) const {
        const Piece& piece = m_pieces[row / kPieceRows];
        if (piece.bits == 0) {
            return static_cast<T>(piece.least);
        }
        const std::uint64_t bit = row % kPieceRows * piece.bits;
        std::uint64_t word; // holds the row whole: one that is no whole bytes shares a byte
        std::memcpy(&word, piece.rows.get() + bit / 8, sizeof word);
        const std::uint64_t stored = word >> (bit % 8) & mostOf(piece.bits);
        return static_cast<T>(
            stored == mostOf(piece.bits) ? kNone : static_cast<Bits>(piece.least + stored));
    }

private:
    using Bits = std::make_unsigned_t<T>;
    static constexpr Bits kNone = std::numeric_limits<Bits>::max();
    static std::uint64_t mostOf(std::uint8_t bits) { return ~std::uint64_t{0} >> (64U - bits); }
    /// Bytes behind the rows: they are read eight at a time.
    static constexpr std::size_t kSlack = sizeof(std::uint64_t);
    struct Piece {
        std::unique_ptr<std::byte[]> rows;
        Bits least = 0;
        std::uint8_t bits = 0; ///< a row
    };

    /// As `operator[]` reads: rows that share a byte, the first in its lowest bits.
    static std::unique_ptr<std::byte[]> packed(std::span<const T> rows, Bits least,
                                               std::uint8_t bits) {
        auto packed = std::make_unique<std::byte[]>((rows.size() * bits + 7) / 8 + kSlack);
        const std::uint64_t most = mostOf(bits);
        std::byte* next = packed.get();
        std::uint64_t word = 0;
        unsigned filled = 0; // bits of the word, which every width divides
        for (const T row : rows) {
            const auto value = static_cast<Bits>(row);
            word |= (value == kNone ? most : value - least) << filled;
            filled += bits;
            if (filled == 64) {
                std::memcpy(next, &word, sizeof word);
                next += sizeof word;
                word = filled = 0;
            }
        }
        std::memcpy(next, &word, sizeof word);
        return packed;
    }

    void appendPiece(std::span<const T> rows) {
        Bits least = kNone, most = 0;
        bool anyNone = false;
        for (const T row : rows) {
            const auto bits = static_cast<Bits>(row);
            anyNone |= bits == kNone;
            least = bits < least ? bits : least;
            most = bits > most && bits != kNone ? bits : most;
        }
        Piece& piece = m_pieces.emplace_back();
        piece.least = least;
        const std::uint64_t range = least == kNone ? 0 : static_cast<Bits>(most - least);
        if (least == kNone || (range == 0 && !anyNone)) {
            return; // all none, or all the same
        }
        constexpr std::uint8_t kWidths[] = {2, 4, 8, 16, 32, 64};
        piece.bits =
            *std::ranges::find_if(kWidths, [&](std::uint8_t bits) { return range < mostOf(bits); });
        piece.rows = packed(rows, least, piece.bits);
    }

    std::vector<Piece> m_pieces;
};

} // namespace repro::trace
