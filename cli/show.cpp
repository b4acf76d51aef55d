// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_filter.h"
#include "cli/event_report.h"
#include "cli/event_text.h"
#include "cli/find_event.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "trace/error.h"
#include "trace/reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace repro::cli {

namespace {

struct LayerCalls {
    trace::LayerId layer = trace::kNone32;
    std::vector<trace::EventId> calls;
    std::uint64_t ops = 0; ///< outermost, of every call together, backward included
};

LayerCalls callsOf(const trace::Reader& reader, const std::string& path) {
    LayerCalls found;
    for (trace::LayerId id = 0; id < reader.layers().size(); ++id) {
        if (layerPath(reader, id) == path) {
            found.layer = id;
        }
    }
    if (found.layer == trace::kNone32) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: no layer '{}'; list them with: reprorec info {} --layers",
                                reader.path().string(), path, shellWord(reader.path().string())));
    }
    const trace::EventColumns& events = reader.events();
    for (trace::EventId id = 0; id < events.count; ++id) {
        if (events.layer[id] != found.layer) {
            continue;
        }
        if (events.kind[id] == static_cast<std::uint8_t>(trace::EventKind::Layer)) {
            found.calls.push_back(id);
        }
        found.ops += (events.flags[id] & trace::event_flag::Outermost) != 0 ? 1 : 0;
    }
    return found;
}

void printLayer(const trace::Reader& reader, const std::string& path) {
    const LayerCalls found = callsOf(reader, path);
    fmt::print("layer {}  {}\n  ops    {}\n  calls  {}\n", path,
               reader.text(reader.layers()[found.layer].type), found.ops, found.calls.size());
    constexpr std::size_t kShown = 10;
    for (std::size_t i = 0; i < std::min(found.calls.size(), kShown); ++i) {
        const trace::Event call = reader.event(found.calls[i]);
        const std::string shapes = shapesText(reader, call);
        fmt::print("    event {}  step {}{}{}\n", found.calls[i], call.step,
                   shapes.empty() ? "" : "  ", shapes);
    }
    if (found.calls.size() > kShown) {
        fmt::print("    and {} more; list them with: reprorec ls {} --kind layer --layer {}\n",
                   found.calls.size() - kShown, shellWord(reader.path().string()),
                   shellWord(fmt::format("^{}$", path)));
    }
}

void printLayerJson(const trace::Reader& reader, const std::string& path) {
    const LayerCalls found = callsOf(reader, path);
    const nlohmann::ordered_json report = {
        {"schema", "reprorec.layer/1"},
        {"path", path},
        {"type", textJson(reader, reader.layers()[found.layer].type)},
        {"ops", found.ops},
        {"calls", found.calls},
    };
    fmt::print("{}", jsonLine(report));
}

} // namespace

int runShow(std::span<char*> arguments) {
    CommandLine line("show", "Everything known of one event, or of one layer.",
                     "reprorec show run.h5 --event 42\n"
                     "reprorec show run.h5 --layer Net.fc1\n"
                     "reprorec show run.h5 --filter 'op:addmm step:1'");
    std::string path;
    trace::EventId id = trace::kNone64;
    std::string layer, expression;
    bool json = false;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    auto* event = line.app().add_option("--event", id, "An event, as `reprorec ls` numbers it");
    auto* named = line.app().add_option("--layer", layer, "... or a layer, by its path");
    auto* filter = line.app().add_option("--filter", expression,
                                         "... or the first event that passes, as of `reprorec ls`");
    event->type_name("N")->excludes(named)->excludes(filter);
    named->type_name("PATH")->excludes(filter);
    filter->type_name("TEXT");
    line.app().add_flag("--json", json, "One object, reprorec.event/1 or reprorec.layer/1");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    if (event->empty() && named->empty() && filter->empty()) {
        throw Error(ErrorKind::Usage,
                    "show: name what to show with --event N, --layer PATH or --filter "
                    "TEXT; see: "
                    "reprorec show --help");
    }
    const trace::Reader reader = openTrace(path);
    if (!named->empty()) {
        json ? printLayerJson(reader, layer) : printLayer(reader, layer);
        return kSame;
    }
    if (!filter->empty()) {
        const auto passing = eventsThatPass(reader, expression);
        if (passing.empty()) {
            throw nothingPasses(reader);
        }
        id = passing.front();
    }
    requireEvent(reader, id);
    const EventReport report = reportOf(reader, id);
    fmt::print("{}", json ? jsonLine(toJson(reader, report)) : toText(reader, report));
    return kSame;
}

} // namespace repro::cli
