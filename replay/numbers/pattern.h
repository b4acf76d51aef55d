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
/// "row [3, :]", "block [0:16, 16:32], a tile of 16 x 16", "the last 5 elements", "every 4th
/// element", "2 of every 8 elements", "scattered". Empty when unknown.
/// `shape` in elements, row-major; `differing` is ascending, with equal elements between any two.
std::string patternOf(std::span<const std::int64_t> shape, std::span<const Stretch> differing);

} // namespace repro::replay
