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
        const std::uint64_t most = ~std::uint64_t{0} >> (64U - piece.bits);
        const std::uint64_t stored = word >> (bit % 8) & most;
        return static_cast<T>(stored == most ? kNone : static_cast<Bits>(piece.least + stored));
    }

private:
    using Bits = std::make_unsigned_t<T>;
    static constexpr Bits kNone = std::numeric_limits<Bits>::max();
    /// Bytes behind the rows: they are read eight at a time.
    static constexpr std::size_t kSlack = sizeof(std::uint64_t);
    struct Piece {
        std::unique_ptr<std::byte[]> rows;
        Bits least = 0;
        std::uint8_t bits = 0; ///< a row
    };

    /// Rows that share a byte, the first in its lowest bits.
    template <unsigned kBits>
    static void writeParts(Piece& piece, std::span<const T> rows) {
        constexpr unsigned kMost = (1U << kBits) - 1;
        piece.bits = kBits;
        piece.rows = std::make_unique<std::byte[]>((rows.size() * kBits + 7) / 8 + kSlack);
        for (std::size_t at = 0; at < rows.size(); ++at) {
            const auto bits = static_cast<Bits>(rows[at]);
            const unsigned stored =
                bits == kNone ? kMost : static_cast<unsigned>(bits - piece.least);
            piece.rows[at * kBits / 8] |= std::byte(stored << (at * kBits % 8));
        }
    }

    template <class Stored>
    static void write(Piece& piece, std::span<const T> rows) {
        piece.bits = 8 * sizeof(Stored);
        piece.rows = std::make_unique<std::byte[]>(rows.size() * sizeof(Stored) + kSlack);
        for (std::size_t at = 0; at < rows.size(); ++at) {
            const auto bits = static_cast<Bits>(rows[at]);
            const auto stored =
                static_cast<Stored>(bits == kNone ? kNone : static_cast<Bits>(bits - piece.least));
            std::memcpy(piece.rows.get() + at * sizeof stored, &stored, sizeof stored);
        }
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
        if (range < 0x3U) {
            writeParts<2>(piece, rows);
        } else if (range < 0xFU) {
            writeParts<4>(piece, rows);
        } else if (range < 0xFFU) {
            write<std::uint8_t>(piece, rows);
        } else if (range < 0xFFFFU) {
            write<std::uint16_t>(piece, rows);
        } else if (range < 0xFFFFFFFFU) {
            write<std::uint32_t>(piece, rows);
        } else {
            write<std::uint64_t>(piece, rows);
        }
    }

    std::vector<Piece> m_pieces;
};

} // namespace repro::trace
