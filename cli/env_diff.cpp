// SPDX-License-Identifier: BSD-3-Clause
#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/open_trace.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "replay/result/environment.h"
#include "trace/reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace repro::cli {

namespace {

std::string shown(const std::string& value) {
    return value.empty() ? "(none)" : printable(value);
}

void printText(const std::vector<replay::EnvironmentDifference>& differences) {
    for (const auto& difference : differences) {
        fmt::print("{:<9} {}: {} -> {}\n", replay::rankName(difference.rank),
                   printable(difference.key), shown(difference.a), shown(difference.b));
    }
}

void printJson(const std::vector<replay::EnvironmentDifference>& differences, bool differs) {
    nlohmann::ordered_json list = nlohmann::json::array();
    for (const auto& difference : differences) {
        list.push_back(nlohmann::ordered_json{{"key", difference.key},
                                              {"a", difference.a},
                                              {"b", difference.b},
                                              {"rank", replay::rankName(difference.rank)}});
    }
    const nlohmann::ordered_json report = {
        {"schema", "reprorec.env-diff/1"}, {"same", !differs}, {"differences", std::move(list)}};
    fmt::print("{}", jsonLine(report));
}

} // namespace

int runEnvDiff(std::span<char*> arguments) {
    CommandLine line(
        "env-diff",
        "Compare the environments of two recordings, what can change numbers first.\n"
        "Exit status: 0 when nothing differs but what cannot change a result (process\n"
        "ids, times, host names; --all lists them), 1 when something else does, 2 trouble.",
        "reprorec env-diff laptop.h5 ci.h5");
    std::string pathA;
    std::string pathB;
    bool json = false;
    bool all = false;
    line.app().add_option("a", pathA, "A recording")->required()->type_name("FILE");
    line.app().add_option("b", pathB, "Another")->required()->type_name("FILE");
    line.app().add_flag("--json", json, "One object, reprorec.env-diff/1, harmless ones included");
    line.app().add_flag("--all", all, "Harmless differences too");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    const trace::Reader a = openTrace(pathA);
    const trace::Reader b = openTrace(pathB);
    auto differences = replay::diffEnvironments(a.header().environment, b.header().environment);
    const auto harmless = [](const replay::EnvironmentDifference& difference) {
        return difference.rank == replay::EnvironmentRank::Harmless;
    };
    const bool differs = !std::all_of(differences.begin(), differences.end(), harmless);
    if (json) {
        printJson(differences, differs);
        return differs ? kDiverged : kSame;
    }
    if (!all) {
        std::erase_if(differences, harmless);
    }
    printText(differences);
    if (!differs) {
        fmt::print("same: nothing differs that can change a result\n");
    }
    return differs ? kDiverged : kSame;
}

} // namespace repro::cli
