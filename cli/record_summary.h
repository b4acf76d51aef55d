// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "cli/record_options.h"
#include "recorder/collector/session.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace repro::cli {

/// What a recording came to.
struct Recorded {
    std::vector<collector::Result> results;
    std::map<int, std::filesystem::path> traces; ///< by number of the process
    std::vector<std::string> refusals;           ///< versions of LibTorch that cannot be recorded
    std::vector<std::string> failures;
};

/// Tells the user on stderr, what went wrong even if `options.quiet`; the last line is the next
/// command to type. Returns: whether there is a recording of what was asked for.
bool summarize(const Recorded& recorded, const RecordOptions& options);

} // namespace repro::cli
