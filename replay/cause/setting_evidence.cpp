// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/setting_evidence.h"

#include <fmt/format.h>

namespace repro::replay {

std::string settingSentence(const EnvironmentDifference& difference) {
    return fmt::format("{} differs: {} in A, {} in B", difference.key, difference.a, difference.b);
}

bool speaksOf(std::string_view evidence, const EnvironmentDifference& difference) {
    const auto has = [evidence](const std::string& text) {
        return evidence.find(text) != std::string_view::npos;
    };
    const auto& [key, a, b, rank, topic] = difference;
    return has(settingSentence(difference)) ||
           has(fmt::format(": {} is {} in A, {} in B", key, a, b)) ||
           (key == "threads" && has(fmt::format("used {} threads here, run B {}", a, b)));
}

} // namespace repro::replay
