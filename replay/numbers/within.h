// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "replay/result/tolerance.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace repro::replay {

struct ToleranceCheck {
    bool within = false;
    std::uint64_t beyond = 0; ///< elements that break a limit; 0 where the cosine alone does
    std::optional<std::uint64_t> firstBeyond; ///< row-major index of the first
};

/// Holds two contents of one dtype to a tolerance. `difference` is what compareNumbers says of the
/// same contents. Requires: both spans hold the same whole number of elements.
///
/// Equal bits are within any tolerance. NaN is within a tolerance of NaN, whatever the payloads,
/// and of nothing else; infinity of the same infinity only; -0 and +0 are 0 apart. Integers and
/// bools that differ are not within it unless `integers` is set: then ULP counts as |a - b|.
/// A complex number's distance is that of the plane, its ULPs those of the worse part. Elements
/// without numbers of ours (quantised, packed) are compared by their bits. Distances are computed
/// in float64, those of integers exactly; the cosine leaves pairs out that are not finite.
ToleranceCheck checkTolerance(const Tolerance& tolerance, trace::DType dtype,
                              std::span<const std::byte> a, std::span<const std::byte> b,
                              const Difference& difference);

} // namespace repro::replay
