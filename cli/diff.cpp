// SPDX-License-Identifier: BSD-3-Clause
#include "replay/diff.h"

#include "cli/command_line.h"
#include "cli/diff_options.h"
#include "cli/event_text.h"
#include "cli/golden.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "recorder/launcher/environment.h"
#include "replay/align/alignment_map.h"
#include "replay/reexec/experiment.h"
#include "replay/report/json.h"
#include "replay/report/text.h"
#include "replay/run/source_map.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>

namespace repro::cli {

namespace {

void requireTwoFiles(const DiffOptions& command) {
    std::error_code missing; // the Reader reports a file that is not there
    if (std::filesystem::equivalent(command.a, command.b, missing)) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{} and {}: both are the same file; record the program twice and "
                                "compare the two",
                                command.a, command.b));
    }
}

void printCounts(const replay::DiffResult& result, std::chrono::steady_clock::duration took) {
    const auto& coverage = result.coverage;
    fmt::print(stderr,
               "reprorec: {} and {} rows, {} matched, {} pairs of values compared, {} skipped\n",
               coverage.eventsA, coverage.eventsB, coverage.matched, coverage.valuesCompared,
               coverage.skipped);
    for (int i = 0; i < replay::kRowClassCount; ++i) {
        if (result.classCounts[i] != 0) {
            fmt::print(stderr, "reprorec: {:<16} {}\n",
                       replay::rowClassName(static_cast<replay::RowClass>(i)),
                       result.classCounts[i]);
        }
    }
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
    fmt::print(stderr, "reprorec: compared in {}\n", durationText(static_cast<std::uint64_t>(ns)));
}

/// Runs the op where the runs part again, if it is one whose own work is in question.
void prove(replay::DiffResult& result, const trace::Reader& a, const trace::Reader& b,
           std::uint32_t runs) {
    if (result.origins.empty()) {
        return;
    }
    replay::Origin& origin = result.origins[0];
    const replay::Location& first = origin.first;
    if (!first.eventA || !first.eventB || !first.slot.value_or("").starts_with("out")) {
        result.notes.push_back({replay::EvidenceKind::NothingToRunAgain});
        return;
    }
    replay::exec::ExperimentOptions options;
    options.runs = runs;
    try {
        const auto experiment = replay::exec::experiment({{&a, *first.eventA}, {&b, *first.eventB}},
                                                         launcher::privateFolder(), options);
        replay::exec::addEvidence(experiment, origin.cause);
    } catch (const Error& error) {
        result.notes.push_back({replay::EvidenceKind::NotRunAgain, {}, {error.what()}});
    }
}

/// With the stages, as thirds of the work, on a terminal.
replay::DiffResult compare(const trace::Reader& a, const trace::Reader& b,
                           replay::DiffOptions& options) {
    Progress progress("compare");
    options.progress = [&](const replay::DiffProgress& now) {
        const double part =
            now.rows == 0 ? 0 : static_cast<double>(now.rowsDone) / static_cast<double>(now.rows);
        progress.update((static_cast<double>(now.stage) + part) / 3);
        return true;
    };
    return replay::diff(a, b, options);
}

replay::DiffResult compare(const DiffOptions& command) {
    requireTwoFiles(command);
    replay::SourceMap sources;
    for (const std::string& folders : command.sourceMap) {
        sources.add(folders);
    }
    const auto start = std::chrono::steady_clock::now();
    const trace::Reader a = openTrace(command.a);
    const trace::Reader b = openTrace(command.b);
    const auto tolerances = command.tolerance.tolerances();
    replay::AlignmentMap map;
    if (!command.map.empty()) {
        map.read(command.map);
    }
    replay::DiffOptions options;
    options.map = &map;
    options.tolerances = tolerances ? &*tolerances : nullptr;
    options.strict = command.strict;
    options.allowUnrecordedChildren = command.allowUnrecordedChildren;
    options.maxOrigins = command.all ? SIZE_MAX : command.maxOrigins;
    replay::DiffResult result = compare(a, b, options);
    if (!result.damaged.empty()) { // what it cannot read is trouble, whatever the rest says
        throw Error(ErrorKind::Format, result.damaged.front());
    }
    if (command.reexec > 0) {
        prove(result, a, b, command.reexec);
    }
    sources.apply(result);
    if (command.verbose) {
        printCounts(result, std::chrono::steady_clock::now() - start);
    }
    return result;
}

void report(const DiffOptions& command, const replay::DiffResult& result) {
    if (command.json) {
        fmt::print("{}", jsonLine(replay::toJson(result)));
    } else if (!command.reports.takesStdout()) {
        replay::TextOptions text;
        text.color = wantsColor(command.color);
        text.all = command.all;
        text.callers = command.verbose;
        text.maxOrigins = command.maxOrigins;
        const std::string report = replay::renderText(result, text);
        fmt::print("{}", command.quiet ? report.substr(0, report.find('\n') + 1) : report);
    }
    writeReports(command.reports, result);
}

/// There is no golden trace to compare with, or none that can be read and the user knows.
bool isReplacedUnseen(const DiffOptions& command) {
    if (!std::filesystem::exists(command.a)) {
        return true;
    }
    try {
        const trace::Reader golden = openTrace(command.a);
        return false;
    } catch (const Error& error) {
        if (command.force) {
            return true;
        }
        throw Error(error.kind(), fmt::format("{}; --force replaces it", error.what()));
    }
}

/// Reports say what went wrong, too. One that cannot be written is not worth a second line.
void reportTrouble(const DiffOptions& command, const char* message) {
    try {
        writeTroubleReports(command.reports, message);
    } catch (const std::exception&) {
    }
}

} // namespace

int runDiff(std::span<char*> arguments) {
    CommandLine line(
        "diff",
        "Compare two recordings of runs that should have been identical: where did they\n"
        "first part, which op did it, and why.\n"
        "Exit status: 0 same, 1 diverged, 2 trouble, 3 not comparable.",
        "reprorec diff a.h5 b.h5\n"
        "reprorec diff --json golden.h5 run.h5 > verdict.json\n"
        "reprorec diff --github --junit diff.xml --markdown golden.h5 run.h5 >> summary.md\n"
        "reprorec diff --update-golden golden.h5 run.h5\n"
        "reprorec diff --map renamed.map before.h5 after.h5\n"
        "reprorec diff --ulp 4 --rules tolerances.txt golden.h5 run.h5");
    DiffOptions command;
    command.declareOn(line.app());
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    command.reports.check(command.json);
    std::optional<replay::DiffResult> result;
    try {
        if (command.updateGolden) {
            requireFitForGolden(openTrace(command.b), command.force);
            if (isReplacedUnseen(command)) {
                replaceGolden(command.a, command.b);
                return kSame;
            }
        }
        result = compare(command);
        report(command, *result);
        const int status = command.updateGolden ? updateGolden(*result, command.force)
                                                : replay::exitStatus(result->verdict);
        return status == kNotComparable ? command.noVerdictStatus.value_or(status) : status;
    } catch (const std::exception& error) {
        if (!result) {
            reportTrouble(command, error.what());
        }
        throw Trouble(command.noVerdictStatus.value_or(kTrouble), error.what(), result.has_value());
    }
}

} // namespace repro::cli
