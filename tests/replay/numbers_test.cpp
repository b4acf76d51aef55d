// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
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
    const Difference d = compare<std::uint8_t>(DType::Float8E5M2, {1, 2, 3}, {1, 0, 0});
    EXPECT_EQ(d.elements, 2U);
    EXPECT_EQ(d.maxAbs, std::nullopt);
}

} // namespace
} // namespace repro::replay
