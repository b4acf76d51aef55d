// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/environment.h"

#include <string>
#include <string_view>

namespace repro::replay {

/// "cpu_capability differs: AVX2 in A, DEFAULT in B"
std::string settingSentence(const EnvironmentDifference& difference);
/// Is a piece of evidence, for or against a cause, about this setting?
bool speaksOf(std::string_view evidence, const EnvironmentDifference& difference);

} // namespace repro::replay
