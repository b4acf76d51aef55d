// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "cli/record_options.h"

#include <string>

namespace repro::cli {

/// What the recorded program cannot tell of its own environment, as the text of a JSON object:
/// `git_commit` and `git_dirty` where the current folder is in a work tree (git is given two
/// seconds for each), `controls` where the recorder was asked to impose any.
std::string recordFacts(const RecordOptions& options);

} // namespace repro::cli
