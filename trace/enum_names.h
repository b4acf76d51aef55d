// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

namespace repro::trace {

/// The name of `value` in a list that has one for each enumerator, the last of which is `last`.
/// "unknown" for a number that a newer version has written.
template <auto last, std::size_t N>
constexpr const char* nameIn(const std::array<const char*, N>& names, decltype(last) value) {
    static_assert(N == static_cast<std::size_t>(last) + 1, "each enumerator has one name");
    const auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : "unknown";
}

} // namespace repro::trace
