// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace repro::trace {

/// Where a trace that is called `path` is written: there, or where it points if it is a link.
/// Writes nothing. Throws: Error (Io) when something is in the way, there or under the name of the
/// unfinished trace: a folder, a device, a pipe, a socket, or a file; `overwrite` allows a trace,
/// an empty file, and what a recording left that did not end, nothing else.
std::filesystem::path claim(const std::filesystem::path& path, bool overwrite);

/// The folder that a trace is made in: its file, and the journal of what came so far.
std::filesystem::path partialOf(const std::filesystem::path& path);
/// The file in it.
inline constexpr const char* kUnfinished = "trace.h5";
/// Makes that folder, empty. Requires: the path was claimed. What is wrong with it is said by the
/// file that comes into it.
std::filesystem::path makePartial(const std::filesystem::path& path);
/// Removes it with what a recording left in it.
void removePartial(const std::filesystem::path& path);

} // namespace repro::trace
