// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/event_arguments.h"

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
    const auto names = trace::argumentNames(run.reader().text(run.op(event).schema));
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

} // namespace repro::replay
