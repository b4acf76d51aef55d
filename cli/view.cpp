// SPDX-License-Identifier: BSD-3-Clause
#include "cli/verb.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace repro::cli {

/// Becomes reproview, which takes the same words: the one beside this program, else one on PATH.
int runView(std::span<char*> arguments) {
    std::error_code unknown;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    const std::string beside = (self.parent_path() / "reproview").string();
    std::vector<char*> words;
    std::string name = "reproview";
    words.push_back(name.data());
    words.insert(words.end(), arguments.begin(), arguments.end());
    words.push_back(nullptr);
    ::execv(beside.c_str(), words.data());
    ::execvp(name.c_str(), words.data());
    throw Error(ErrorKind::Usage,
                fmt::format("view: reproview cannot be started: {}; build it with Qt 6 "
                            "(REPROREC_BUILD_GUI=ON), or use `reprorec diff`",
                            std::strerror(errno)));
}

} // namespace repro::cli
