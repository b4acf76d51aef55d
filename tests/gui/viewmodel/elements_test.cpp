// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/elements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;
using trace::DType;

template <class T>
double ulp(DType dtype, T a, T b) {
    return elementType(dtype).ulp(reinterpret_cast<const std::byte*>(&a),
                                  reinterpret_cast<const std::byte*>(&b));
}
template <class T>
QString write(DType dtype, T value, NumberFormat format) {
    return elementType(dtype).write(reinterpret_cast<const std::byte*>(&value), format);
}

TEST(Elements, DistancesAreSignedStepsBetweenNeighbours) {
    EXPECT_EQ(ulp(DType::Float32, 1.0F, std::nextafter(1.0F, 2.0F)), 1);
    EXPECT_EQ(ulp(DType::Float32, std::nextafter(1.0F, 2.0F), 1.0F), -1);
    EXPECT_EQ(ulp(DType::Float64, 1.0, 1.0), 0);
    const float least = std::numeric_limits<float>::denorm_min();
    EXPECT_EQ(ulp(DType::Float32, -least, least), 2);
    EXPECT_EQ(ulp(DType::Int64, std::int64_t{5}, std::int64_t{-2}), -7);
    EXPECT_EQ(ulp(DType::Bool, std::uint8_t{0}, std::uint8_t{1}), 1);
    EXPECT_EQ(ulp(DType::Float16, std::uint16_t{0x3C00}, std::uint16_t{0x3C03}), 3);
    EXPECT_EQ(ulp(DType::BFloat16, std::uint16_t{0x3F80}, std::uint16_t{0x3F81}), 1);
    EXPECT_EQ(ulp(DType::Float8E4M3FN, std::uint8_t{0x38}, std::uint8_t{0x3A}), 2);
    EXPECT_EQ(ulp(DType::Float8E5M2, std::uint8_t{0x3C}, std::uint8_t{0x3B}), -1);
}

TEST(Elements, ZeroSignsAndNonFiniteHaveNoDistance) {
    EXPECT_EQ(ulp(DType::Float32, 0.0F, -0.0F), ElementType::kZeroSign);
    EXPECT_TRUE(std::isnan(ulp(DType::Float32, 1.0F, std::numeric_limits<float>::quiet_NaN())));
    EXPECT_TRUE(std::isnan(ulp(DType::Float32, std::numeric_limits<float>::infinity(), 1.0F)));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(ulp(DType::Float32, nan, nan), 0);
}

TEST(Elements, RoundTripDigitsReadBackToTheSameNumber) {
    for (std::uint32_t bits = 0; bits < 0x7F80'0000U; bits += 0x1'0007U) {
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        EXPECT_EQ(write(DType::Float32, value, NumberFormat::RoundTrip).toFloat(), value);
        EXPECT_EQ(write(DType::Float32, value, NumberFormat::Shortest).toFloat(), value);
    }
}

TEST(Elements, EveryTwoByteFloatHasDigitsOfItsOwn) {
    for (const DType dtype : {DType::Float16, DType::BFloat16}) {
        QString last;
        const std::uint16_t infinity = dtype == DType::Float16 ? 0x7C00 : 0x7F80;
        for (std::uint16_t bits = 0; bits < infinity; ++bits) {
            const QString digits = write(dtype, bits, NumberFormat::RoundTrip);
            EXPECT_NE(digits, last) << bits;
            last = digits;
        }
    }
}

TEST(Elements, FormatsTellOneUlp) {
    const float a = 0.520106F, b = std::nextafter(a, 1.0F);
    for (const NumberFormat format :
         {NumberFormat::RoundTrip, NumberFormat::Shortest, NumberFormat::Hex, NumberFormat::Bits}) {
        EXPECT_NE(write(DType::Float32, a, format), write(DType::Float32, b, format));
    }
    EXPECT_EQ(write(DType::Float32, 1.0F, NumberFormat::Bits), u"3F800000"_s);
    EXPECT_EQ(write(DType::Int8, std::int8_t{-1}, NumberFormat::RoundTrip), u"-1"_s);
}

TEST(Elements, ComplexNumbersAreReadByTheirParts) {
    EXPECT_EQ(partOf(DType::Complex64), DType::Float32);
    EXPECT_EQ(partOf(DType::ComplexHalf), DType::Float16);
    EXPECT_EQ(partOf(DType::Int32), DType::Int32);
    EXPECT_FALSE(elementType(DType::QUInt4x2).known());
}

TEST(Elements, ChangedCharactersLineUp) {
    EXPECT_EQ(changedCharacters(u"1.25"_s, u"1.35"_s), (std::vector{false, false, true, false}));
    EXPECT_EQ(changedCharacters(u"9"_s, u"10"_s), (std::vector{true, true}));
}

} // namespace
} // namespace repro::gui
