// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_filter.h"

#include "cli/event_text.h"
#include "cli/terminal.h"
#include "replay/filter/filter.h"
#include "trace/pattern.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

namespace repro::cli {
namespace {

Pattern compiled(const char* option, const std::string& text) {
    try {
        return Pattern(text);
    } catch (const PatternError& error) {
        throw Error(ErrorKind::Usage, fmt::format("{} '{}': {}", option, text, error.what()));
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

/// Empty: of every kind.
std::set<std::uint8_t> kindsOf(const std::vector<std::string>& names, bool everyKind) {
    std::set<std::uint8_t> kinds;
    for (const std::string& name : names) {
        const auto kind = trace::kindNamed(name);
        if (!kind) {
            throw Error(ErrorKind::Usage, fmt::format("--kind '{}': no such kind; one of {}", name,
                                                      trace::allKindNames()));
        }
        kinds.insert(static_cast<std::uint8_t>(*kind));
    }
    if (kinds.empty() && !everyKind) {
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
    const Pattern wanted = compiled(option, pattern);
    std::vector<bool> matches(rows + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        matches[row] = wanted.isIn(textOf(static_cast<std::uint32_t>(row)));
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

constexpr std::uint32_t kKinds = 256; // all that a column can hold

/// Every event as a row that a filter looks at; names of kinds follow those of ops.
std::vector<replay::RowEntry> entriesOf(const trace::Reader& reader) {
    const trace::EventColumns& events = reader.events();
    const auto ops = static_cast<std::uint32_t>(reader.ops().size());
    const auto layers = static_cast<std::uint32_t>(reader.layers().size());
    std::vector<replay::RowEntry> entries(events.count);
    for (trace::EventId id = 0; id < events.count; ++id) {
        replay::RowEntry& entry = entries[id];
        entry.a = static_cast<std::uint32_t>(id);
        entry.kind = static_cast<trace::EventKind>(events.kind[id]);
        entry.phase = static_cast<trace::Phase>(events.phase[id]);
        entry.step = events.step[id];
        entry.name = events.op[id] < ops ? events.op[id] : ops + events.kind[id];
        entry.layer = std::min(events.layer[id], layers);
    }
    return entries;
}

} // namespace

void FilterOptions::declareOn(CLI::App& app) {
    app.add_option("--filter", expression,
                   "Only events that pass, of any kind: words, op:, layer:, site:,\n"
                   "fn:, step:, phase:, kind:, /regex/, -term, (a | b)")
        ->type_name("TEXT");
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

Error nothingPasses(const trace::Reader& reader) {
    const std::string path = reader.path().string();
    return {ErrorKind::Usage,
            fmt::format("{}: no event passes the filters; see what there is with: reprorec info {}",
                        path, shellWord(path))};
}

std::vector<trace::EventId> eventsThatPass(const trace::Reader& reader,
                                           const std::string& expression) {
    replay::Filter::Error wrong;
    const auto filter = replay::Filter::parse(expression, &wrong, replay::Filter::Scope::OneTrace);
    if (!filter) {
        throw Error(ErrorKind::Usage, fmt::format("--filter '{}': {}, at position {}", expression,
                                                  wrong.message, wrong.position + 1));
    }
    const std::vector<replay::RowEntry> entries = entriesOf(reader);
    const replay::OwnCalls calls = replay::ownCalls(reader);
    replay::FilterRows rows{.all = entries, .callsA = &calls};
    for (std::uint32_t op = 0; op < reader.ops().size(); ++op) {
        rows.names.push_back(opText(reader, op));
    }
    for (std::uint32_t kind = 0; kind < kKinds; ++kind) {
        rows.names.emplace_back(trace::kindName(static_cast<trace::EventKind>(kind)));
    }
    for (std::uint32_t layer = 0; layer < reader.layers().size(); ++layer) {
        rows.layers.emplace_back(layerPath(reader, layer));
    }
    rows.layers.emplace_back(); // of events in no layer
    const auto passing = filter->apply(rows, {}, [] { return false; });
    return {passing.begin(), passing.end()};
}

std::vector<trace::EventId> filterEvents(const trace::Reader& reader,
                                         const FilterOptions& options) {
    const auto kinds = kindsOf(options.kinds, !options.expression.empty());
    const trace::StepRange steps = stepRange(options.steps);
    const auto ops = rowsThatMatch("--op", options.op, reader.ops().size(),
                                   [&](std::uint32_t row) { return opText(reader, row); });
    const auto layers = rowsThatMatch("--layer", options.layer, reader.layers().size(),
                                      [&](std::uint32_t row) { return layerPath(reader, row); });
    const auto threads = threadsNamed(reader, options.thread);
    const trace::EventColumns& events = reader.events();

    const auto passesOptions = [&](trace::EventId id) {
        const std::uint8_t kind = events.kind[id];
        const bool op = kind == static_cast<std::uint8_t>(trace::EventKind::Op);
        const bool outermost = (events.flags[id] & trace::event_flag::Outermost) != 0;
        return (kinds.empty() || kinds.count(kind) != 0) && (!op || outermost || options.nested) &&
               steps.contains(events.step[id]) && passes(ops, events.op[id]) &&
               passes(layers, events.layer[id]) && passes(threads, events.thread[id]);
    };
    std::vector<trace::EventId> found;
    const auto take = [&](const auto& ids) {
        for (auto id = ids.begin(); id != ids.end() && found.size() < options.limit; ++id) {
            if (passesOptions(*id)) {
                found.push_back(*id);
            }
        }
    };
    if (options.expression.empty()) {
        take(std::views::iota(trace::EventId{0}, events.count));
    } else {
        take(eventsThatPass(reader, options.expression));
    }
    if (found.empty()) {
        throw nothingPasses(reader);
    }
    return found;
}

} // namespace repro::cli
