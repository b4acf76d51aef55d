// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers.h"
#include "replay/numbers/elements.h"
#include "replay/numbers/formats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace repro::replay {

extern const ElementKernels elementsSse2, elementsAvx2, elementsAvx512;

namespace {

/// Of this machine's instruction sets.
std::vector<std::pair<const char*, const ElementKernels*>> allKernels() {
    std::vector<std::pair<const char*, const ElementKernels*>> all = {{"sse2", &elementsSse2}};
    if (__builtin_cpu_supports("avx2")) {
        all.emplace_back("avx2", &elementsAvx2);
    }
    if (__builtin_cpu_supports("avx512f")) {
        all.emplace_back("avx512", &elementsAvx512);
    }
    return all;
}

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
    EXPECT_EQ(pattern({0, 1, 9, 23}), "scattered");
    EXPECT_EQ(pattern({6, 7, 8, 9, 10, 11}, 0.5F), "row [1, :], all by the factor 0.5");
}

/// Numbers of every kind: equal, neighbours, far, of two signs, infinite, NaN.
template <class Bits>
std::pair<std::vector<Bits>, std::vector<Bits>> mixture(std::size_t count, Bits infinity) {
    std::mt19937_64 random(7);
    std::vector<Bits> a(count), b(count);
    for (std::size_t i = 0; i < count; ++i) {
        a[i] = static_cast<Bits>(random());
        const auto kind = random() % 8;
        b[i] = kind < 3    ? a[i]
               : kind == 3 ? static_cast<Bits>(a[i] + random() % 9)
               : kind == 4 ? static_cast<Bits>(random())
               : kind == 5 ? infinity
               : kind == 6 ? static_cast<Bits>(a[i] ^ (Bits(1) << (8 * sizeof(Bits) - 1)))
                           : static_cast<Bits>(infinity + 1);
        if (random() % 50 == 0) {
            a[i] = 0;
            b[i] = static_cast<Bits>(Bits(1) << (8 * sizeof(Bits) - 1));
        }
    }
    return {a, b};
}

/// The definition, element by element.
template <class Format>
ElementTotals byDefinition(const std::vector<typename Format::Storage>& a,
                           const std::vector<typename Format::Storage>& b) {
    ElementTotals totals;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double u = Format::read(a[i]), v = Format::read(b[i]);
        if (a[i] == b[i]) {
            continue;
        }
        totals.first = std::min<std::uint64_t>(totals.first, i);
        ++totals.differing;
        if (!std::isfinite(u) || !std::isfinite(v)) {
            totals.oneSided += std::isfinite(u) != std::isfinite(v) ? 1 : 0;
            continue;
        }
        const std::uint64_t ulps = ulpsBetween(a[i], b[i]);
        ++totals.ulps[static_cast<std::size_t>(std::bit_width(ulps))];
        if (ulps > totals.maxUlp) {
            totals.maxUlp = ulps;
            totals.worst = i;
        }
        totals.maxAbs = std::max(totals.maxAbs, std::abs(u - v));
        totals.sumAbs += std::abs(u - v);
    }
    return totals;
}

template <class Format>
void expectKernelsRight(CompareElements ElementKernels::*kernel,
                        typename Format::Storage infinity) {
    for (const std::size_t count : {1, 7, 16, 1000, 1024, 5003}) {
        const auto [a, b] = mixture<typename Format::Storage>(count, infinity);
        const ElementTotals expected = byDefinition<Format>(a, b);
        for (const auto& [name, kernels] : allKernels()) {
            SCOPED_TRACE(std::string(name) + " " + std::to_string(count));
            ElementTotals found;
            (kernels->*kernel)(found, reinterpret_cast<const std::byte*>(a.data()),
                               reinterpret_cast<const std::byte*>(b.data()), count, 0);
            EXPECT_EQ(found.differing, expected.differing);
            EXPECT_EQ(found.first, expected.first);
            EXPECT_EQ(found.oneSided, expected.oneSided);
            EXPECT_EQ(found.maxUlp, expected.maxUlp);
            EXPECT_EQ(found.worst, expected.worst);
            EXPECT_EQ(found.maxAbs, expected.maxAbs);
            EXPECT_EQ(found.ulps, expected.ulps);
            // In float64 random bits add up to infinity.
            EXPECT_TRUE(found.sumAbs == expected.sumAbs ||
                        std::abs(found.sumAbs / expected.sumAbs - 1) < 1e-12);
        }
    }
}

TEST(ReplayNumbers, KernelsOfEveryInstructionSetAreRight) {
    expectKernelsRight<Float64Format>(&ElementKernels::float64, 0x7FF0000000000000ULL);
    expectKernelsRight<Float32Format>(&ElementKernels::float32, 0x7F800000U);
    expectKernelsRight<Float16Format>(&ElementKernels::float16, 0x7C00U);
    expectKernelsRight<BFloat16Format>(&ElementKernels::bfloat16, 0x7F80U);
}

} // namespace
} // namespace repro::replay
