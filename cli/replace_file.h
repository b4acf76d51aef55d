// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string_view>

/// Files that others may read at any time: they hold the old contents or the new, whole. What is
/// not a regular file (/dev/stderr, a pipe) is written to; a link stays, and its target is
/// replaced.
namespace repro::cli {

/// Throws: Error (Io); then the old contents are still there.
void replaceFile(const std::filesystem::path& target, std::string_view contents);
/// The same with the contents of another file. Permissions of an old file are kept.
void replaceFileByCopy(const std::filesystem::path& target, const std::filesystem::path& source);

} // namespace repro::cli
