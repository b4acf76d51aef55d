// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>

namespace repro::replay {

struct TextOptions {
    bool color = false;
    bool all = false;           ///< every origin, and harmless differences of the environment
    bool callers = false;       ///< the calls that led to the first origin
    std::size_t maxOrigins = 5; ///< when not `all`
};

/// The report for people. The first line is the verdict, the last names the next command.
std::string renderText(const DiffResult& result, const TextOptions& options = {});

} // namespace repro::replay
