// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/cell_style.h"

#include <gtest/gtest.h>

#include <random>

namespace repro::gui::plot {
namespace {

TEST(CellStyleSet, KeepsAllAndTellsTheHeaviest) {
    const CellStyleSet styles = CellStyleSet(CellStyle::Same) | CellStyle::Ulp4 | CellStyle::OnlyA;
    EXPECT_TRUE(styles.has(CellStyle::Ulp4));
    EXPECT_FALSE(styles.has(CellStyle::OnlyB));
    EXPECT_EQ(styles.heaviest(), CellStyle::OnlyA);
    EXPECT_TRUE(styles.notable());
    EXPECT_FALSE(CellStyleSet(CellStyle::Same).notable());
    EXPECT_FALSE(CellStyleSet().notable());
}

TEST(CellStyleSet, BinsOfUlpAreThoseOfTheLegend) {
    EXPECT_EQ(styleOfUlp(0), CellStyle::Ulp1);
    EXPECT_EQ(styleOfUlp(3), CellStyle::Ulp1);
    EXPECT_EQ(styleOfUlp(4), CellStyle::Ulp4);
    EXPECT_EQ(styleOfUlp(31), CellStyle::Ulp4);
    EXPECT_EQ(styleOfUlp(1023), CellStyle::Ulp32);
    EXPECT_EQ(styleOfUlp((1U << 20U) - 1), CellStyle::Ulp1024);
    EXPECT_EQ(styleOfUlp(~0ULL), CellStyle::Ulp1M);
}

TEST(CellStylePyramid, MergesAsARowByRowUnionDoes) {
    std::mt19937 random(1);
    for (const int size : {1, 15, 16, 17, 256, 257, 5000}) {
        std::vector<CellStyleSet> rows;
        for (int i = 0; i < size; ++i) {
            rows.push_back(random() % 40 == 0
                               ? CellStyleSet(CellStyle(std::uint8_t(random() % kCellStyleCount)))
                               : CellStyleSet());
        }
        const CellStylePyramid pyramid(rows);
        for (int trial = 0; trial < 300; ++trial) {
            const qint64 first = random() % (unsigned(size) + 1);
            const qint64 last = first + random() % unsigned(size - first + 1);
            CellStyleSet expected;
            for (qint64 row = first; row < last; ++row) {
                expected |= rows[std::size_t(row)];
            }
            EXPECT_EQ(pyramid.merged(first, last), expected)
                << size << ": " << first << " " << last;
        }
    }
}

TEST(CellStylePyramid, OfNothingIsEmpty) {
    EXPECT_EQ(CellStylePyramid().size(), 0);
    EXPECT_EQ(CellStylePyramid(std::vector<CellStyleSet>{}).merged(0, 0), CellStyleSet());
}

} // namespace
} // namespace repro::gui::plot
