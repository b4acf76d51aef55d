// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_text.h"
#include "cli/record.h"
#include "cli/verb.h"
#include "recorder/launcher/target.h"
#include "recorder/wire/protocol.h"
#include "replay/knowledge/nearest.h"
#include "trace/error.h"
#include "trace/schema.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace repro::cli {

namespace {

constexpr std::array kVerbs = {
    Verb{"record", "run a program and record every LibTorch op (the default verb)", runRecord},
    Verb{"diff", "compare two recordings: where did they part, which op did it, and why", runDiff},
    Verb{"info", "what a recording is: program, environment, counts, how it ended", runInfo},
    Verb{"ls", "list the events of a recording", runList},
    Verb{"lines", "what came from which line of the program", runLines},
    Verb{"show", "everything known of one event or layer", runShow},
    Verb{"dump", "write one recorded tensor to a .npy file", runDump},
    Verb{"env-diff", "compare the environments of two recordings", runEnvDiff},
    Verb{"view", "look at one recording, or at where two part, in the desktop viewer", runView},
    Verb{"reexec", "run one recorded op again and again: is it the op itself that varies",
         runReexec},
    Verb{"symbolize", "find functions and lines of the calls in a recording", runSymbolize},
    Verb{"recover", "make a trace of a recording that was cut off", runRecover},
    Verb{"verify", "check every checksum and reference of a recording", runVerify},
    Verb{"doctor", "check this installation, this machine and a program to record", runDoctor},
};

void printHelp() {
    fmt::print(
        "reprorec records what LibTorch computes in an unmodified program and finds where two\n"
        "runs that should have been identical first parted, which op did it, and why.\n\n"
        "Usage:\n"
        "  reprorec [record options] PROGRAM [ARGUMENTS...]\n"
        "  reprorec VERB [options] ...\n\n"
        "Verbs:\n");
    for (const Verb& verb : kVerbs) {
        fmt::print("  {:<10}{}\n", verb.name, verb.summary);
    }
    fmt::print("\nExample:\n"
               "  reprorec -o a.h5 ./train --epochs 2\n"
               "  reprorec -o b.h5 ./train --epochs 2\n"
               "  reprorec diff a.h5 b.h5\n\n"
               "Exit status of diff: 0 same, 1 diverged, 2 trouble, 3 not comparable. That of a\n"
               "recording is the program's own; where reprorec could not start it, 125.\n"
               "`reprorec VERB --help` tells more; `reprorec --version` prints versions.\n");
}

void printVersion() {
    fmt::print("reprorec {}\ntrace format {}.{}\nrecorder protocol {}\n", REPROREC_VERSION,
               trace::schema::kMajor, trace::schema::kMinor, wire::kProtocolVersion);
}

/// Something of that name is there, even if it cannot be recorded.
bool isProgram(std::string_view word) {
    constexpr int kNotFound = 127;
    try {
        launcher::findTarget(std::string(word));
        return true;
    } catch (const launcher::LaunchError& error) {
        return error.status() != kNotFound;
    }
}

/// A word that can only be a mistyped verb must not end as "program not found".
const Verb* mistypedVerb(std::string_view word) {
    if (word.empty() || word.front() == '-' || word.find('/') != std::string_view::npos ||
        isProgram(word)) {
        return nullptr;
    }
    const auto near = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& verb) {
        const std::string_view name = verb.name;
        return replay::editDistance(word, name) <= (name.size() > 3 ? 2U : 1U);
    });
    return near == kVerbs.end() ? nullptr : &*near;
}

const Verb* findVerb(std::string_view word) {
    const auto found = std::find_if(kVerbs.begin(), kVerbs.end(),
                                    [&](const Verb& verb) { return word == verb.name; });
    return found == kVerbs.end() ? nullptr : &*found;
}

/// What a command line asks for. A verb of none: the words are a program to record.
int run(const Verb* verb, std::span<char*> words) {
    if (verb != nullptr) {
        return verb->run(words.subspan(1));
    }
    if (words.empty() || words.front() == std::string_view("--help") ||
        words.front() == std::string_view("-h")) {
        printHelp();
        return kSame;
    }
    if (words.front() == std::string_view("--version")) {
        printVersion();
        return kSame;
    }
    return runRecord(words);
}

/// What is still in the buffer of stdout may not fit on a full disk: a verdict that nobody can read
/// is trouble.
int flushed(int status) {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        fmt::print(stderr, "reprorec: stdout: cannot write; check the disk or the pipe\n");
        return kTrouble;
    }
    return status;
}

/// One line for people, and an object for a program that asked for one.
void sayTrouble(const Verb* verb, std::span<char*> words, const char* message) {
    fmt::print(stderr, "reprorec: {}\n", message);
    const bool isRecording = verb == nullptr || verb->run == runRecord;
    if (!isRecording && std::ranges::find(words, std::string_view("--json")) != words.end()) {
        const nlohmann::ordered_json object = {{"schema", fmt::format("reprorec.{}/1", verb->name)},
                                               {"verdict", "trouble"},
                                               {"exit", kTrouble},
                                               {"error", message}};
        fmt::print("{}", jsonLine(object));
        std::fflush(stdout);
    }
}

} // namespace

} // namespace repro::cli

int main(int argc, char** argv) {
    using namespace repro::cli;
    const std::span<char*> words(argv + std::min(argc, 1), argv + argc);
    const std::string_view first = words.empty() ? std::string_view() : words.front();
    const Verb* verb = findVerb(first);
    if (const Verb* meant = verb != nullptr ? nullptr : mistypedVerb(first)) {
        fmt::print(stderr,
                   "reprorec: '{}' is neither a verb nor a program; did you mean: reprorec {}\n",
                   first, meant->name);
        return kTrouble;
    }
    int trouble = verb == nullptr || verb->run == runRecord ? kRecordTrouble : kTrouble;
    try {
        return flushed(run(verb, words));
    } catch (const Trouble& error) {
        sayTrouble(error.answered() ? nullptr : verb, words, error.what());
        trouble = error.status();
    } catch (const std::exception& error) {
        sayTrouble(verb, words, error.what());
    } catch (...) {
        sayTrouble(verb, words, "unknown failure; please report it with the command line");
    }
    return trouble;
}
