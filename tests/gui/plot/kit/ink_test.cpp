// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/ink.h"

#include <gtest/gtest.h>

#include <random>

namespace repro::gui::plot {
namespace {

TEST(InkSet, KeepsAllAndTellsTheHeaviest) {
    const InkSet inks = InkSet(Ink::Same) | Ink::Ulp4 | Ink::OnlyA;
    EXPECT_TRUE(inks.has(Ink::Ulp4));
    EXPECT_FALSE(inks.has(Ink::OnlyB));
    EXPECT_EQ(inks.heaviest(), Ink::OnlyA);
    EXPECT_TRUE(inks.notable());
    EXPECT_FALSE(InkSet(Ink::Same).notable());
    EXPECT_FALSE(InkSet().notable());
}

TEST(InkSet, BinsOfUlpAreThoseOfTheLegend) {
    EXPECT_EQ(inkOfUlp(0), Ink::Ulp1);
    EXPECT_EQ(inkOfUlp(3), Ink::Ulp1);
    EXPECT_EQ(inkOfUlp(4), Ink::Ulp4);
    EXPECT_EQ(inkOfUlp(31), Ink::Ulp4);
    EXPECT_EQ(inkOfUlp(1023), Ink::Ulp32);
    EXPECT_EQ(inkOfUlp((1U << 20U) - 1), Ink::Ulp1024);
    EXPECT_EQ(inkOfUlp(~0ULL), Ink::Ulp1M);
}

TEST(InkPyramid, MergesAsARowByRowUnionDoes) {
    std::mt19937 random(1);
    for (const int size : {1, 15, 16, 17, 256, 257, 5000}) {
        std::vector<InkSet> rows;
        for (int i = 0; i < size; ++i) {
            rows.push_back(random() % 40 == 0 ? InkSet(Ink(std::uint8_t(random() % kInkCount)))
                                              : InkSet());
        }
        const InkPyramid pyramid(rows);
        for (int trial = 0; trial < 300; ++trial) {
            const qint64 first = random() % (unsigned(size) + 1);
            const qint64 last = first + random() % unsigned(size - first + 1);
            InkSet expected;
            for (qint64 row = first; row < last; ++row) {
                expected |= rows[std::size_t(row)];
            }
            EXPECT_EQ(pyramid.merged(first, last), expected)
                << size << ": " << first << " " << last;
        }
    }
}

TEST(InkPyramid, OfNothingIsEmpty) {
    EXPECT_EQ(InkPyramid().size(), 0);
    EXPECT_EQ(InkPyramid(std::vector<InkSet>{}).merged(0, 0), InkSet());
}

} // namespace
} // namespace repro::gui::plot
