// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/line_range.h"

#include "trace/words.h"

namespace repro::replay {

bool LineRange::isFile(std::string_view path) const {
    return path.ends_with(file) && (path.size() == file.size() || file.starts_with('/') ||
                                    path[path.size() - file.size() - 1] == '/');
}

std::optional<LineRange> parseLineRange(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    LineRange range;
    range.file = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        const auto lines = trace::parseStepRange(text.substr(colon + 1));
        if (!lines) {
            return std::nullopt;
        }
        range.first = lines->first;
        range.last = lines->last;
    }
    return range.file.empty() ? std::nullopt : std::optional(range);
}

} // namespace repro::replay
