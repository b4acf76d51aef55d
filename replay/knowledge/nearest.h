// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// Edits (insert, remove, replace, swap neighbours) that turn `a` into `b`.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The few names that somebody who wrote `word` may have meant, the likeliest first: those that
/// contain it, then those that fewest edits lead to.
std::vector<std::string> nearestNames(std::string_view word, std::vector<std::string> names);

} // namespace repro::replay
