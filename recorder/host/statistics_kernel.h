// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace repro::host {

/// Sums over elements; min, max, sum and squares over the finite ones.
struct Totals {
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double sum = 0, squares = 0;
    std::uint64_t count = 0, nan = 0, inf = 0, zero = 0, subnormal = 0;
};

/// Adds `bytes` of dense elements to `totals`.
using Adder = void (*)(Totals& totals, const std::byte* data, std::uint64_t bytes);

/// For each element type that has statistics. The results do not depend on the instruction set.
struct Adders {
    Adder float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8;
};

} // namespace repro::host
