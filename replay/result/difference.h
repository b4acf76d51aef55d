// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// One element of both runs: digits that read back to the same number, and its bits.
struct ElementPair {
    std::string a, b;
    std::string bitsA, bitsB; ///< "0x3f800001"; empty for integers
};

/// How far two values are apart. Null or empty = not known (no bytes were recorded), or without
/// meaning for the dtype. Distances are of finite pairs that differ.
struct Difference {
    std::optional<std::uint64_t> elements; ///< that differ
    std::optional<std::uint64_t> maxUlp;
    std::optional<double> maxAbs;
    std::optional<double> meanAbs; ///< over the pairs that differ
    std::optional<double> maxRel;  ///< of |a - b| / |a|, where a is not 0
    /// [0] elements 0 ULP apart (-0 and +0), [k] from 2^(k-1) to 2^k - 1 ULP apart.
    std::vector<std::uint64_t> ulpHistogram;
    std::optional<std::uint64_t> firstIndex; ///< row-major, of the first element that differs
    std::optional<std::uint64_t>
        worstIndex; ///< of the largest distance in ULP (integers: absolute)
    std::optional<ElementPair> firstPair;
    std::optional<ElementPair> worstPair;
    std::string pattern; ///< how they lie: see replay/numbers/pattern.h
    /// Of leaves of 256 KiB, where contents are large: how many differ, and the first.
    std::optional<std::uint64_t> leaves;
    std::optional<std::uint64_t> firstLeaf;
    std::optional<bool> nonFinite;       ///< NaN or infinity on one side only
    std::optional<std::uint64_t> beyond; ///< elements that break the tolerance, if there is one
    std::optional<std::uint64_t> firstBeyond; ///< row-major, of the first of those
};

} // namespace repro::replay
