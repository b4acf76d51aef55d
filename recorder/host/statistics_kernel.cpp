// SPDX-License-Identifier: BSD-3-Clause
// Compiled once for each instruction set, under the name REPRO_ADDERS_NAME, hence nothing here that
// the linker could share with code for another one.
#include "recorder/host/statistics_kernel.h"

#include "trace/vectors.h"

#include <cstring>
#include <type_traits>

namespace repro::host {
namespace {

/// Partial sums for each total, whatever the width of a register, so that results are the same.
constexpr int kLanes = 16;
/// Elements between two looks at whether a NaN or Inf was among them.
constexpr std::uint64_t kBlock = 4096;

/// Element types that arithmetic does not know.
struct Float16 {
    std::uint16_t bits;
};
struct BFloat16 {
    std::uint16_t bits;
};

/// How elements become registers of floats or doubles. Exact: each value of at most 2 bytes is a
/// float, and int64 is rounded as a conversion to double does.
template <class T>
struct Loader {
    using Real = std::conditional_t<(sizeof(T) < 4) || std::is_same_v<T, float>, float, double>;
    static constexpr int kWidth = kRegister / sizeof(Real);
    static constexpr double kTiny = std::is_integral_v<T> ? 0 : std::numeric_limits<T>::min();
    static Vector<Real, kWidth> at(const std::byte* data) {
        Vector<T, kWidth> raw;
        std::memcpy(&raw, data, sizeof raw);
        return __builtin_convertvector(raw, Vector<Real, kWidth>);
    }
};

constexpr int kWords = kRegister / 4;
using Floats = Vector<float, kWords>;
using Words = Vector<std::uint32_t, kWords>;

Words halfWords(const std::byte* data) {
    Vector<std::uint16_t, kWords> raw;
    std::memcpy(&raw, data, sizeof raw);
    return __builtin_convertvector(raw, Words);
}

template <>
struct Loader<BFloat16> {
    using Real = float;
    static constexpr int kWidth = kWords;
    static constexpr double kTiny = std::numeric_limits<float>::min();
    static Floats at(const std::byte* data) {
        return reinterpret_cast<Floats>(halfWords(data) << 16);
    }
};

template <>
struct Loader<Float16> {
    using Real = float;
    static constexpr int kWidth = kWords;
    static constexpr double kTiny = 0x1p-14;
    /// Shifted into place, the exponent is too small by 112, which a multiplication mends for
    /// normals and subnormals alike; NaN and Inf have the largest exponent.
    static Floats at(const std::byte* data) {
        const Words bits = halfWords(data);
        const Words magnitude = (bits & 0x7FFFU) << 13;
        const Floats scaled = reinterpret_cast<Floats>(magnitude) * 0x1p112F;
        const Words special = reinterpret_cast<Words>((bits & 0x7C00U) == 0x7C00U);
        return reinterpret_cast<Floats>((special & (magnitude | 0x7F800000U)) |
                                        (~special & reinterpret_cast<Words>(scaled)) |
                                        ((bits & 0x8000U) << 16));
    }
};

/// One register's share of the lanes.
template <class Real, int width>
struct Lanes {
    using V = Vector<Real, width>;
    using Mask = decltype(V{} < V{});
    /// Floats become two registers of doubles.
    static constexpr int kHalves = sizeof(double) / sizeof(Real);
    using Half = Vector<Real, width / kHalves>;
    using Doubles = Vector<double, width / kHalves>;
    V min = V{} + std::numeric_limits<Real>::infinity();
    V max = V{} - std::numeric_limits<Real>::infinity();
    Doubles sum[kHalves] = {}, squares[kHalves] = {};
    Mask zero{}, small{};

    void add(V x, V tiny) {
        min = x < min ? x : min;
        max = x > max ? x : max;
        zero -= x == V{};
        small -= (x < tiny) & (x > -tiny); // zeros among them
        Half halves[kHalves];
        std::memcpy(halves, &x, sizeof x);
        for (int i = 0; i < kHalves; ++i) {
            const Doubles wide = __builtin_convertvector(halves[i], Doubles);
            sum[i] += wide;
            squares[i] += wide * wide;
        }
    }
};

/// One by one, for what the lanes are not made for.
template <class T>
void addSlowly(Totals& totals, const std::byte* data, std::uint64_t count) {
    std::byte padded[kLanes * sizeof(T)] = {};
    for (std::uint64_t i = 0; i < count; ++i) {
        std::memcpy(padded, data + i * sizeof(T), sizeof(T));
        const double x = static_cast<double>(Loader<T>::at(padded)[0]);
        const double size = x < 0 ? -x : x;
        const bool isNan = x != x;
        const bool isInf = size > std::numeric_limits<double>::max();
        totals.nan += isNan;
        totals.inf += isInf;
        if (isNan || isInf) {
            continue;
        }
        totals.zero += x == 0;
        totals.subnormal += x != 0 && size < Loader<T>::kTiny;
        totals.min = x < totals.min ? x : totals.min;
        totals.max = x > totals.max ? x : totals.max;
        totals.sum += x;
        totals.squares += x * x;
    }
}

/// A multiple of kLanes elements. False, and nothing is added, where one is NaN or Inf (or squares
/// overflow).
template <class T>
bool addFast(Totals& totals, const std::byte* data, std::uint64_t count) {
    using Real = typename Loader<T>::Real;
    constexpr int kWidth = Loader<T>::kWidth;
    const Vector<Real, kWidth> tiny = Vector<Real, kWidth>{} + static_cast<Real>(Loader<T>::kTiny);
    using Part = Lanes<Real, kWidth>;
    constexpr int kHalf = kWidth / Part::kHalves;
    Part parts[kLanes / kWidth];
    for (std::uint64_t i = 0; i < count; i += kLanes) {
        for (int part = 0; part < kLanes / kWidth; ++part) {
            parts[part].add(Loader<T>::at(data + (i + part * kWidth) * sizeof(T)), tiny);
        }
    }
    double squares = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
        const Part& part = parts[lane / kWidth];
        squares += part.squares[lane % kWidth / kHalf][lane % kHalf];
    }
    if (!(squares <= std::numeric_limits<double>::max())) {
        return false;
    }
    totals.squares += squares;
    for (int at = 0; at < kLanes; ++at) {
        const Part& part = parts[at / kWidth];
        const int lane = at % kWidth;
        totals.min = part.min[lane] < totals.min ? part.min[lane] : totals.min;
        totals.max = part.max[lane] > totals.max ? part.max[lane] : totals.max;
        totals.sum += part.sum[lane / kHalf][lane % kHalf];
        totals.zero += static_cast<std::uint64_t>(part.zero[lane]);
        // Integers have none, and nothing is smaller than their limit of 0.
        totals.subnormal += Loader<T>::kTiny > 0
                                ? static_cast<std::uint64_t>(part.small[lane] - part.zero[lane])
                                : 0;
    }
    return true;
}

template <class T>
void add(Totals& totals, const std::byte* data, std::uint64_t bytes) {
    std::uint64_t left = bytes / sizeof(T);
    totals.count += left;
    while (left > 0) {
        std::uint64_t count = left < kBlock ? left / kLanes * kLanes : kBlock;
        if (count == 0 || !addFast<T>(totals, data, count)) {
            count = count == 0 ? left : count;
            addSlowly<T>(totals, data, count);
        }
        data += count * sizeof(T);
        left -= count;
    }
}

} // namespace

extern const Adders REPRO_ADDERS_NAME;
const Adders REPRO_ADDERS_NAME = {add<double>,       add<float>,        add<Float16>,
                                  add<BFloat16>,     add<std::int64_t>, add<std::int32_t>,
                                  add<std::int16_t>, add<std::int8_t>,  add<std::uint8_t>};

} // namespace repro::host
