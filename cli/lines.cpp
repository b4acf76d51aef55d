// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/line_report.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "replay/filter/line_range.h"
#include "replay/knowledge/nearest.h"
#include "replay/report/sites.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace repro::cli {
namespace {

using Json = nlohmann::ordered_json;

void printLines(const std::vector<ProgramLine>& lines) {
    fmt::print("{:>8}  {:>8}  {:>6}  {:>8}  {}\n", "events", "ops", "layers", "draws", "line");
    for (const auto& [call, report] : lines) {
        fmt::print("{:>8}  {:>8}  {:>6}  {:>8}  {}\n", report.events, report.ops,
                   report.layers.size(), report.draws, printable(replay::callWords(*call)));
    }
}

void printRecords(const std::vector<ProgramLine>& lines) {
    for (const auto& [call, report] : lines) {
        Json record = replay::callJson(*call);
        record["events"] = report.events;
        record["ops"] = report.ops;
        record["layers"] = report.layers;
        record["draws"] = report.draws;
        fmt::print("{}", jsonLine(record));
    }
}

std::string stepsText(const LineReport::Kind& kind) {
    return kind.firstStep == kind.lastStep
               ? fmt::format("step {}", kind.firstStep)
               : fmt::format("steps {}-{}", kind.firstStep, kind.lastStep);
}

void printReport(const std::vector<const replay::SourceLine*>& calls, const LineReport& report) {
    for (const replay::SourceLine* call : calls) {
        fmt::print("{}\n", printable(replay::callWords(*call)));
    }
    std::size_t name = 0, layer = 0, steps = 0;
    for (const LineReport::Kind& kind : report.kinds) {
        name = std::max(name, kind.name.size());
        layer = std::max(layer, kind.layer.size());
        steps = std::max(steps, stepsText(kind).size());
    }
    for (const LineReport::Kind& kind : report.kinds) {
        fmt::print("  {:<{}}  {:<{}}  {:<{}}  {}\n", kind.name, name, kind.layer, layer,
                   stepsText(kind), steps, countText(kind.count, "event"));
    }
    for (const auto& [generator, draws] : report.generators) {
        fmt::print("draws from {}: {}\n", generator, draws);
    }
    if (!report.layers.empty()) {
        fmt::print("layers: {}\n", fmt::join(report.layers, ", "));
    }
    if (!report.parameters.empty()) {
        fmt::print("parameters: {}\n", fmt::join(report.parameters, ", "));
    }
}

Json reportJson(const std::vector<const replay::SourceLine*>& calls, const LineReport& report) {
    Json json = {{"lines", Json::array()}, {"events", Json::array()}};
    for (const replay::SourceLine* call : calls) {
        json["lines"].push_back(replay::callJson(*call));
    }
    for (const LineReport::Kind& kind : report.kinds) {
        json["events"].push_back({{"name", kind.name},
                                  {"layer", textOrNull(kind.layer)},
                                  {"first_step", kind.firstStep},
                                  {"last_step", kind.lastStep},
                                  {"count", kind.count}});
    }
    json["layers"] = report.layers;
    json["draws"] = report.generators;
    json["parameters"] = report.parameters;
    return json;
}

/// Names what there is nearest to what was asked for.
Error nothingThere(const std::string& asked, const replay::LineRange& range,
                   const std::vector<ProgramLine>& lines) {
    std::vector<std::string> files;
    const replay::SourceLine* nearest = nullptr;
    const auto distance = [&](const replay::SourceLine& call) {
        return call.line < range.first ? range.first - call.line : call.line - range.last;
    };
    for (const auto& [call, report] : lines) {
        if (range.isFile(call->file) &&
            (nearest == nullptr || distance(*call) < distance(*nearest))) {
            nearest = call;
        }
        if (!call->file.empty()) {
            files.push_back(call->file.substr(call->file.rfind('/') + 1));
        }
    }
    const std::string there =
        nearest != nullptr ? fmt::format("the nearest is {}", replay::callWords(*nearest))
        : files.empty()    ? "no line of any file is known; see: reprorec symbolize --help"
                           : fmt::format("there are events from {}",
                                         fmt::join(replay::nearestNames(range.file, files), ", "));
    return {ErrorKind::Usage,
            printable(fmt::format("{}: no event comes from there; {}", asked, there))};
}

void explain(const trace::Reader& reader, const replay::OwnCalls& own,
             const std::vector<ProgramLine>& lines, const std::string& asked, bool json) {
    const auto range = replay::parseLineRange(asked);
    if (!range) {
        throw Error(ErrorKind::Usage, fmt::format("'{}' names no lines of a file; write train.cpp, "
                                                  "train.cpp:80 or train.cpp:80..95",
                                                  asked));
    }
    std::vector<bool> wanted(own.calls.size());
    std::vector<const replay::SourceLine*> calls;
    for (const auto& [call, report] : lines) {
        if (range->contains(*call)) {
            wanted[static_cast<std::size_t>(call - own.calls.data())] = true;
            calls.push_back(call);
        }
    }
    if (calls.empty()) {
        throw nothingThere(asked, *range, lines);
    }
    const LineReport report = reportOn(reader, own, wanted);
    if (json) {
        fmt::print("{}", jsonLine(reportJson(calls, report)));
    } else {
        printReport(calls, report);
    }
}

} // namespace

int runLines(std::span<char*> arguments) {
    CommandLine line("lines",
                     "The lines of the program that a recording comes from, in the order of their\n"
                     "first events; or all that came from one line, or from a few.",
                     "reprorec lines run.h5\n"
                     "reprorec lines run.h5 train.cpp:80..95 --json");
    std::string path, asked;
    bool json = false;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    line.app()
        .add_option("lines", asked, "A file, as the end of its path, and lines in it")
        ->type_name("FILE[:LINE[..LINE]]");
    line.app().add_flag("--json", json, "One JSON record a line; of lines that are named, one");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader reader = openTrace(path);
    const replay::OwnCalls own = replay::ownCalls(reader);
    const std::vector<ProgramLine> lines = programLines(reader, own);
    if (lines.empty()) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: no event has a recorded stack; record the program again, "
                                "without --sites none",
                                path));
    }
    if (!asked.empty()) {
        explain(reader, own, lines, asked, json);
    } else if (json) {
        printRecords(lines);
    } else {
        printLines(lines);
    }
    return kSame;
}

} // namespace repro::cli
