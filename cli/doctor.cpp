// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"
#include "cli/command_line.h"
#include "cli/verb.h"

#include <fmt/format.h>

namespace repro::cli {

namespace {

const char* levelName(Check::Level level) {
    switch (level) {
    case Check::Level::Ok:
        return "ok";
    case Check::Level::Warn:
        return "warn";
    case Check::Level::Fail:
        break;
    }
    return "fail";
}

/// Returns whether none failed.
bool print(const std::vector<Check>& checks) {
    bool good = true;
    for (const Check& check : checks) {
        fmt::print("{:<5} {}{}{}\n", levelName(check.level), check.finding,
                   check.remedy.empty() ? "" : "; ", check.remedy);
        good = good && check.level != Check::Level::Fail;
    }
    return good;
}

} // namespace

int runDoctor(std::span<char*> arguments) {
    CommandLine line("doctor",
                     "Check this installation, this machine and, when one is named, a program to\n"
                     "record: each line is ok, warn or fail with its remedy.\n"
                     "Exit status: 0 when nothing failed, else 2.",
                     "reprorec doctor ./train");
    std::string program;
    line.app().add_option("program", program, "A program to record")->type_name("PROGRAM");
    if (const auto status = line.parse(arguments)) {
        return *status;
    }
    bool good = print(checkInstallation());
    good = print(checkMachine()) && good;
    if (!program.empty()) {
        good = print(checkProgram(program)) && good;
    }
    return good ? kSame : kTrouble;
}

} // namespace repro::cli
