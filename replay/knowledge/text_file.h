// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// All of a file that a user wrote. `what` it holds, for the message: "rules".
/// Throws: Error (Io) with the file and the remedy.
std::string textOf(const std::filesystem::path& path, std::string_view what);
/// What lies between separators; one part more than there are of those.
std::vector<std::string_view> splitAt(std::string_view text, char separator);

} // namespace repro::replay
