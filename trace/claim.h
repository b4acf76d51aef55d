// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace repro::trace {

/// Where a trace that is called `path` is written: there, or where it points if it is a link.
/// Writes nothing. Throws: Error (Io) when something is in the way, there or under the name of the
/// unfinished file: a folder, a device, a pipe, a socket, or a file; `overwrite` allows a trace and
/// an empty file, nothing else.
std::filesystem::path claim(const std::filesystem::path& path, bool overwrite);

/// The name of a trace until it is finished.
std::filesystem::path partialOf(const std::filesystem::path& path);

} // namespace repro::trace
