// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace repro::replay {

/// How elements that differ lie in their tensor, in words: "one element", "all elements",
/// "row [3, :]", "block [0:2, 8:16]", "every 4th element", "scattered". Empty when unknown.
/// `shape` in elements, row-major; `differing` holds ascending indices, all there are.
std::string patternOf(std::span<const std::int64_t> shape,
                      const std::vector<std::uint64_t>& differing);

} // namespace repro::replay
