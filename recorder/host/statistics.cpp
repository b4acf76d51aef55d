// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/statistics.h"

#include "recorder/host/statistics_kernel.h"

#include <cmath>

namespace repro::host {

extern const Adders addersSse2, addersAvx2, addersAvx512;

namespace {

const Adders& adders() {
    static const Adders& chosen = __builtin_cpu_supports("avx512f") ? addersAvx512
                                  : __builtin_cpu_supports("avx2")  ? addersAvx2
                                                                    : addersSse2;
    return chosen;
}

} // namespace

Adder adderFor(trace::DType dtype) {
    using trace::DType;
    const Adders& all = adders();
    switch (dtype) {
    case DType::Float64:
        return all.float64;
    case DType::Float32:
        return all.float32;
    case DType::Float16:
        return all.float16;
    case DType::BFloat16:
        return all.bfloat16;
    case DType::Int64:
        return all.int64;
    case DType::Int32:
        return all.int32;
    case DType::Int16:
        return all.int16;
    case DType::Int8:
        return all.int8;
    case DType::UInt8:
    case DType::Bool:
        return all.uint8;
    default:
        return nullptr;
    }
}

wire::WireStatistics statisticsOf(const Totals& totals) {
    const std::uint64_t finite = totals.count - totals.nan - totals.inf;
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
