// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace repro::replay {

/// Elements [first, end) that differ.
struct Stretch {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
};

/// How elements that differ lie in their tensor, in words: "one element", "all elements",
/// "row [3, :]", "block [0:2, 8:16]", "every 4th element", "scattered". Empty when unknown.
/// `shape` in elements, row-major; `differing` is ascending, with equal elements between any two.
std::string patternOf(std::span<const std::int64_t> shape, std::span<const Stretch> differing);

} // namespace repro::replay
