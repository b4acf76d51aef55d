// SPDX-License-Identifier: BSD-3-Clause
#include "trace/packed_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace repro::trace {
namespace {

/// What went in comes out, whatever else lies in the piece.
template <class T>
void expectKept(const std::vector<T>& rows) {
    PackedRows<T> packed;
    packed.append(rows);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        ASSERT_EQ(packed[row], rows[row]) << "row " << row;
    }
}

template <class T>
class PackedRowsTest : public ::testing::Test {};
using Types =
    ::testing::Types<std::uint8_t, std::int8_t, std::uint16_t, std::uint32_t, std::uint64_t>;
TYPED_TEST_SUITE(PackedRowsTest, Types);

TYPED_TEST(PackedRowsTest, KeepsNumbersOfEveryWidth) {
    using T = TypeParam;
    constexpr auto kMost = std::numeric_limits<std::make_unsigned_t<T>>::max();
    for (unsigned bits = 0; bits <= 8 * sizeof(T); ++bits) {
        const std::uint64_t top = bits == 8 * sizeof(T) ? kMost : (std::uint64_t{1} << bits) - 1;
        for (const std::uint64_t base : {std::uint64_t{0}, std::uint64_t{kMost} - top}) {
            std::vector<T> rows;
            for (const std::uint64_t step :
                 {std::uint64_t{0}, top / 2, top - (top > 0 ? 1 : 0), top}) {
                rows.push_back(static_cast<T>(base + step));
            }
            expectKept(rows);
            rows.push_back(static_cast<T>(kMost)); // what stands for none, too
            expectKept(rows);
        }
    }
}

TYPED_TEST(PackedRowsTest, KeepsRowsThatShareAByteApart) {
    using T = TypeParam;
    for (const int numbers : {2, 3, 4, 7, 15, 16}) {
        std::vector<T> rows;
        for (int row = 0; row < 1001; ++row) {
            rows.push_back(static_cast<T>(row * row % (numbers + 1) - 1)); // -1: none
        }
        expectKept(rows);
    }
}

TYPED_TEST(PackedRowsTest, KeepsPiecesThatHoldOneNumberOrNone) {
    using T = TypeParam;
    constexpr std::size_t kPiece = PackedRows<T>::kPieceRows;
    std::vector<T> rows(2 * kPiece + 1, static_cast<T>(7));
    std::fill_n(rows.begin() + kPiece, kPiece, static_cast<T>(-1));
    expectKept(rows);
    rows[kPiece - 1] = static_cast<T>(-1);
    expectKept(rows);
}

} // namespace
} // namespace repro::trace
