// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace repro::replay {

/// Distances in ULP by powers of two: 0 (other bits, as -0 and +0), 1, 2-3, 4-7, ... up to 2^63.
inline constexpr int kUlpBuckets = 65;
inline constexpr std::uint64_t kNoElement = std::numeric_limits<std::uint64_t>::max();

/// What a comparison of elements adds up. Distances are of finite pairs only.
struct ElementTotals {
    std::uint64_t differing = 0; ///< in any bit
    std::uint64_t first = kNoElement;
    std::uint64_t oneSided = 0; ///< pairs with NaN or infinity on one side only
    std::uint64_t maxUlp = 0;
    std::uint64_t worst = kNoElement; ///< the first with maxUlp, if that is not 0
    double maxAbs = 0;
    double sumAbs = 0;
    double maxRel = 0;                             ///< of |a - b| / |a|, where a is not 0
    std::array<std::uint64_t, kUlpBuckets> ulps{}; ///< of finite pairs that differ
};

/// What is compared at a time, in the first cache: as many lines as a word has bits.
inline constexpr std::size_t kLineBytes = 64;
inline constexpr std::size_t kBlockBytes = 64 * kLineBytes;

/// Which lines of a block differ, a bit each; the last may be cut. Requires: bytes <= kBlockBytes.
using DifferingLines = std::uint64_t (*)(const std::byte* a, const std::byte* b, std::size_t bytes);

/// Adds the elements of a block that lie in `lines` to `totals`; `base` is the index of the first
/// of the block. Requires: all others are equal, and count elements are a block at most.
using CompareElements = void (*)(ElementTotals& totals, const std::byte* a, const std::byte* b,
                                 std::uint64_t count, std::uint64_t base, std::uint64_t lines);

/// One for each float type that is compared by registers. Whatever the instruction set, counts,
/// indices and maxima are the same, and sums within rounding.
struct ElementKernels {
    DifferingLines differingLines;
    CompareElements float64, float32, float16, bfloat16;
};

/// For this machine.
const ElementKernels& elementKernels();

} // namespace repro::replay
