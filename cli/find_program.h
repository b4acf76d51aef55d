// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace repro::cli {

/// The file that a shell would run for `word`: with a slash that file, else the first in PATH. None
/// when there is no such executable file.
std::optional<std::filesystem::path> findProgram(std::string_view word);

} // namespace repro::cli
