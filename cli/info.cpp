// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/layer_tree.h"
#include "cli/open_trace.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "trace/reader.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace repro::cli {

namespace {

template <class Value>
void printField(std::string_view name, const Value& value) {
    fmt::print("  {:<13}{}\n", name, value);
}

std::string timeText(std::uint64_t unixNs) {
    const auto seconds = static_cast<std::time_t>(unixNs / 1'000'000'000U);
    return unixNs == 0 ? "unknown" : fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string endingText(const trace::Header& header) {
    const std::string ending = header.ending.empty() ? "unknown" : printable(header.ending);
    return header.complete ? ending
                           : fmt::format("{} (incomplete: later events are missing)", ending);
}

std::string captureText(const trace::Header& header) {
    return fmt::format("{}{}, inputs verified: {}", header.capture,
                       header.filters.empty() ? ""
                                              : fmt::format(" ({})", printable(header.filters)),
                       header.verifyInputs);
}

void printHeader(const trace::Reader& reader) {
    const trace::Header& header = reader.header();
    fmt::print("{}\n", reader.path().string());
    printField("program", printable(header.program));
    printField("started", timeText(header.startedNs));
    if (header.endedNs > header.startedNs) {
        printField("took", durationText(header.endedNs - header.startedNs));
    }
    printField("ended", endingText(header));
    printField("LibTorch", header.torchVersion);
    printField("capture", captureText(header));
    printField("written by", fmt::format("reprorec {}, format {}.{}", header.toolVersion,
                                         header.formatMajor, header.formatMinor));
    printField("run", header.runId);
    printField("missing", fmt::format("{} dropped, {} lost in gaps, {} without the bytes asked for",
                                      header.drops, header.gaps, header.skippedValues));
    if (header.unrecordedChildren > 0) {
        printField("children", trace::unrecordedText(header.unrecordedChildren));
    }
    if (!reader.sites().empty()) {
        printField("call sites",
                   fmt::format("{}{}", reader.sites().size(),
                               header.cutStacks == 0
                                   ? ""
                                   : ", " + countText(header.cutStacks, "stack", "stacks") +
                                         " without their beginning"));
    }
    printField("held up",
               fmt::format("{} waiting for the collector", durationText(header.heldUpNs)));
}

/// Scalars as they are, on one line; objects and lists by size. --json has them whole.
std::string briefly(const nlohmann::json& value) {
    if (value.is_structured()) {
        return countText(value.size(), "entry", "entries");
    }
    constexpr std::size_t kMost = 100;
    std::string text = printable(value.is_string() ? value.get<std::string>() : value.dump());
    if (text.size() > kMost) {
        text.replace(kMost - 3, std::string::npos, "...");
    }
    return text;
}

void printEnvironment(const nlohmann::json& environment) {
    fmt::print("environment\n");
    for (const auto& [key, value] : environment.items()) {
        fmt::print("  {:<24} {}\n", key, briefly(value));
    }
}

void printSummary(const Summary& summary) {
    fmt::print("counts\n");
    printField("events", fmt::format("{} ({} outermost ops, {} ops in all)", summary.events,
                                     summary.outermost, summary.ops));
    printField("tensors", fmt::format("{} uses of {}", summary.uses,
                                      countText(summary.values, "value", "values")));
    printField("steps", summary.steps);
    printField("threads", summary.threads);
    printField("layers", summary.layers);
    printField("generators", fmt::format("{}, {}", summary.generators,
                                         countText(summary.draws, "draw", "draws")));
    printField("payload", fmt::format("{} of {}", byteText(summary.payloadBytes),
                                      countText(summary.valuesWithBytes, "value", "values")));
    printField("coverage", fmt::format("{} verified, {} assumed, {} without meaning",
                                       countText(summary.verifiedUses, "use", "uses"),
                                       summary.assumedUses, summary.meaninglessUses));
}

nlohmann::ordered_json headerJson(const trace::Header& header) {
    return {{"program", header.program},
            {"run_id", header.runId},
            {"started_ns", header.startedNs},
            {"ended_ns", header.endedNs},
            {"complete", header.complete},
            {"ending", header.ending},
            {"torch_version", header.torchVersion},
            {"tool_version", header.toolVersion},
            {"format_major", header.formatMajor},
            {"format_minor", header.formatMinor},
            {"capture", header.capture},
            {"filters", header.filters},
            {"verify_inputs", header.verifyInputs},
            {"drops", header.drops},
            {"gaps", header.gaps},
            {"skipped_values", header.skippedValues},
            {"held_up_ns", header.heldUpNs},
            {"unrecorded_children", header.unrecordedChildren},
            {"cut_stacks", header.cutStacks}};
}

nlohmann::json environmentOf(const trace::Header& header) {
    auto environment = nlohmann::json::parse(header.environment, nullptr, false);
    return environment.is_object() ? environment : nlohmann::json::object();
}

void printJson(const trace::Reader& reader) {
    const nlohmann::ordered_json report = {
        {"schema", "reprorec.info/1"},           {"path", reader.path().string()},
        {"header", headerJson(reader.header())}, {"environment", environmentOf(reader.header())},
        {"counts", toJson(summarise(reader))},   {"layers", layersJson(reader)}};
    fmt::print("{}", jsonLine(report));
}

} // namespace

int runInfo(std::span<char*> arguments) {
    CommandLine line("info", "What a recording is: program, environment, counts, how it ended.",
                     "reprorec info run.h5\n"
                     "reprorec info run.h5 --layers");
    std::string path;
    bool json = false;
    bool layers = false;
    line.app().add_option("trace", path, "The recording")->required()->type_name("FILE");
    line.app().add_flag("--json", json, "One object, reprorec.info/1");
    line.app().add_flag("--layers", layers, "The tree of layers: path, type, calls");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader reader = openTrace(path);
    if (json) {
        printJson(reader);
        return kSame;
    }
    if (layers) {
        fmt::print("{}", layersText(reader));
        return kSame;
    }
    printHeader(reader);
    printSummary(summarise(reader));
    printEnvironment(environmentOf(reader.header()));
    return kSame;
}

} // namespace repro::cli
