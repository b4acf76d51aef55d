// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/statistics.h"

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace repro::host {
namespace {

/// Lanes that the compiler turns into vectors; sums in double, so that their error is below the
/// data's.
constexpr std::size_t kLanes = 8;

struct Totals {
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double sum = 0, squares = 0;
    std::uint64_t finite = 0, nan = 0, inf = 0, zero = 0, subnormal = 0;
};

template <class T>
double smallestNormal() {
    if constexpr (std::is_integral_v<T>) {
        return 0;
    } else {
        return static_cast<double>(std::numeric_limits<T>::min());
    }
}

template <class T>
void add(Totals& totals, const std::byte* data, std::uint64_t bytes) {
    const double tiny = smallestNormal<T>();
    double min[kLanes], max[kLanes], sum[kLanes] = {}, squares[kLanes] = {};
    std::uint64_t nan[kLanes] = {}, inf[kLanes] = {}, zero[kLanes] = {}, small[kLanes] = {};
    std::fill_n(min, kLanes, totals.min);
    std::fill_n(max, kLanes, totals.max);
    const std::uint64_t count = bytes / sizeof(T);
    const auto one = [&](std::size_t lane, double x) {
        const bool isNan = x != x;
        const bool isInf = std::fabs(x) > std::numeric_limits<double>::max();
        const double finite = isNan || isInf ? 0.0 : x;
        nan[lane] += isNan;
        inf[lane] += isInf;
        zero[lane] += x == 0;
        small[lane] += x != 0 && std::fabs(x) < tiny;
        min[lane] = isNan || isInf ? min[lane] : std::min(min[lane], x);
        max[lane] = isNan || isInf ? max[lane] : std::max(max[lane], x);
        sum[lane] += finite;
        squares[lane] += finite * finite;
    };
    T block[kLanes];
    std::uint64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        std::memcpy(block, data + i * sizeof(T), sizeof block);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            one(lane, static_cast<double>(block[lane]));
        }
    }
    std::memcpy(block, data + i * sizeof(T), (count - i) * sizeof(T));
    for (std::size_t lane = 0; i + lane < count; ++lane) {
        one(lane, static_cast<double>(block[lane]));
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        totals.min = std::min(totals.min, min[lane]);
        totals.max = std::max(totals.max, max[lane]);
        totals.sum += sum[lane];
        totals.squares += squares[lane];
        totals.nan += nan[lane];
        totals.inf += inf[lane];
        totals.zero += zero[lane];
        totals.subnormal += small[lane];
    }
    totals.finite += count;
}

using Adder = void (*)(Totals&, const std::byte*, std::uint64_t);

Adder adderFor(trace::DType dtype) {
    using trace::DType;
    switch (dtype) {
    case DType::Float64:
        return add<double>;
    case DType::Float32:
        return add<float>;
    case DType::Float16:
        return add<c10::Half>;
    case DType::BFloat16:
        return add<c10::BFloat16>;
    case DType::Int64:
        return add<std::int64_t>;
    case DType::Int32:
        return add<std::int32_t>;
    case DType::Int16:
        return add<std::int16_t>;
    case DType::Int8:
        return add<std::int8_t>;
    case DType::UInt8:
    case DType::Bool:
        return add<std::uint8_t>;
    default:
        return nullptr;
    }
}

} // namespace

std::optional<wire::WireStatistics> statisticsOf(const Layout& layout, std::uint32_t itemBytes,
                                                 trace::DType dtype) {
    const Adder adder = adderFor(dtype);
    if (adder == nullptr) {
        return std::nullopt;
    }
    Totals totals;
    forEachPiece(layout, itemBytes,
                 [&](const std::byte* data, std::uint64_t bytes) { adder(totals, data, bytes); });
    const std::uint64_t finite = totals.finite - totals.nan - totals.inf;
    const double none = std::numeric_limits<double>::quiet_NaN();
    wire::WireStatistics out{};
    out.min = finite > 0 ? totals.min : none;
    out.max = finite > 0 ? totals.max : none;
    out.mean = finite > 0 ? totals.sum / static_cast<double>(finite) : none;
    out.l2 = finite > 0 ? std::sqrt(totals.squares) : none;
    out.nan = totals.nan;
    out.inf = totals.inf;
    out.zero = totals.zero;
    out.subnormal = totals.subnormal;
    return out;
}

} // namespace repro::host
