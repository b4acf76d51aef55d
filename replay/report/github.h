// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <string_view>

namespace repro::replay {

/// Workflow commands that GitHub's runner turns into annotations: an error for each origin, at its
/// source line where that is known; a warning for each note; a notice where the runs are the same.
std::string renderGithub(const DiffResult& result);
std::string renderGithubTrouble(std::string_view message);

} // namespace repro::replay
