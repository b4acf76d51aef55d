// SPDX-License-Identifier: BSD-3-Clause
// What compares whole tensors, held to the definition of each number that it gives.
#include "replay/numbers/elements.h"
#include "replay/numbers/formats.h"
#include "replay/numbers/values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace repro::replay {

extern const ElementKernels elementsSse2, elementsAvx2, elementsAvx512;

namespace {

using trace::DType;

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
        totals.maxRel = u != 0 ? std::max(totals.maxRel, std::abs((u - v) / u)) : totals.maxRel;
    }
    return totals;
}

template <class Format>
void expectKernelsRight(CompareElements ElementKernels::*kernel,
                        typename Format::Storage infinity) {
    constexpr std::size_t kBlock = kBlockBytes / sizeof(typename Format::Storage);
    for (const std::size_t count : {1, 7, 16, 1000, 1024, 5003}) {
        const auto [a, b] = mixture<typename Format::Storage>(count, infinity);
        const ElementTotals expected = byDefinition<Format>(a, b);
        for (const auto& [name, kernels] : allKernels()) {
            SCOPED_TRACE(std::string(name) + " " + std::to_string(count));
            ElementTotals found;
            for (std::size_t i = 0; i < count; i += kBlock) {
                const auto* x = reinterpret_cast<const std::byte*>(a.data() + i);
                const auto* y = reinterpret_cast<const std::byte*>(b.data() + i);
                const std::size_t size = std::min(count - i, kBlock);
                const std::uint64_t lines =
                    kernels->differingLines(x, y, size * sizeof(typename Format::Storage));
                if (lines != 0) {
                    (kernels->*kernel)(found, x, y, size, i, lines);
                }
            }
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

TEST(ReplayElements, KernelsOfEveryInstructionSetAreRight) {
    expectKernelsRight<Float64Format>(&ElementKernels::float64, 0x7FF0000000000000ULL);
    expectKernelsRight<Float32Format>(&ElementKernels::float32, 0x7F800000U);
    expectKernelsRight<Float16Format>(&ElementKernels::float16, 0x7C00U);
    expectKernelsRight<BFloat16Format>(&ElementKernels::bfloat16, 0x7F80U);
}

/// Lengths around lines, registers and blocks, and of several blocks.
constexpr std::size_t kCounts[] = {1, 15, 33, 1000, 1025, 4097, 70001};

/// Calls `check(a, b)` with contents that are equal, that differ here and there, and everywhere.
template <class Bits, class Check>
void eachKind(Bits infinity, Check check) {
    for (const std::size_t count : kCounts) {
        for (const std::size_t every : {std::size_t{0}, std::size_t{997}, std::size_t{1}}) {
            SCOPED_TRACE(std::to_string(count) + " elements, every " + std::to_string(every));
            auto [a, b] = mixture<Bits>(count, infinity);
            for (std::size_t i = 0; i < count; ++i) {
                b[i] = every == 0 || i % every != 0 ? a[i] : b[i];
            }
            check(a, b);
        }
    }
}

template <class Bits>
Difference compare(DType dtype, const std::vector<Bits>& a, const std::vector<Bits>& b) {
    return compareNumbers(dtype, std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

void expectClose(double found, double expected) {
    EXPECT_TRUE(found == expected || std::abs(found / expected - 1) < 1e-6)
        << found << " instead of " << expected;
}

template <class Format>
void expectFloats(DType dtype, typename Format::Storage infinity) {
    using Bits = typename Format::Storage;
    eachKind<Bits>(infinity, [&](const std::vector<Bits>& a, const std::vector<Bits>& b) {
        const ElementTotals expected = byDefinition<Format>(a, b);
        const Difference found = compare(dtype, a, b);
        EXPECT_EQ(found.elements, expected.differing);
        EXPECT_EQ(found.nonFinite, expected.oneSided > 0);
        EXPECT_EQ(found.maxUlp, expected.maxUlp);
        EXPECT_EQ(found.maxAbs, expected.maxAbs);
        std::uint64_t finite = 0;
        for (std::size_t bucket = 0; bucket < kUlpBuckets; ++bucket) {
            const auto& counts = found.ulpHistogram;
            EXPECT_EQ(bucket < counts.size() ? counts[bucket] : 0, expected.ulps[bucket]) << bucket;
            finite += expected.ulps[bucket];
        }
        expectClose(found.meanAbs.value_or(-1),
                    finite > 0 ? expected.sumAbs / static_cast<double>(finite) : 0);
        // A quotient of float32 may be too large for it.
        if (expected.maxRel < 1e30) {
            expectClose(found.maxRel.value_or(-1), expected.maxRel);
        }
        if (expected.differing > 0) {
            EXPECT_EQ(found.firstIndex, expected.first);
            EXPECT_EQ(found.worstIndex,
                      expected.worst == kNoElement ? expected.first : expected.worst);
        }
    });
}

TEST(ReplayElements, FloatsOfEveryTypeAndLengthAreAsDefined) {
    expectFloats<Float64Format>(DType::Float64, 0x7FF0000000000000ULL);
    expectFloats<Float32Format>(DType::Float32, 0x7F800000U);
    expectFloats<Float16Format>(DType::Float16, 0x7C00U);
    expectFloats<BFloat16Format>(DType::BFloat16, 0x7F80U);
    expectFloats<Float8E5M2Format>(DType::Float8E5M2, 0x7CU);
    expectFloats<Float8E4M3FNFormat>(DType::Float8E4M3FN, 0x7EU);
    expectFloats<Float8E5M2FNUZFormat>(DType::Float8E5M2FNUZ, 0x7FU);
    expectFloats<Float8E4M3FNUZFormat>(DType::Float8E4M3FNUZ, 0x7FU);
}

template <class Format>
void expectComplex(DType dtype, typename Format::Storage infinity) {
    using Bits = typename Format::Storage;
    eachKind<Bits>(infinity, [&](std::vector<Bits> a, std::vector<Bits> b) {
        a.resize(a.size() / 2 * 2);
        b.resize(a.size());
        const ElementTotals parts = byDefinition<Format>(a, b);
        std::uint64_t differing = 0;
        for (std::size_t i = 0; i < a.size(); i += 2) {
            differing += a[i] != b[i] || a[i + 1] != b[i + 1] ? 1 : 0;
        }
        const Difference found = compare(dtype, a, b);
        EXPECT_EQ(found.elements, differing);
        EXPECT_EQ(found.maxUlp, parts.maxUlp);
        EXPECT_EQ(found.maxAbs, parts.maxAbs);
        if (differing > 0) {
            EXPECT_EQ(found.firstIndex, parts.first / 2);
            EXPECT_EQ(found.worstIndex,
                      (parts.worst == kNoElement ? parts.first : parts.worst) / 2);
        }
    });
}

TEST(ReplayElements, ComplexNumbersOfEveryTypeAndLengthAreAsDefined) {
    expectComplex<Float64Format>(DType::Complex128, 0x7FF0000000000000ULL);
    expectComplex<Float32Format>(DType::Complex64, 0x7F800000U);
    expectComplex<Float16Format>(DType::ComplexHalf, 0x7C00U);
}

template <class T>
void expectIntegers(DType dtype) {
    using Bits = std::make_unsigned_t<T>;
    eachKind<Bits>(3, [&](const std::vector<Bits>& a, const std::vector<Bits>& b) {
        std::uint64_t differing = 0, first = 0, worst = 0;
        double most = 0, sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double distance = std::abs(static_cast<double>(static_cast<T>(a[i])) -
                                             static_cast<double>(static_cast<T>(b[i])));
            if (a[i] == b[i]) {
                continue;
            }
            first = differing == 0 ? i : first;
            worst = differing == 0 || distance > most ? i : worst;
            most = std::max(most, distance);
            sum += distance;
            ++differing;
        }
        const Difference found = compare(dtype, a, b);
        EXPECT_EQ(found.elements, differing);
        EXPECT_EQ(found.maxAbs, most);
        expectClose(found.meanAbs.value_or(-1),
                    differing > 0 ? sum / static_cast<double>(differing) : 0);
        if (differing > 0) {
            EXPECT_EQ(found.firstIndex, first);
            EXPECT_EQ(found.worstIndex, worst);
        }
    });
}

TEST(ReplayElements, IntegersOfEveryTypeAndLengthAreAsDefined) {
    expectIntegers<std::uint8_t>(DType::UInt8);
    expectIntegers<std::int8_t>(DType::Int8);
    expectIntegers<std::uint16_t>(DType::UInt16);
    expectIntegers<std::int16_t>(DType::Int16);
    expectIntegers<std::uint32_t>(DType::UInt32);
    expectIntegers<std::int32_t>(DType::Int32);
    expectIntegers<std::uint64_t>(DType::UInt64);
    expectIntegers<std::int64_t>(DType::Int64);
}

TEST(ReplayElements, ManyDifferencesLieAsFewDo) {
    // Rows 100 to 200 of 1000, of 300 elements each: whole blocks, and more stretches than one.
    std::vector<float> a(300'000, 1), b = a;
    const std::vector<std::int64_t> shape = {1000, 300};
    const auto patternNow = [&] {
        return compareNumbers(DType::Float32, std::as_bytes(std::span(a)),
                              std::as_bytes(std::span(b)), shape)
            .pattern;
    };
    std::fill(b.begin() + 30'000, b.begin() + 60'000, 3.0F);
    EXPECT_EQ(patternNow(), "block [100:200, :], all by the factor 3");
    b[45'000] = 1;
    EXPECT_EQ(patternNow(), "block [100:200, :], all by the factor 3");
    for (std::size_t i = 0; i < b.size(); ++i) {
        b[i] = i % 7 == 0 ? 2.0F : 1.0F;
    }
    EXPECT_EQ(patternNow(), "every 7th element, all by the factor 2");
    std::fill(b.begin(), b.end(), 2.0F);
    EXPECT_EQ(patternNow(), "all elements, all by the factor 2");
}

} // namespace
} // namespace repro::replay
