// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/text_file.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
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

std::vector<std::string_view> splitAt(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

} // namespace repro::replay
