// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <filesystem>
#include <string>

namespace repro::cli {

/// Opens a trace; of a recording that has not ended, or was cut off, what was committed so far, and
/// a line on stderr says so. `path`: the trace, or the folder NAME.partial. Throws: Error.
trace::Reader openTrace(const std::string& path);

/// The folder of a recording that did not end, given by its own name or that of its trace; empty =
/// `path` is something else.
std::filesystem::path unfinishedAt(const std::filesystem::path& path);

} // namespace repro::cli
