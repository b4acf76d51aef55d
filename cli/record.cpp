// SPDX-License-Identifier: BSD-3-Clause
#include "cli/record.h"

#include "cli/record_facts.h"
#include "cli/record_options.h"
#include "cli/record_summary.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "recorder/collector/collector.h"
#include "recorder/collector/trace_names.h"
#include "recorder/launcher/child.h"
#include "recorder/launcher/environment.h"
#include "recorder/launcher/target.h"
#include "trace/claim.h"
#include "trace/error.h"
#include "trace/writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace repro::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{250};
constexpr std::chrono::seconds kSilence{2}; ///< after it we say what we wait for

/// How far the recording has come, on one line of the terminal; with -v and no terminal a line of
/// its own now and then.
class LiveLine {
public:
    explicit LiveLine(const RecordOptions& options)
        : m_terminal(!options.quiet && isatty(STDERR_FILENO) == 1),
          m_lines(options.verbose && !m_terminal) {}
    ~LiveLine() {
        if (m_drawn && m_terminal) {
            std::fputs("\r\x1b[K", stderr);
        }
    }
    LiveLine(const LiveLine&) = delete;
    LiveLine& operator=(const LiveLine&) = delete;

    void update(const collector::Progress& progress) {
        const auto now = steady_clock::now();
        const double seconds = std::chrono::duration<double>(now - m_last).count();
        if (!(m_terminal || m_lines) || progress.events == 0 || seconds < (m_terminal ? 0.25 : 5)) {
            return;
        }
        const double rate = static_cast<double>(progress.events - m_events) / seconds;
        fmt::print(stderr, "{}reprorec: {} events, {} of bytes, {:.0f} events/s{}",
                   m_terminal ? "\r\x1b[K" : "", progress.events, byteText(progress.payloadBytes),
                   rate, m_terminal ? "" : "\n");
        std::fflush(stderr);
        m_last = now;
        m_events = progress.events;
        m_drawn = true;
    }

private:
    bool m_terminal;
    bool m_lines;
    bool m_drawn = false;
    steady_clock::time_point m_last = steady_clock::now();
    std::uint64_t m_events = 0;
};

std::string ownRank() {
    for (const char* name : {"RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID"}) {
        if (const char* rank = std::getenv(name); rank != nullptr) {
            return rank;
        }
    }
    return {};
}

/// Tells before the program runs for hours that its trace cannot be written.
void checkOutput(const RecordOptions& options) {
    // Of %p only the folder can be checked.
    const collector::Process likely{
        .pid = 0, .number = 1, .rank = ownRank(), .torchVersion = {}, .commandLine = {}};
    const fs::path path =
        trace::claim(collector::TraceNames(options.output).nameFor(likely), options.overwrite);
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || access(folder.c_str(), W_OK | X_OK) != 0) {
        throw Error(ErrorKind::Io, fmt::format("{}: cannot write into this folder; choose another "
                                               "with -o",
                                               folder.string()));
    }
    // Should nothing be recorded, nobody takes the old trace for that of this run.
    fs::remove(path, error);
}

launcher::Environment environmentFor(const RecordOptions& options, const launcher::Target& target,
                                     const std::string& socketPath) {
    launcher::EnvironmentOptions wanted;
    wanted.socketPath = socketPath;
    // The folder of the socket is there as long as anybody is recorded.
    wanted.preload =
        launcher::preloadable(launcher::preloadLibrary(), fs::path(socketPath).parent_path());
    wanted.sanitizer = target.sanitizer;
    wanted.threads = options.recording.threads;
    wanted.deterministic = options.recording.deterministic != 0;
    if (options.recording.hasSeed != 0) {
        wanted.seed = options.recording.seed;
    }
    wanted.assignments = options.assignments;
    return launcher::buildEnvironment(launcher::Environment::own(), wanted);
}

std::vector<char*> wordsOf(const RecordOptions& options) {
    std::vector<char*> words;
    words.reserve(options.words.size());
    for (const std::string& word : options.words) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    return words;
}

/// Until what the program recorded is written, and what it left running has ended; a signal ends
/// the recording of that.
void awaitOthers(collector::Collector& collector, const std::function<void()>& update) {
    const auto began = steady_clock::now();
    bool said = false;
    while (!collector.idle()) {
        usleep(20'000);
        update();
        if (launcher::Child::interrupted()) {
            collector.stop();
        } else if (!said && steady_clock::now() - began > kSilence) {
            const auto others = collector.living();
            if (!others.empty()) {
                fmt::print(stderr,
                           "reprorec: the program ended, and what it left running is still "
                           "recorded (process {}); Ctrl-C ends the recording, not the process\n",
                           fmt::join(others, ", "));
                said = true;
            }
        }
    }
}

/// Runs the program to its end. Returns: its exit status.
int runProgram(const RecordOptions& options, const launcher::Target& target,
               collector::Collector& collector) {
    const auto words = wordsOf(options);
    launcher::Child child(target, words, environmentFor(options, target, collector.socketPath()));
    LiveLine line(options);
    const auto update = [&] { line.update(collector.progress()); };
    const int status = child.wait(kRedraw, update, [&](const std::string& ending) {
        collector.childEnded(child.pid(), ending);
    });
    awaitOthers(collector, update);
    // Still under the child's signal handlers: a second Ctrl-C must not cost the trace.
    collector.finish();
    return status;
}

/// Runs a program that cannot be recorded, if that will do. Returns: the exit status.
int runUnrecorded(const RecordOptions& options, const launcher::Target& target) {
    fmt::print(stderr, "reprorec: {}\n", target.obstacle);
    if (options.mustRecord) {
        return kRecordTrouble;
    }
    launcher::Environment environment = launcher::Environment::own();
    for (const auto& [name, value] : options.assignments) {
        environment.set(name, value);
    }
    const auto words = wordsOf(options);
    launcher::Child child(target, words, environment);
    return child.wait(
        kRedraw, [] {}, [](const std::string&) {});
}

int record(const RecordOptions& options) {
    const launcher::Target target = launcher::findTarget(options.words.front());
    if (!target.obstacle.empty()) {
        return runUnrecorded(options, target);
    }
    checkOutput(options);
    Recorded recorded;
    collector::TraceNames names(options.output);
    const auto makeOutput = [&](const collector::Process& process) {
        const fs::path path = names.nameFor(process);
        recorded.traces[process.number] = path;
        auto writer = std::make_unique<trace::Writer>(
            path, trace::WriterOptions{options.compression, options.overwrite});
        fs::path journal = options.journal ? writer->folder() : fs::path();
        return collector::Output(std::move(writer), std::move(journal));
    };
    collector::Collector collector({.recording = options.recording,
                                    .ringBytes = options.ringBytes,
                                    .toolVersion = REPROREC_VERSION,
                                    .filters = options.filters,
                                    .environment = recordFacts(options),
                                    .symbols = launcher::privateFolder() / "repro-symbols"},
                                   makeOutput);
    const int status = runProgram(options, target, collector);
    recorded.results = collector.finish();
    recorded.refusals = collector.refusals();
    recorded.failures = collector.failures();
    const bool usable = summarize(recorded, options);
    return status == 0 && !usable && options.mustRecord ? kRecordTrouble : status;
}

} // namespace

int runRecord(std::span<char*> arguments) {
    const auto options = parseRecordOptions(arguments);
    if (!options) {
        return kSame;
    }
    try {
        return record(*options);
    } catch (const launcher::LaunchError& error) {
        fmt::print(stderr, "reprorec: {}\n", error.what());
        return error.status();
    }
}

} // namespace repro::cli
