// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// What a field of a filter takes, and what it stands for.
struct FieldValue {
    std::string name;
    std::uint32_t mask = 0; ///< a bit for each enumerator
};

/// Of class, phase, kind and match; none of another field.
const std::vector<FieldValue>& valuesOf(std::string_view field);

/// With the character behind each.
inline constexpr std::array kFilterFields = {
    "class:", "op:",    "layer:", "site:", "fn:",  "step:", "phase:", "kind:",
    "only:",  "match:", "note:",  "ulp>",  "rel>", "abs>",  "n>"};

} // namespace repro::replay
