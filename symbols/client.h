// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"

#include <filesystem>

namespace repro::symbols {

/// Functions and lines for the request, from `program` (repro-symbols): an answer for each object,
/// in its order. What `program` cannot answer, or not within the limits of the request, has a
/// status and a detail that say so.
std::vector<ObjectAnswer> resolve(const std::filesystem::path& program, const Request& request);

} // namespace repro::symbols
