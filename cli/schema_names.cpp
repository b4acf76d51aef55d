// SPDX-License-Identifier: BSD-3-Clause
#include "cli/schema_names.h"

namespace repro::cli {

namespace {

/// "int[2] stride=[1, 1]" -> "stride". The star that opens keyword arguments has no name.
std::string nameOf(std::string_view declaration) {
    declaration = declaration.substr(0, declaration.find('='));
    const std::size_t end = declaration.find_last_not_of(' ');
    const std::size_t space = declaration.find_last_of(' ', end);
    if (end == std::string_view::npos || space == std::string_view::npos) {
        return {};
    }
    const std::string_view name = declaration.substr(space + 1, end - space);
    return name == "*" ? std::string() : std::string(name);
}

} // namespace

std::vector<std::string> argumentNames(std::string_view schema) {
    std::vector<std::string> names;
    const std::size_t open = schema.find('(');
    if (open == std::string_view::npos) {
        return names;
    }
    int depth = 0;
    bool quoted = false;
    std::size_t start = open + 1;
    for (std::size_t at = open; at < schema.size(); ++at) {
        const char c = schema[at];
        quoted = quoted != (c == '"');
        depth += quoted ? 0 : (c == '(' || c == '[') ? 1 : (c == ')' || c == ']') ? -1 : 0;
        if (!quoted && ((c == ',' && depth == 1) || depth == 0)) {
            if (std::string name = nameOf(schema.substr(start, at - start)); !name.empty()) {
                names.push_back(std::move(name));
            }
            start = at + 1;
        }
        if (depth == 0) {
            break;
        }
    }
    return names;
}

} // namespace repro::cli
