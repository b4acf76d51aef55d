// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

namespace repro::replay {
namespace {

using trace::DType;

/// Bits of a float as an integer that grows with the number, so that neighbours are one apart.
template <class Signed>
std::int64_t orderOf(Signed bits) {
    const auto magnitude = static_cast<std::int64_t>(bits & std::numeric_limits<Signed>::max());
    return bits < 0 ? -magnitude : magnitude;
}

float halfToFloat(std::uint16_t half) {
    const int exponent = (half >> 10) & 0x1F;
    const int fraction = half & 0x3FF;
    const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 0x1F) {
        return fraction == 0 ? sign * INFINITY : NAN;
    }
    const float scaled = exponent == 0
                             ? std::ldexp(static_cast<float>(fraction), -24)
                             : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return sign * scaled;
}

float bfloatToFloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

/// One float format: its bits and how to read them.
template <class Bits, class Number, Number (*Read)(Bits)>
struct FloatFormat {
    using Storage = Bits;
    static double read(Bits bits) { return static_cast<double>(Read(bits)); }
    static std::uint64_t ulps(Bits a, Bits b) {
        using Signed = std::make_signed_t<Bits>;
        const auto x = static_cast<std::uint64_t>(orderOf(static_cast<Signed>(a)));
        const auto y = static_cast<std::uint64_t>(orderOf(static_cast<Signed>(b)));
        const bool less = static_cast<std::int64_t>(x) < static_cast<std::int64_t>(y);
        return less ? y - x : x - y; // modulo 2^64, so that no pair overflows
    }
};
inline float readFloat(std::uint32_t bits) {
    return std::bit_cast<float>(bits);
}
inline double readDouble(std::uint64_t bits) {
    return std::bit_cast<double>(bits);
}
using Float64 = FloatFormat<std::uint64_t, double, readDouble>;
using Float32 = FloatFormat<std::uint32_t, float, readFloat>;
using Float16 = FloatFormat<std::uint16_t, float, halfToFloat>;
using BFloat16 = FloatFormat<std::uint16_t, float, bfloatToFloat>;

template <class T>
T load(std::span<const std::byte> bytes, std::size_t index) {
    T value;
    std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

Difference noDifference() {
    Difference d;
    d.elements = 0;
    d.maxAbs = 0.0;
    d.nonFinite = false;
    return d;
}

template <class Format>
Difference compareFloats(std::span<const std::byte> a, std::span<const std::byte> b,
                         std::size_t perElement) {
    using Bits = typename Format::Storage;
    Difference d = noDifference();
    d.maxUlp = 0;
    std::size_t lastCounted = static_cast<std::size_t>(-1);
    for (std::size_t i = 0; i < a.size() / sizeof(Bits); ++i) {
        const Bits x = load<Bits>(a, i);
        const Bits y = load<Bits>(b, i);
        if (x == y) {
            continue;
        }
        const std::size_t element = i / perElement;
        d.firstIndex = d.firstIndex.value_or(element);
        d.elements = *d.elements + (element != lastCounted ? 1 : 0);
        lastCounted = element;
        const double u = Format::read(x);
        const double v = Format::read(y);
        if (std::isfinite(u) && std::isfinite(v)) {
            d.maxUlp = std::max(*d.maxUlp, Format::ulps(x, y));
            d.maxAbs = std::max(*d.maxAbs, std::abs(u - v));
        } else if (std::isfinite(u) != std::isfinite(v)) {
            d.nonFinite = true;
        }
    }
    return d;
}

template <class T>
Difference compareIntegers(std::span<const std::byte> a, std::span<const std::byte> b) {
    Difference d = noDifference();
    for (std::size_t i = 0; i < a.size() / sizeof(T); ++i) {
        const T x = load<T>(a, i);
        const T y = load<T>(b, i);
        if (x != y) {
            d.firstIndex = d.firstIndex.value_or(i);
            d.elements = *d.elements + 1;
            const double distance = std::abs(static_cast<double>(x) - static_cast<double>(y));
            d.maxAbs = std::max(*d.maxAbs, distance);
        }
    }
    return d;
}

/// Elements whose numbers we do not read (quantised, fp8): counted by their bytes.
Difference compareOpaque(std::span<const std::byte> a, std::span<const std::byte> b,
                         std::size_t size) {
    Difference d;
    if (size == 0) {
        return d;
    }
    d.elements = 0;
    for (std::size_t i = 0; i < a.size() / size; ++i) {
        if (std::memcmp(a.data() + i * size, b.data() + i * size, size) != 0) {
            d.firstIndex = d.firstIndex.value_or(i);
            d.elements = *d.elements + 1;
        }
    }
    return d;
}

Difference compareLeaves(const trace::Reader& a, const trace::Value& inA, const trace::Reader& b,
                         const trace::Value& inB) {
    Difference d;
    const auto leavesA = a.leaves(inA);
    const auto leavesB = b.leaves(inB);
    if (leavesA.empty() || leavesA.size() != leavesB.size()) {
        return d;
    }
    d.leaves = 0;
    for (std::size_t i = 0; i < leavesA.size(); ++i) {
        if (leavesA[i] != leavesB[i]) {
            d.firstLeaf = d.firstLeaf.value_or(i);
            d.leaves = *d.leaves + 1;
        }
    }
    return d;
}

/// Counts of NaN and infinity, where both runs kept statistics.
std::optional<bool> nonFiniteByStatistics(const trace::Reader& a, trace::ValueId inA,
                                          const trace::Reader& b, trace::ValueId inB) {
    const auto find = [](const trace::Reader& reader, trace::ValueId value) {
        const auto& all = reader.statistics();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& row) { return row.value == value; });
        return found == all.end() ? nullptr : &*found;
    };
    const trace::Statistics* x = find(a, inA);
    const trace::Statistics* y = find(b, inB);
    if (x == nullptr || y == nullptr) {
        return std::nullopt;
    }
    return (x->nan + x->inf == 0) != (y->nan + y->inf == 0);
}

} // namespace

Difference compareNumbers(DType dtype, std::span<const std::byte> a, std::span<const std::byte> b) {
    switch (dtype) {
    case DType::Float64:
        return compareFloats<Float64>(a, b, 1);
    case DType::Float32:
        return compareFloats<Float32>(a, b, 1);
    case DType::Float16:
        return compareFloats<Float16>(a, b, 1);
    case DType::BFloat16:
        return compareFloats<BFloat16>(a, b, 1);
    case DType::ComplexHalf:
        return compareFloats<Float16>(a, b, 2);
    case DType::Complex64:
        return compareFloats<Float32>(a, b, 2);
    case DType::Complex128:
        return compareFloats<Float64>(a, b, 2);
    case DType::Bool:
    case DType::UInt8:
        return compareIntegers<std::uint8_t>(a, b);
    case DType::Int8:
        return compareIntegers<std::int8_t>(a, b);
    case DType::UInt16:
        return compareIntegers<std::uint16_t>(a, b);
    case DType::Int16:
        return compareIntegers<std::int16_t>(a, b);
    case DType::UInt32:
        return compareIntegers<std::uint32_t>(a, b);
    case DType::Int32:
        return compareIntegers<std::int32_t>(a, b);
    case DType::UInt64:
        return compareIntegers<std::uint64_t>(a, b);
    case DType::Int64:
        return compareIntegers<std::int64_t>(a, b);
    default:
        return compareOpaque(a, b, trace::dtypeSize(dtype));
    }
}

Difference compareValues(const trace::Reader& a, trace::ValueId inA, const trace::Reader& b,
                         trace::ValueId inB) {
    const trace::Value x = a.value(inA);
    const trace::Value y = b.value(inB);
    Difference d;
    if (x.dtype != y.dtype || x.elements != y.elements) {
        return d;
    }
    if (x.payload != trace::kNone64 && y.payload != trace::kNone64) {
        const auto bytesA = a.bytes(x);
        const auto bytesB = b.bytes(y);
        d = compareNumbers(x.dtype, bytesA, bytesB);
    } else {
        d = compareLeaves(a, x, b, y);
    }
    if (!d.nonFinite) {
        d.nonFinite = nonFiniteByStatistics(a, inA, b, inB);
    }
    return d;
}

} // namespace repro::replay
