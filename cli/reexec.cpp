// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/find_event.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "recorder/launcher/environment.h"
#include "replay/diff.h"
#include "replay/reexec/experiment.h"
#include "replay/report/sentence.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <optional>

namespace repro::cli {

namespace {

namespace exec = replay::exec;
using nlohmann::ordered_json;
using Recordings = std::vector<exec::Tally::Recording>;

struct Command {
    std::string a;
    std::string b;
    std::optional<trace::EventId> event;
    bool json = false;
    exec::ExperimentOptions options;

    void declareOn(CLI::App& app) {
        app.add_option("trace", a, "The recording, with the bytes of the op's inputs")
            ->required()
            ->type_name("FILE");
        app.add_option("other", b, "Another: then the op is the one where the two part")
            ->type_name("FILE");
        app.add_option("--event", event, "The op, as `reprorec ls` numbers it")->type_name("N");
        app.add_option("-n,--runs", options.runs, "Runs under each of the conditions")
            ->type_name("N")
            ->check(CLI::Range(1, 100000))
            ->capture_default_str();
        app.add_option("--threads", options.threads,
                       "Numbers of threads to try besides the recorded one and 1")
            ->type_name("N")
            ->delimiter(',')
            ->check(CLI::Range(1, 1024));
        app.add_flag("--as-recorded", options.onlyRecorded, "Under the recorded conditions only");
        app.add_flag("--fresh", options.fresh,
                     "A process for each run: finds what happens only at first use");
        app.add_flag("--json", json, "One JSON object a line: the op, each run, each condition");
    }
};

Recordings choose(const Command& command, const trace::Reader& a, const trace::Reader* b) {
    if (command.event) {
        requireEvent(a, *command.event);
        return {{&a, *command.event}};
    }
    if (b == nullptr) {
        throw Error(ErrorKind::Usage, "reexec: which op? name it with --event N, or name a second "
                                      "recording: then it is the one where the two part");
    }
    const replay::DiffResult result = replay::diff(a, *b);
    if (result.origins.empty() || !result.origins[0].first.eventA ||
        !result.origins[0].first.eventB) {
        throw Error(ErrorKind::Usage, fmt::format("{} and {}: they part at no op that both have; "
                                                  "name one with --event N",
                                                  command.a, command.b));
    }
    return {{&a, *result.origins[0].first.eventA}, {b, *result.origins[0].first.eventB}};
}

void printJson(const ordered_json& line) {
    fmt::print("{}", jsonLine(line));
    std::fflush(stdout); // whoever shows the runs shows them as they come
}

void printHead(const Recordings& recordings, const Command& command) {
    const trace::Reader& reader = *recordings[0].reader;
    const trace::Event event = reader.event(recordings[0].event);
    const std::string layer(layerPath(reader, event.layer));
    if (command.json) {
        printJson({{"schema", "reprorec.reexec/1"},
                   {"trace", reader.path().string()},
                   {"event", recordings[0].event},
                   {"op", eventName(reader, event)},
                   {"layer", textOrNull(layer)},
                   {"step", event.step},
                   {"runs", command.options.runs}});
        return;
    }
    fmt::print("{}{}, step {}, event {} of {}\n\n  {:<16}{:<14}{:<18}{}\n",
               eventName(reader, event), layer.empty() ? "" : " in " + layer, event.step,
               recordings[0].event, reader.path().string(), "conditions", "results", "spread",
               "as recorded");
}

ordered_json findingJson(const exec::Finding& finding) {
    const auto known = [](const auto& value) {
        return value ? ordered_json(*value) : ordered_json(nullptr);
    };
    return {{"conditions", finding.conditions.name},
            {"threads", finding.conditions.threads},
            {"refused", textOrNull(finding.refused)},
            {"runs", finding.runs},
            {"results", finding.results},
            {"max_ulp", known(finding.spread.maxUlp)},
            {"max_abs", known(finding.spread.maxAbs)},
            {"as_recorded", finding.asRecorded}};
}

void printFinding(const exec::Finding& finding) {
    if (!finding.refused.empty()) {
        fmt::print("  {:<16}{}\n", finding.conditions.name, finding.refused);
        return;
    }
    const auto& ulp = finding.spread.maxUlp;
    std::string recorded;
    for (std::size_t i = 0; i < finding.asRecorded.size(); ++i) {
        recorded +=
            fmt::format("{}{} {}", i == 0 ? "" : ", ", i == 0 ? "A" : "B", finding.asRecorded[i]);
    }
    fmt::print("  {:<16}{:<14}{:<18}{}\n", finding.conditions.name,
               fmt::format("{} of {}", finding.results, finding.runs),
               finding.results < 2 ? ""
               : ulp               ? fmt::format("up to {} ulp", *ulp)
                                   : "other bits",
               recorded);
}

} // namespace

int runReexec(std::span<char*> arguments) {
    CommandLine line("reexec",
                     "Run one recorded op again and again on its recorded inputs, in a process of\n"
                     "its own and in fresh memory: as recorded, with one thread, with\n"
                     "deterministic algorithms. Different results prove that the op itself is the\n"
                     "cause. The inputs' bytes have to be there: record with --capture full.\n"
                     "Exit status: 0 one result, 1 several as recorded, 2 trouble.",
                     "reprorec reexec a.h5 b.h5\n"
                     "reprorec reexec a.h5 --event 26 -n 100 --threads 2,8");
    Command command;
    command.declareOn(line.app());
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader a = openTrace(command.a);
    std::optional<trace::Reader> b;
    if (!command.b.empty()) {
        b.emplace(command.b);
    }
    const Recordings recordings = choose(command, a, b ? &*b : nullptr);
    const auto folder = launcher::privateFolder();
    bool begun = false;
    command.options.onRun = [&](const exec::Conditions& conditions, std::size_t result,
                                std::uint64_t ns) {
        if (!begun) {
            printHead(recordings, command);
            begun = true;
        }
        if (command.json) {
            printJson({{"conditions", conditions.name}, {"result", result}, {"ns", ns}});
        }
    };
    command.options.onFinding = [&](const exec::Finding& finding) {
        command.json ? printJson(findingJson(finding)) : printFinding(finding);
    };
    const exec::Experiment experiment = exec::experiment(recordings, folder, command.options);
    const std::string conclusion = replay::sentence(exec::conclusion(experiment));
    if (command.json) {
        printJson({{"varies", experiment.varies()},
                   {"reseeded", experiment.isReseeded},
                   {"conclusion", conclusion}});
    } else {
        fmt::print("\n{}\n", conclusion);
    }
    return experiment.varies() ? kDiverged : kSame;
}

} // namespace repro::cli
