// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/within.h"

#include "replay/numbers/formats.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace repro::replay {
namespace {

using trace::DType;

/// Elements that are looked at only if some of them differ.
constexpr std::size_t kBlock = 1024;

struct Limits {
    std::optional<double> rtol, atol;
    std::optional<std::uint64_t> ulp;

    [[nodiscard]] bool bindCloseness() const { return rtol || atol; }
    [[nodiscard]] bool isClose(double distance, double magnitude) const {
        return !bindCloseness() || distance <= atol.value_or(0) + rtol.value_or(0) * magnitude;
    }
};

/// |a| and |b| as vectors, and their product, over pairs that are finite. In long doubles: squares
/// of doubles overflow.
struct Cosine {
    long double dot = 0, squaresA = 0, squaresB = 0;

    void add(double u, double v) {
        if (std::isfinite(u) && std::isfinite(v)) {
            dot += static_cast<long double>(u) * v;
            squaresA += static_cast<long double>(u) * u;
            squaresB += static_cast<long double>(v) * v;
        }
    }
    [[nodiscard]] bool isAtLeast(double limit) const {
        if (squaresA == 0 || squaresB == 0) {
            return squaresA == squaresB; // zeros point the same way
        }
        return dot >= limit * std::sqrt(squaresA) * std::sqrt(squaresB);
    }
};

/// One number, or one part of a complex one.
template <class Format>
struct Part {
    typename Format::Storage x, y;
    double u, v;

    Part(const std::byte* a, const std::byte* b, std::size_t index) {
        std::memcpy(&x, a + index * sizeof x, sizeof x);
        std::memcpy(&y, b + index * sizeof y, sizeof y);
        u = Format::read(x);
        v = Format::read(y);
    }
    [[nodiscard]] bool isFinite() const { return std::isfinite(u) && std::isfinite(v); }
    /// Of numbers that have no distance: the same, or NaN both.
    [[nodiscard]] bool isAlike() const { return x == y || (std::isnan(u) && std::isnan(v)); }
};

/// `parts` numbers an element: 1, or 2 of a complex one.
template <class Format, std::size_t parts>
struct Floats {
    static constexpr std::size_t kSize = parts * sizeof(typename Format::Storage);

    static bool isWithin(const Limits& limits, const std::byte* a, const std::byte* b,
                         std::size_t element) {
        double distance = 0, magnitude = 0;
        for (std::size_t i = 0; i < parts; ++i) {
            const Part<Format> part(a, b, element * parts + i);
            if (!part.isFinite()) {
                if (!part.isAlike()) {
                    return false;
                }
                continue;
            }
            if (limits.ulp && ulpsBetween(part.x, part.y) > *limits.ulp) {
                return false;
            }
            distance = i == 0 ? std::abs(part.u - part.v) : std::hypot(distance, part.u - part.v);
            magnitude = i == 0 ? std::abs(part.u) : std::hypot(magnitude, part.u);
        }
        return limits.isClose(distance, magnitude);
    }
    static void addTo(Cosine& cosine, const std::byte* a, const std::byte* b, std::size_t element) {
        for (std::size_t i = 0; i < parts; ++i) {
            const Part<Format> part(a, b, element * parts + i);
            cosine.add(part.u, part.v);
        }
    }
};

template <class T>
struct Integers {
    static constexpr std::size_t kSize = sizeof(T);

    static T load(const std::byte* from, std::size_t index) {
        T value;
        std::memcpy(&value, from + index * sizeof value, sizeof value);
        return value;
    }
    static bool isWithin(const Limits& limits, const std::byte* a, const std::byte* b,
                         std::size_t element) {
        const T x = load(a, element), y = load(b, element);
        // Modulo 2^64, so that no pair overflows.
        const std::uint64_t distance =
            x < y ? static_cast<std::uint64_t>(y) - static_cast<std::uint64_t>(x)
                  : static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y);
        const long double allowed = limits.atol.value_or(0) +
                                    limits.rtol.value_or(0) * std::abs(static_cast<long double>(x));
        return (!limits.ulp || distance <= *limits.ulp) &&
               (!limits.bindCloseness() || static_cast<long double>(distance) <= allowed);
    }
    static void addTo(Cosine& cosine, const std::byte* a, const std::byte* b, std::size_t element) {
        cosine.add(static_cast<double>(load(a, element)), static_cast<double>(load(b, element)));
    }
};

template <class Elements>
ToleranceCheck check(const Tolerance& tolerance, const Limits& limits, std::span<const std::byte> a,
                     std::span<const std::byte> b) {
    ToleranceCheck result;
    Cosine cosine;
    const std::size_t count = a.size() / Elements::kSize;
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
        const std::size_t end = std::min(count, begin + kBlock);
        const std::size_t at = begin * Elements::kSize;
        const bool same =
            std::memcmp(a.data() + at, b.data() + at, (end - begin) * Elements::kSize) == 0;
        for (std::size_t i = begin; i < end && (!same || tolerance.cos); ++i) {
            if (tolerance.cos) {
                Elements::addTo(cosine, a.data(), b.data(), i);
            }
            if (!same && !Elements::isWithin(limits, a.data(), b.data(), i)) {
                result.firstBeyond = result.firstBeyond.value_or(i);
                ++result.beyond;
            }
        }
    }
    result.within = result.beyond == 0 && (!tolerance.cos || cosine.isAtLeast(*tolerance.cos));
    return result;
}

/// What the shared comparison has found already may decide it.
bool holdsByTotals(const Tolerance& tolerance, const Limits& limits, const Difference& d) {
    const auto finite = std::accumulate(d.ulpHistogram.begin(), d.ulpHistogram.end(), 0ULL);
    return !tolerance.cos && d.maxUlp && finite == d.elements &&
           (!limits.ulp || *d.maxUlp <= *limits.ulp) &&
           (!limits.bindCloseness() || *d.maxAbs <= limits.atol.value_or(0));
}

ToleranceCheck byBits(const Difference& d) {
    return {d.elements == 0U, d.elements.value_or(0), d.firstIndex};
}

bool isInteger(DType dtype) {
    return dtype >= DType::Bool && dtype <= DType::Int64;
}

bool isComplex(DType dtype) {
    return dtype == DType::ComplexHalf || dtype == DType::Complex64 || dtype == DType::Complex128;
}

} // namespace

Tolerance torchTolerance(DType dtype) {
    Tolerance tolerance;
    switch (dtype) {
    case DType::Float16:
    case DType::ComplexHalf:
        tolerance.rtol = 1e-3;
        break;
    case DType::BFloat16:
        tolerance.rtol = 1.6e-2;
        break;
    case DType::Float32:
    case DType::Complex64:
        tolerance.rtol = 1.3e-6;
        break;
    case DType::Float64:
    case DType::Complex128:
        tolerance.rtol = tolerance.atol = 1e-7;
        return tolerance;
    default:
        tolerance.rtol = tolerance.atol = 0;
        return tolerance;
    }
    tolerance.atol = 1e-5;
    return tolerance;
}

ToleranceCheck checkTolerance(const Tolerance& tolerance, DType dtype, std::span<const std::byte> a,
                              std::span<const std::byte> b, const Difference& difference) {
    if (tolerance.ignore) {
        return {true, 0, {}};
    }
    if (tolerance.isExact() || (isInteger(dtype) && !tolerance.integers)) {
        return byBits(difference);
    }
    Limits limits{tolerance.rtol, tolerance.atol, tolerance.ulp};
    if (tolerance.byDtype) {
        const Tolerance own = torchTolerance(dtype);
        limits.rtol = own.rtol;
        limits.atol = own.atol;
    }
    // The distance of complex numbers is not that of their parts.
    if (!isComplex(dtype) && holdsByTotals(tolerance, limits, difference)) {
        return {true, 0, {}};
    }
    switch (dtype) {
    case DType::Float64:
        return check<Floats<Float64Format, 1>>(tolerance, limits, a, b);
    case DType::Float32:
        return check<Floats<Float32Format, 1>>(tolerance, limits, a, b);
    case DType::Float16:
        return check<Floats<Float16Format, 1>>(tolerance, limits, a, b);
    case DType::BFloat16:
        return check<Floats<BFloat16Format, 1>>(tolerance, limits, a, b);
    case DType::Float8E5M2:
        return check<Floats<Float8E5M2Format, 1>>(tolerance, limits, a, b);
    case DType::Float8E4M3FN:
        return check<Floats<Float8E4M3FNFormat, 1>>(tolerance, limits, a, b);
    case DType::Float8E5M2FNUZ:
        return check<Floats<Float8E5M2FNUZFormat, 1>>(tolerance, limits, a, b);
    case DType::Float8E4M3FNUZ:
        return check<Floats<Float8E4M3FNUZFormat, 1>>(tolerance, limits, a, b);
    case DType::ComplexHalf:
        return check<Floats<Float16Format, 2>>(tolerance, limits, a, b);
    case DType::Complex64:
        return check<Floats<Float32Format, 2>>(tolerance, limits, a, b);
    case DType::Complex128:
        return check<Floats<Float64Format, 2>>(tolerance, limits, a, b);
    case DType::Bool:
    case DType::UInt8:
        return check<Integers<std::uint8_t>>(tolerance, limits, a, b);
    case DType::Int8:
        return check<Integers<std::int8_t>>(tolerance, limits, a, b);
    case DType::UInt16:
        return check<Integers<std::uint16_t>>(tolerance, limits, a, b);
    case DType::Int16:
        return check<Integers<std::int16_t>>(tolerance, limits, a, b);
    case DType::UInt32:
        return check<Integers<std::uint32_t>>(tolerance, limits, a, b);
    case DType::Int32:
        return check<Integers<std::int32_t>>(tolerance, limits, a, b);
    case DType::UInt64:
        return check<Integers<std::uint64_t>>(tolerance, limits, a, b);
    case DType::Int64:
        return check<Integers<std::int64_t>>(tolerance, limits, a, b);
    default:
        return byBits(difference);
    }
}

} // namespace repro::replay
