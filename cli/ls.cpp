// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_filter.h"
#include "cli/event_text.h"
#include "cli/open_trace.h"
#include "cli/verb.h"
#include "replay/report/sites.h"
#include "replay/run/call_stack.h"
#include "trace/reader.h"
#include "trace/slots.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <unordered_map>

namespace repro::cli {

namespace {

struct Widths {
    std::size_t event = 5;
    std::size_t thread = 6;
    std::size_t layer = 5;
    std::size_t name = 2;
};

Widths widthsOf(const trace::Reader& reader, const std::vector<trace::EventId>& events) {
    Widths widths;
    const auto& columns = reader.events();
    widths.event = std::max(widths.event, fmt::formatted_size("{}", events.back()));
    std::vector<bool> ops(reader.ops().size());
    std::vector<bool> layers(reader.layers().size());
    for (const trace::EventId id : events) {
        const trace::OpId op = columns.op[id];
        const trace::LayerId layer = columns.layer[id];
        if (layer != trace::kNone32 && !layers.at(layer)) {
            layers[layer] = true;
            widths.layer = std::max(widths.layer, layerPath(reader, layer).size());
        }
        if (op != trace::kNone32 && !ops.at(op)) {
            ops[op] = true;
            widths.name = std::max(widths.name, opText(reader, op).size());
        }
    }
    for (const trace::Thread& thread : reader.threads()) {
        widths.thread = std::max(widths.thread, reader.text(thread.name).size());
    }
    return widths;
}

std::string inTable(const Widths& widths, std::string_view event, std::string_view step,
                    std::string_view phase, std::string_view thread, std::string_view layer,
                    std::string_view name, std::string_view shapes) {
    std::string row =
        fmt::format("{:>{}}  {:>4}  {:<9}  {:<{}}  {:<{}}  {:<{}}  {}", event, widths.event, step,
                    phase, thread, widths.thread, layer, widths.layer, name, widths.name, shapes);
    row.erase(row.find_last_not_of(' ') + 1);
    return row;
}

void printTable(const trace::Reader& reader, const std::vector<trace::EventId>& events) {
    const Widths widths = widthsOf(reader, events);
    fmt::print("{}\n",
               inTable(widths, "event", "step", "phase", "thread", "layer", "op", "shapes"));
    for (const trace::EventId id : events) {
        const trace::Event event = reader.event(id);
        fmt::print("{}\n", inTable(widths, fmt::to_string(id), fmt::to_string(event.step),
                                   trace::phaseName(event.phase), threadName(reader, event.thread),
                                   layerPath(reader, event.layer), eventName(reader, event),
                                   shapesText(reader, event)));
    }
}

nlohmann::json usesJson(const trace::Reader& reader, const trace::Event& event,
                        trace::Direction direction) {
    nlohmann::json shapes = nlohmann::json::array();
    for (std::uint64_t row = event.firstUse; row < event.firstUse + event.useCount; ++row) {
        const trace::Use use = reader.use(row);
        if (use.direction == direction) {
            const trace::Value value = reader.value(use.value);
            shapes.push_back({{"slot", trace::slotName(reader.uses(), row)},
                              {"dtype", trace::dtypeName(value.dtype)},
                              {"shape", listJson(reader, value.sizes)}});
        }
    }
    return shapes;
}

/// The program's own call, of each site once.
class OwnCalls {
public:
    explicit OwnCalls(const trace::Reader& reader) : m_reader(reader) {}
    const nlohmann::ordered_json& at(trace::SiteId site) {
        const auto [entry, isNew] = m_calls.try_emplace(site);
        if (const auto stack = isNew ? replay::stackOf(m_reader, site) : std::nullopt) {
            entry->second = replay::callJson(stack->ownCall());
        }
        return entry->second;
    }

private:
    const trace::Reader& m_reader;
    std::unordered_map<trace::SiteId, nlohmann::ordered_json> m_calls;
};

void printRecords(const trace::Reader& reader, const std::vector<trace::EventId>& events) {
    OwnCalls calls(reader);
    for (const trace::EventId id : events) {
        const trace::Event event = reader.event(id);
        const nlohmann::ordered_json record = {
            {"event", id},
            {"kind", trace::kindName(event.kind)},
            {"op", event.op == trace::kNone32 ? nlohmann::json()
                                              : textJson(reader, reader.ops().at(event.op).name)},
            {"overload", event.op == trace::kNone32
                             ? nlohmann::json()
                             : textJson(reader, reader.ops().at(event.op).overload)},
            {"step", event.step},
            {"phase", trace::phaseName(event.phase)},
            {"thread", textOrNull(threadName(reader, event.thread))},
            {"layer", textOrNull(layerPath(reader, event.layer))},
            {"parent", idJson(event.parent)},
            {"site", calls.at(event.site)},
            {"flags", trace::eventFlagNames(event.flags)},
            {"in", usesJson(reader, event, trace::Direction::In)},
            {"out", usesJson(reader, event, trace::Direction::Out)},
        };
        fmt::print("{}", jsonLine(record));
    }
}

} // namespace

int runList(std::span<char*> arguments) {
    CommandLine line("ls",
                     "List the events of a recording: by default the outermost ops, in order.",
                     "reprorec ls run.h5 --op 'addmm|conv' --step 0-2\n"
                     "reprorec ls run.h5 --kind layer --layer '^Net.fc' --json");
    std::string path;
    FilterOptions filter;
    bool json = false;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    filter.declareOn(line.app());
    line.app().add_flag("--json", json, "One JSON record a line");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader reader = openTrace(path);
    const auto events = filterEvents(reader, filter);
    if (json) {
        printRecords(reader, events);
    } else {
        printTable(reader, events);
    }
    return kSame;
}

} // namespace repro::cli
