// SPDX-License-Identifier: BSD-3-Clause
#include "cli/find_program.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace repro::cli {

namespace {

bool isExecutable(const std::filesystem::path& path) {
    std::error_code missing;
    return std::filesystem::is_regular_file(path, missing) && access(path.c_str(), X_OK) == 0;
}

} // namespace

std::optional<std::filesystem::path> findProgram(std::string_view word) {
    if (word.find('/') != std::string_view::npos) {
        return isExecutable(word) ? std::optional<std::filesystem::path>(word) : std::nullopt;
    }
    const char* path = std::getenv("PATH");
    std::string_view folders = path != nullptr ? path : "/usr/bin:/bin";
    while (!word.empty() && !folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        auto candidate = std::filesystem::path(folders.substr(0, end)) / word;
        if (isExecutable(candidate)) {
            return candidate;
        }
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return std::nullopt;
}

} // namespace repro::cli
