// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_filter.h"

#include "cli/event_text.h"
#include "cli/terminal.h"
#include "trace/error.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

namespace repro::cli {
namespace {

std::regex compiled(const char* option, const std::string& text) {
    try {
        return std::regex(text);
    } catch (const std::regex_error&) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{} '{}': not a regular expression; put a backslash before "
                                "characters such as ( [ * +",
                                option, text));
    }
}

trace::StepRange stepRange(const std::string& text) {
    const auto range = text.empty() ? trace::StepRange() : trace::parseStepRange(text);
    if (!range) {
        throw Error(ErrorKind::Usage,
                    fmt::format("--step '{}': not a range of steps; write 3, 3-5 or 3-", text));
    }
    return *range;
}

std::set<std::uint8_t> kindsOf(const std::vector<std::string>& names) {
    std::set<std::uint8_t> kinds;
    for (const std::string& name : names) {
        const auto kind = trace::kindNamed(name);
        if (!kind) {
            throw Error(ErrorKind::Usage, fmt::format("--kind '{}': no such kind; one of {}", name,
                                                      trace::allKindNames()));
        }
        kinds.insert(static_cast<std::uint8_t>(*kind));
    }
    if (kinds.empty()) {
        kinds.insert(static_cast<std::uint8_t>(trace::EventKind::Op));
    }
    return kinds;
}

/// For each row of a small table whether its text matches: a regular expression is run once a row
/// and not once an event. The last entry stands for kNone32, whose text is empty.
template <class TextOf>
std::vector<bool> rowsThatMatch(const char* option, const std::string& pattern, std::size_t rows,
                                TextOf textOf) {
    if (pattern.empty()) {
        return std::vector<bool>(rows + 1, true);
    }
    const std::regex regex = compiled(option, pattern);
    std::vector<bool> matches(rows + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        matches[row] =
            std::regex_search(std::string(textOf(static_cast<std::uint32_t>(row))), regex);
    }
    return matches;
}

bool passes(const std::vector<bool>& matches, std::uint32_t row) {
    return matches.at(row == trace::kNone32 ? matches.size() - 1 : row);
}

std::vector<bool> threadsNamed(const trace::Reader& reader, const std::string& name) {
    const auto& threads = reader.threads();
    std::vector<bool> matches(threads.size() + 1, name.empty());
    for (std::size_t i = 0; i < threads.size(); ++i) {
        matches[i] = name.empty() || reader.text(threads[i].name) == name ||
                     reader.text(threads[i].pool) == name;
    }
    return matches;
}

} // namespace

void FilterOptions::declareOn(CLI::App& app) {
    app.add_option("--op", op, "Only ops whose name matches, e.g. '^aten::addmm$'")
        ->type_name("REGEX");
    app.add_option("--layer", layer, "Only events in layers whose path matches")
        ->type_name("REGEX");
    app.add_option("--step", steps, "Only these steps, counted from 0: 3, 3-5 or 3-")
        ->type_name("A[-B]");
    app.add_option("--thread", thread, "Only this thread or pool of threads")->type_name("NAME");
    app.add_option("--kind", kinds, "Only events of these kinds (default: op)")
        ->type_name("KIND,...")
        ->delimiter(',');
    app.add_flag("--nested", nested, "Ops inside ops too");
    app.add_option("--limit", limit, "At most N events")->type_name("N");
}

std::vector<trace::EventId> filterEvents(const trace::Reader& reader,
                                         const FilterOptions& options) {
    const auto kinds = kindsOf(options.kinds);
    const trace::StepRange steps = stepRange(options.steps);
    const auto ops = rowsThatMatch("--op", options.op, reader.ops().size(),
                                   [&](std::uint32_t row) { return opText(reader, row); });
    const auto layers = rowsThatMatch("--layer", options.layer, reader.layers().size(),
                                      [&](std::uint32_t row) { return layerPath(reader, row); });
    const auto threads = threadsNamed(reader, options.thread);
    const trace::EventColumns& events = reader.events();

    std::vector<trace::EventId> found;
    for (trace::EventId id = 0; id < events.count && found.size() < options.limit; ++id) {
        const std::uint8_t kind = events.kind[id];
        const bool op = kind == static_cast<std::uint8_t>(trace::EventKind::Op);
        const bool outermost = (events.flags[id] & trace::event_flag::Outermost) != 0;
        if (kinds.count(kind) != 0 && (!op || outermost || options.nested) &&
            steps.contains(events.step[id]) && passes(ops, events.op[id]) &&
            passes(layers, events.layer[id]) && passes(threads, events.thread[id])) {
            found.push_back(id);
        }
    }
    if (found.empty()) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: no event passes the filters; see what there is with: "
                                "reprorec info {}",
                                reader.path().string(), shellWord(reader.path().string())));
    }
    return found;
}

} // namespace repro::cli
