// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace repro::cli {

/// Names of the shared libraries that an ELF file names itself (DT_NEEDED). None when the file is
/// no ELF file, a script for example, or cannot be read.
std::optional<std::vector<std::string>> neededLibraries(const std::filesystem::path& path);

} // namespace repro::cli
