// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"

#include <filesystem>

namespace repro::symbols {

/// Functions and lines for the request, from `program` (repro-symbols): an answer for each object,
/// in its order. What `program` cannot answer, or not within the limits of the request, has a
/// status and a detail that say so.
std::vector<ObjectAnswer> resolve(const std::filesystem::path& program, const Request& request);

/// XXH3-128 of a source that was run as it is, as in ObjectAnswer::sources. Returns: empty when it
/// cannot be read, or was changed after that time.
std::string hashOfSource(const std::filesystem::path& source, std::uint64_t unixNs);

} // namespace repro::symbols
