// SPDX-License-Identifier: BSD-3-Clause
#include "replay/event_arguments.h"

#include "trace/arguments.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {

using trace::EventId;

std::vector<NamedArgument> argumentsOf(const Run& run, EventId event) {
    std::vector<NamedArgument> named;
    const trace::ArgumentsId id = run.events.arguments[event];
    if (id >= run.reader().argumentsCount()) {
        return named;
    }
    const auto values = trace::describeArguments(run.reader().arguments(id));
    const auto names = argumentNames(run.reader().text(run.op(event).schema));
    for (std::size_t i = 0; i < values.size(); ++i) {
        named.push_back({i < names.size() ? names[i] : fmt::format("argument {}", i), values[i]});
    }
    return named;
}

bool sameByName(const Run& a, EventId inA, const Run& b, EventId inB) {
    const std::vector<NamedArgument> theirs = argumentsOf(b, inB);
    const auto agrees = [&](const NamedArgument& mine) {
        return std::none_of(theirs.begin(), theirs.end(), [&](const NamedArgument& other) {
            return other.name == mine.name && other.value != mine.value;
        });
    };
    const std::vector<NamedArgument> mine = argumentsOf(a, inA);
    return std::all_of(mine.begin(), mine.end(), agrees);
}

std::vector<std::string> argumentNames(std::string_view schema) {
    std::vector<std::string> names;
    const std::size_t open = schema.find('(');
    const std::size_t close = schema.rfind(") ->");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return names;
    }
    std::string_view rest = schema.substr(open + 1, close - open - 1);
    const auto add = [&](std::string_view part) {
        part = part.substr(0, part.find('='));
        const std::size_t space = part.rfind(' ');
        // "*" alone divides positional arguments from named ones.
        if (space != std::string_view::npos && space + 1 < part.size() && part.back() != '*') {
            names.emplace_back(part.substr(space + 1));
        }
    };
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        depth += rest[i] == '[' || rest[i] == '(' ? 1 : rest[i] == ']' || rest[i] == ')' ? -1 : 0;
        if (rest[i] == ',' && depth == 0) {
            add(rest.substr(from, i - from));
            from = i + 1;
        }
    }
    add(rest.substr(from));
    return names;
}

} // namespace repro::replay
