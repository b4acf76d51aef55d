// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

/// How to read the float types one number at a time. Names and codes are those of LibTorch; the
/// 8-bit types are defined in OCP OFP8 and arXiv 2209.05433, the FNUZ ones in arXiv 2206.02915.
namespace repro::replay {

/// A sign, `exponentBits`, and the rest of `Bits` as fraction. Infinities where `hasInfinity`.
template <class Bits, int exponentBits, int bias, bool hasInfinity>
struct SmallFloat {
    using Storage = Bits;
    static constexpr int kFractionBits = static_cast<int>(8 * sizeof(Bits)) - 1 - exponentBits;
    static double read(Bits bits) {
        const int exponent = (bits >> kFractionBits) & ((1 << exponentBits) - 1);
        const int fraction = bits & ((1 << kFractionBits) - 1);
        const bool negative = (bits >> (8 * sizeof(Bits) - 1)) != 0;
        double magnitude = exponent == 0 ? std::ldexp(fraction, 1 - bias - kFractionBits)
                                         : std::ldexp(fraction + (1 << kFractionBits),
                                                      exponent - bias - kFractionBits);
        if (hasInfinity && exponent == (1 << exponentBits) - 1) {
            magnitude = fraction == 0 ? INFINITY : NAN;
        }
        return negative ? -magnitude : magnitude;
    }
};

using Float16Format = SmallFloat<std::uint16_t, 5, 15, true>;
using Float8E5M2Format = SmallFloat<std::uint8_t, 5, 15, true>;

struct Float8E4M3FNFormat : SmallFloat<std::uint8_t, 4, 7, false> {
    static double read(std::uint8_t bits) {
        return (bits & 0x7F) == 0x7F ? NAN : SmallFloat::read(bits);
    }
};
struct Float8E5M2FNUZFormat : SmallFloat<std::uint8_t, 5, 16, false> {
    static double read(std::uint8_t bits) { return bits == 0x80 ? NAN : SmallFloat::read(bits); }
};
struct Float8E4M3FNUZFormat : SmallFloat<std::uint8_t, 4, 8, false> {
    static double read(std::uint8_t bits) { return bits == 0x80 ? NAN : SmallFloat::read(bits); }
};
struct BFloat16Format {
    using Storage = std::uint16_t;
    static double read(std::uint16_t bits) {
        return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U));
    }
};
struct Float32Format {
    using Storage = std::uint32_t;
    static double read(std::uint32_t bits) {
        return static_cast<double>(std::bit_cast<float>(bits));
    }
};
struct Float64Format {
    using Storage = std::uint64_t;
    static double read(std::uint64_t bits) { return std::bit_cast<double>(bits); }
};

/// Steps between neighbouring numbers from `a` to `b`, through zero; -0 and +0 are the same.
template <class Bits>
std::uint64_t ulpsBetween(Bits a, Bits b) {
    using Signed = std::make_signed_t<Bits>;
    const auto order = [](Bits bits) {
        const auto magnitude = static_cast<std::int64_t>(bits & std::numeric_limits<Signed>::max());
        return static_cast<Signed>(bits) < 0 ? -magnitude : magnitude;
    };
    const std::int64_t x = order(a), y = order(b);
    // Modulo 2^64, so that no pair overflows.
    return x < y ? static_cast<std::uint64_t>(y) - static_cast<std::uint64_t>(x)
                 : static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y);
}

} // namespace repro::replay
