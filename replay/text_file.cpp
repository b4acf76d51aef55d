// SPDX-License-Identifier: BSD-3-Clause
#include "replay/text_file.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace repro::replay {

std::string textOf(const std::filesystem::path& path, std::string_view what) {
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!std::filesystem::is_regular_file(path) || file.bad() || !file.is_open()) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot read any {}; check the path", path.string(), what));
    }
    return text;
}

} // namespace repro::replay
