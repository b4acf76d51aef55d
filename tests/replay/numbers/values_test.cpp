// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/pattern.h"
#include "replay/numbers/values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace repro::replay {
namespace {

using trace::DType;

template <class T>
Difference compare(DType dtype, const std::vector<T>& a, const std::vector<T>& b) {
    return compareNumbers(dtype, std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

TEST(ReplayNumbers, NeighboursAreOneUlpApart) {
    const float next = std::nextafter(1.0F, 2.0F);
    const Difference d = compare<float>(DType::Float32, {0, 1, 2}, {0, next, 2});
    EXPECT_EQ(d.elements, 1U);
    EXPECT_EQ(d.maxUlp, 1U);
    EXPECT_EQ(d.firstIndex, 1U);
    EXPECT_FLOAT_EQ(static_cast<float>(*d.maxAbs), next - 1.0F);
}

TEST(ReplayNumbers, UlpsCountThroughZero) {
    const double tiny = std::numeric_limits<double>::denorm_min();
    EXPECT_EQ(compare<double>(DType::Float64, {-tiny}, {tiny}).maxUlp, 2U);
    const Difference zeros = compare<double>(DType::Float64, {-0.0}, {0.0});
    EXPECT_EQ(zeros.elements, 1U);
    EXPECT_EQ(zeros.maxUlp, 0U);
}

TEST(ReplayNumbers, FarthestDoublesDoNotOverflow) {
    const double max = std::numeric_limits<double>::max();
    EXPECT_EQ(compare<double>(DType::Float64, {-max}, {max}).maxUlp, 0xFFDFFFFFFFFFFFFEULL);
}

TEST(ReplayNumbers, EqualNanIsEqualAndOneSidedNanIsSaid) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(compare<float>(DType::Float32, {nan}, {nan}).elements, 0U);
    const Difference d = compare<float>(DType::Float32, {nan}, {1.0F});
    EXPECT_EQ(d.nonFinite, true);
    EXPECT_EQ(d.maxUlp, 0U);
}

TEST(ReplayNumbers, HalvesAreReadAsNumbers) {
    // 1.0 and 2.0; subnormal 2^-24 and zero.
    const Difference d = compare<std::uint16_t>(DType::Float16, {0x3C00, 0x0001}, {0x4000, 0x0000});
    EXPECT_EQ(d.maxAbs, 1.0);
    EXPECT_EQ(d.maxUlp, 1024U);
    EXPECT_EQ(compare<std::uint16_t>(DType::BFloat16, {0x3F80}, {0x4000}).maxAbs, 1.0);
}

TEST(ReplayNumbers, PartsOfAComplexNumberAreOneElement) {
    const Difference d = compare<float>(DType::Complex64, {1, 2, 3, 4}, {9, 9, 3, 4});
    EXPECT_EQ(d.elements, 1U);
    EXPECT_EQ(d.firstIndex, 0U);
}

TEST(ReplayNumbers, IntegersHaveNoUlp) {
    const Difference d = compare<std::int64_t>(DType::Int64, {1, 5}, {1, -5});
    EXPECT_EQ(d.maxUlp, std::nullopt);
    EXPECT_EQ(d.maxAbs, 10.0);
}

TEST(ReplayNumbers, FormatsWithoutNumbersAreCountedByBytes) {
    const Difference d = compare<std::uint8_t>(DType::QUInt4x2, {1, 2, 3}, {1, 0, 0});
    EXPECT_EQ(d.elements, 2U);
    EXPECT_EQ(d.maxAbs, std::nullopt);
}

TEST(ReplayNumbers, EightBitFloatsAreReadAsNumbers) {
    // 1.0 and its neighbour in each format.
    const auto step = [](DType dtype, std::uint8_t one) {
        return compare<std::uint8_t>(dtype, {one}, {static_cast<std::uint8_t>(one + 1)});
    };
    EXPECT_EQ(step(DType::Float8E5M2, 0x3C).maxAbs, 0.25);
    EXPECT_EQ(step(DType::Float8E4M3FN, 0x38).maxAbs, 0.125);
    EXPECT_EQ(step(DType::Float8E5M2FNUZ, 0x40).maxAbs, 0.25);
    EXPECT_EQ(step(DType::Float8E4M3FNUZ, 0x40).maxAbs, 0.125);
    EXPECT_EQ(step(DType::Float8E4M3FN, 0x7E).nonFinite, true); // 448 and NaN
}

TEST(ReplayNumbers, FirstAndWorstElementAreShownToTheLastBit) {
    const float next = std::nextafter(1.0F, 2.0F);
    const Difference d = compare<float>(DType::Float32, {1, 0.1F, 3}, {next, 0.2F, 3});
    EXPECT_EQ(d.firstIndex, 0U);
    EXPECT_EQ(d.firstPair->a, "1");
    EXPECT_EQ(d.firstPair->b, "1.0000001");
    EXPECT_EQ(d.firstPair->bitsB, "0x3f800001");
    EXPECT_EQ(d.worstIndex, 1U);
    EXPECT_EQ(d.worstPair->a, "0.1");
    EXPECT_FLOAT_EQ(static_cast<float>(*d.maxRel), 1.0F);
}

TEST(ReplayNumbers, UlpsAreCountedByPowersOfTwo) {
    const std::vector<std::uint32_t> a(6, 0x3F800000U);
    const Difference d = compare<std::uint32_t>(
        DType::Float32, a,
        {0x3F800000U, 0x3F800001U, 0x3F800002U, 0x3F800003U, 0x3F800004U, 0x3F7FFFFFU});
    EXPECT_EQ(d.ulpHistogram, (std::vector<std::uint64_t>{0, 2, 2, 1}));
    const Difference zeros = compare<float>(DType::Float32, {0, 1}, {-0.0F, 1});
    EXPECT_EQ(zeros.ulpHistogram, (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(zeros.meanAbs, 0.0);
}

TEST(ReplayNumbers, HowTheDifferencesLieIsSaid) {
    const std::vector<std::int64_t> shape = {4, 6};
    const auto pattern = [&](const std::vector<int>& where, float factor = 1.5F) {
        std::vector<float> a(24), b;
        for (int i = 0; i < 24; ++i) {
            a[static_cast<std::size_t>(i)] = static_cast<float>(i * i + 1);
        }
        b = a;
        for (const int i : where) {
            // Not one factor for all, unless it is asked for.
            b[static_cast<std::size_t>(i)] *=
                factor == 1.5F ? 1.5F + static_cast<float>(i) : factor;
        }
        return compareNumbers(DType::Float32, std::as_bytes(std::span(a)),
                              std::as_bytes(std::span(b)), shape)
            .pattern;
    };
    EXPECT_EQ(pattern({}), "");
    EXPECT_EQ(pattern({7}), "one element");
    EXPECT_EQ(pattern({6, 7, 8, 9, 10, 11}), "row [1, :]");
    EXPECT_EQ(pattern({1, 7, 13, 19}), "block [:, 1]");
    EXPECT_EQ(pattern({8, 9, 14, 15}), "block [1:3, 2:4]");
    EXPECT_EQ(pattern({0, 5, 10, 15, 20}), "every 5th element");
    EXPECT_EQ(pattern({1, 2, 8, 9, 15, 16, 22, 23}), "2 of every 7 elements");
    EXPECT_EQ(pattern({16, 17, 18, 19, 20, 21, 22, 23}), "the last 8 elements");
    EXPECT_EQ(pattern({0, 1, 9, 23}), "scattered");
    EXPECT_EQ(pattern({6, 7, 8, 9, 10, 11}, 0.5F), "row [1, :], all by the factor 0.5");
}

TEST(ReplayNumbers, ABlockThatIsATileIsCalledOne) {
    const std::vector<std::int64_t> shape = {32, 48};
    const auto block = [&](std::uint64_t top, std::uint64_t left, std::uint64_t side) {
        std::vector<Stretch> rows;
        for (std::uint64_t row = top; row < top + side; ++row) {
            rows.push_back({row * 48 + left, row * 48 + left + side});
        }
        return patternOf(shape, rows);
    };
    EXPECT_EQ(block(16, 32, 16), "block [16:32, 32:48], a tile of 16 x 16");
    EXPECT_EQ(block(15, 32, 16), "block [15:31, 32:48]") << "beside the grid of tiles";
    EXPECT_EQ(block(12, 24, 12), "block [12:24, 24:36]");
}

} // namespace
} // namespace repro::replay
