// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/difference.h"
#include "trace/reader.h"

#include <cstddef>
#include <optional>
#include <span>

namespace repro::replay {

/// How far two contents of one dtype are apart, element by element, bit by bit: equal NaN payloads
/// are equal, -0 and +0 are not (0 ULP apart). ULP and absolute distance are of finite pairs only,
/// and null for dtypes without either. Complex numbers count as one element, told by the part that
/// is farther apart. `shape` is for the pattern only. Requires: both spans hold the same whole
/// number of elements, row-major.
Difference compareNumbers(trace::DType dtype, std::span<const std::byte> a,
                          std::span<const std::byte> b, std::span<const std::int64_t> shape = {});

/// The difference of two values: from their bytes where both have them, else from their leaves.
Difference compareValues(const trace::Reader& a, trace::ValueId inA, const trace::Reader& b,
                         trace::ValueId inB);

/// Do the contents agree but for rounding, as far as their statistics tell? Nothing where they were
/// not recorded.
std::optional<bool> areNearlyEqual(const trace::Reader& a, trace::ValueId inA,
                                   const trace::Reader& b, trace::ValueId inB);

} // namespace repro::replay
