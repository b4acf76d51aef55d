// SPDX-License-Identifier: BSD-3-Clause
// ULP and distances of every dtype, held to arithmetic that knows nothing of bit patterns.
#include "replay/numbers/formats.h"
#include "replay/numbers/values.h"
#include "replay/numbers/within.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace repro::replay {
namespace {

using trace::DType;
__extension__ typedef __int128 Wide;

template <class T>
Difference compare(DType dtype, const std::vector<T>& a, const std::vector<T>& b) {
    return compareNumbers(dtype, std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

template <class T>
bool isWithin(const Tolerance& tolerance, DType dtype, const std::vector<T>& a,
              const std::vector<T>& b) {
    return checkTolerance(tolerance, dtype, std::as_bytes(std::span(a)),
                          std::as_bytes(std::span(b)), compare(dtype, a, b))
        .within;
}

/// The tightest tolerance in ULP that two numbers pass is their distance.
template <class T>
void expectUlp(DType dtype, T a, T b, std::uint64_t ulp) {
    const std::vector<T> x = {a}, y = {b};
    ASSERT_EQ(compare(dtype, x, y).maxUlp, ulp) << +a << " " << +b;
    ASSERT_TRUE(isWithin({.ulp = ulp}, dtype, x, y)) << +a << " " << +b;
    ASSERT_TRUE(ulp == 0 || !isWithin({.ulp = ulp - 1}, dtype, x, y)) << +a << " " << +b;
}

/// All finite numbers of a small format in order; their distance is that of their places.
template <class Format>
void expectPlacesCount(DType dtype, std::size_t pairs) {
    using Bits = typename Format::Storage;
    std::vector<Bits> finite;
    std::set<double> numbers;
    for (unsigned bits = 0; bits <= std::numeric_limits<Bits>::max(); ++bits) {
        const double number = Format::read(static_cast<Bits>(bits));
        if (std::isfinite(number)) {
            finite.push_back(static_cast<Bits>(bits));
            numbers.insert(number);
        }
    }
    const std::vector<double> places(numbers.begin(), numbers.end());
    const auto place = [&](Bits bits) {
        return std::lower_bound(places.begin(), places.end(), Format::read(bits)) - places.begin();
    };
    std::mt19937_64 random(1);
    for (std::size_t i = 0; i < pairs; ++i) {
        const Bits a = finite[random() % finite.size()], b = finite[random() % finite.size()];
        if (a != b) {
            expectUlp(dtype, a, b, static_cast<std::uint64_t>(std::abs(place(a) - place(b))));
        }
    }
}

TEST(ReplayUlp, OfSmallFloatsIsTheDistanceOfPlacesAmongAllNumbers) {
    expectPlacesCount<Float8E5M2Format>(DType::Float8E5M2, 20000);
    expectPlacesCount<Float8E4M3FNFormat>(DType::Float8E4M3FN, 20000);
    expectPlacesCount<Float8E5M2FNUZFormat>(DType::Float8E5M2FNUZ, 20000);
    expectPlacesCount<Float8E4M3FNUZFormat>(DType::Float8E4M3FNUZ, 20000);
    expectPlacesCount<Float16Format>(DType::Float16, 20000);
    expectPlacesCount<BFloat16Format>(DType::BFloat16, 20000);
}

/// The place of a float among all floats of its type, 0 being that of zero, by its value.
template <class T>
Wide placeOf(T number) {
    constexpr int kDigits = std::numeric_limits<T>::digits;
    constexpr int kLeast = std::numeric_limits<T>::min_exponent;
    int exponent = 0;
    const T fraction = std::frexp(std::abs(number), &exponent);
    Wide place = 0;
    if (number == 0) {
        return 0;
    }
    if (exponent < kLeast) {
        place = static_cast<Wide>(std::ldexp(fraction, exponent - kLeast + kDigits));
    } else {
        const auto binade = static_cast<Wide>(1) << (kDigits - 1);
        place = (exponent - kLeast) * binade + static_cast<Wide>(std::ldexp(fraction, kDigits));
    }
    return number < 0 ? -place : place;
}

template <class T, class Bits>
void expectPlacesOf(DType dtype) {
    std::mt19937_64 random(2);
    for (int i = 0; i < 20000; ++i) {
        const T a = std::bit_cast<T>(static_cast<Bits>(random()));
        T b = std::bit_cast<T>(static_cast<Bits>(random()));
        if (i % 2 == 0) {
            b = a;
            for (auto steps = random() % 5; steps > 0; --steps) {
                b = std::nextafter(b, static_cast<T>(i % 4 == 0 ? INFINITY : -INFINITY));
            }
        }
        if (std::isfinite(a) && std::isfinite(b) && a != b) {
            const Wide distance = placeOf(a) - placeOf(b);
            expectUlp(dtype, a, b, static_cast<std::uint64_t>(distance < 0 ? -distance : distance));
        }
    }
}

TEST(ReplayUlp, OfFloatsIsTheDistanceOfPlacesByValue) {
    expectPlacesOf<float, std::uint32_t>(DType::Float32);
    expectPlacesOf<double, std::uint64_t>(DType::Float64);
}

TEST(ReplayUlp, OfComplexNumbersIsThatOfTheWorsePart) {
    const float one = std::nextafter(1.0F, 2.0F), two = std::nextafter(one, 2.0F);
    EXPECT_EQ(compare<float>(DType::Complex64, {1, 1}, {one, two}).maxUlp, 2U);
    EXPECT_TRUE(isWithin<float>({.ulp = 2}, DType::Complex64, {1, 1}, {one, two}));
    EXPECT_FALSE(isWithin<float>({.ulp = 1}, DType::Complex64, {1, 1}, {one, two}));
}

template <class T>
void expectIntegersExact(DType dtype) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 5000; ++i) {
        const T a = static_cast<T>(random());
        const T b = i % 2 == 0 ? static_cast<T>(random()) : static_cast<T>(a + random() % 4);
        const Wide signedDistance = static_cast<Wide>(a) - static_cast<Wide>(b);
        const auto distance =
            static_cast<std::uint64_t>(signedDistance < 0 ? -signedDistance : signedDistance);
        const std::vector<T> x = {a}, y = {b};
        EXPECT_EQ(compare(dtype, x, y).elements, distance == 0 ? 0U : 1U);
        EXPECT_EQ(isWithin({.ulp = distance / 2}, dtype, x, y), distance == 0);
        EXPECT_TRUE(isWithin({.ulp = distance, .integers = true}, dtype, x, y));
        EXPECT_TRUE(distance == 0 ||
                    !isWithin({.ulp = distance - 1, .integers = true}, dtype, x, y));
    }
}

TEST(ReplayUlp, IntegersAreExactAndOnlyARuleForThemExcusesThem) {
    expectIntegersExact<std::uint8_t>(DType::UInt8);
    expectIntegersExact<std::int8_t>(DType::Int8);
    expectIntegersExact<std::uint16_t>(DType::UInt16);
    expectIntegersExact<std::int16_t>(DType::Int16);
    expectIntegersExact<std::uint32_t>(DType::UInt32);
    expectIntegersExact<std::int32_t>(DType::Int32);
    expectIntegersExact<std::uint64_t>(DType::UInt64);
    expectIntegersExact<std::int64_t>(DType::Int64);
    EXPECT_FALSE(isWithin<std::uint8_t>({.atol = 5}, DType::Bool, {0}, {1}));
    EXPECT_TRUE(isWithin<std::uint8_t>({.atol = 5, .integers = true}, DType::Bool, {0}, {1}));
}

TEST(ReplayTolerance, RelativeAndAbsoluteAreOneConditionWithAAsTheReference) {
    const std::vector<double> a = {100}, near = {101.5}, far = {101.6};
    const Tolerance both{.rtol = 0.01, .atol = 0.5};
    EXPECT_TRUE(isWithin(both, DType::Float64, a, near));
    EXPECT_FALSE(isWithin(both, DType::Float64, a, far));
    EXPECT_FALSE(isWithin({.rtol = 0.01}, DType::Float64, a, near));
    EXPECT_FALSE(isWithin({.atol = 0.5}, DType::Float64, a, near));
    EXPECT_TRUE(isWithin<double>({.rtol = 0.5}, DType::Float64, {2}, {1}));
    EXPECT_FALSE(isWithin<double>({.rtol = 0.5}, DType::Float64, {1}, {2}));
}

TEST(ReplayTolerance, AllThatIsGivenMustHold) {
    const float next = std::nextafter(1.0F, 2.0F), far = std::nextafter(next, 2.0F);
    const Tolerance all{.atol = 1e-6, .ulp = 1, .cos = 0.9};
    EXPECT_TRUE(isWithin<float>(all, DType::Float32, {1}, {next}));
    EXPECT_FALSE(isWithin<float>(all, DType::Float32, {1}, {far}));
    EXPECT_FALSE(isWithin<float>({.atol = 1e-8, .ulp = 1}, DType::Float32, {1}, {next}));
}

TEST(ReplayTolerance, CosineIsOfTheWholeTensor) {
    EXPECT_TRUE(isWithin<double>({.cos = 0.99}, DType::Float64, {1, 2, 3}, {2, 4, 6}));
    EXPECT_FALSE(isWithin<double>({.cos = 0.99}, DType::Float64, {1, 0}, {0, 1}));
    EXPECT_FALSE(isWithin<double>({.cos = 0.99}, DType::Float64, {1, 2}, {-1, -2}));
    EXPECT_FALSE(isWithin<double>({.cos = 0.1}, DType::Float64, {0, 0}, {1, 1}));
    EXPECT_TRUE(isWithin<double>({.cos = 0.99}, DType::Float64, {1e200}, {2e200}));
    EXPECT_TRUE(isWithin<float>({.cos = 0.99}, DType::Complex64, {1, 2}, {2, 4}));
}

TEST(ReplayTolerance, NanInfinityAndSignedZeroHaveStatedSemantics) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float payload = std::bit_cast<float>(0x7FC00001U);
    const float inf = std::numeric_limits<float>::infinity();
    const Tolerance wide{.rtol = 1, .atol = 1e30, .ulp = 1ULL << 40};
    const auto passes = [&](float a, float b) {
        return isWithin<float>(wide, DType::Float32, {a, 1}, {b, 1});
    };
    EXPECT_TRUE(passes(nan, payload));
    EXPECT_TRUE(passes(0.0F, -0.0F));
    EXPECT_TRUE(passes(inf, inf));
    EXPECT_FALSE(passes(inf, -inf));
    EXPECT_FALSE(passes(inf, nan));
    EXPECT_FALSE(passes(inf, std::numeric_limits<float>::max()));
    EXPECT_FALSE(passes(nan, 1));
    EXPECT_FALSE(passes(1, nan));
    EXPECT_FALSE(isWithin<float>({.cos = 0.5}, DType::Float32, {nan, 1}, {1, 1}));
    EXPECT_TRUE(isWithin<float>({.atol = 0}, DType::Float32, {0.0F}, {-0.0F}));
    EXPECT_FALSE(isWithin<float>({}, DType::Float32, {0.0F}, {-0.0F}));
    EXPECT_TRUE(isWithin<float>({.ulp = 0}, DType::Float32, {}, {}));
}

TEST(ReplayTolerance, DistanceOfComplexNumbersIsThatOfThePlane) {
    EXPECT_TRUE(isWithin<float>({.atol = 5}, DType::Complex64, {0, 0}, {3, 4}));
    EXPECT_FALSE(isWithin<float>({.atol = 4.9}, DType::Complex64, {0, 0}, {3, 4}));
}

TEST(ReplayTolerance, DefaultsAreThoseOfTorchTesting) {
    // torch/testing/_comparison.py, _DTYPE_PRECISIONS.
    const auto is = [](DType dtype, double rtol, double atol) {
        const Tolerance t = torchTolerance(dtype);
        return t.rtol == rtol && t.atol == atol;
    };
    EXPECT_TRUE(is(DType::Float16, 1e-3, 1e-5));
    EXPECT_TRUE(is(DType::BFloat16, 1.6e-2, 1e-5));
    EXPECT_TRUE(is(DType::Float32, 1.3e-6, 1e-5));
    EXPECT_TRUE(is(DType::Float64, 1e-7, 1e-7));
    EXPECT_TRUE(is(DType::ComplexHalf, 1e-3, 1e-5));
    EXPECT_TRUE(is(DType::Complex64, 1.3e-6, 1e-5));
    EXPECT_TRUE(is(DType::Complex128, 1e-7, 1e-7));
    EXPECT_TRUE(is(DType::Int64, 0, 0));
    EXPECT_TRUE(isWithin<float>({.byDtype = true}, DType::Float32, {1}, {1 + 1e-6F}));
    EXPECT_FALSE(isWithin<double>({.byDtype = true}, DType::Float64, {1}, {1 + 1e-6}));
}

TEST(ReplayTolerance, ElementsBeyondAreCountedAndTheFirstIsNamed) {
    const std::vector<float> a = {1, 1, 1, 1}, b = {1, 1.5F, 1, 3};
    const ToleranceCheck check =
        checkTolerance({.atol = 0.1}, DType::Float32, std::as_bytes(std::span(a)),
                       std::as_bytes(std::span(b)), compare(DType::Float32, a, b));
    EXPECT_EQ(check.beyond, 2U);
    EXPECT_EQ(check.firstBeyond, 1U);
}

} // namespace
} // namespace repro::replay
