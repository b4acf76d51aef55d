// SPDX-License-Identifier: BSD-3-Clause
#include "replay/diff.h"
#include "tests/bench/measure.h"
#include "tests/bench/synthetic_trace.h"
#include "trace/reader.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

// Times the comparison of made-up traces of several sizes, one that diverges and one that has
// nothing to do with the other. Prints the curve as a table; the system has read the files before,
// so that no disk is measured.
namespace {

namespace fs = std::filesystem;
using namespace repro;

struct Pair {
    std::string name;
    replay::Verdict expected;
    bench::SyntheticRun a, b;
};

struct Times {
    std::vector<bench::Duration> firstDiff, warmDiff;
};

/// A fast answer counts only if it is the right one.
void check(const Pair& pair, const replay::DiffResult& result, trace::EventId divergence) {
    if (result.verdict != pair.expected) {
        throw std::runtime_error(
            fmt::format("the {} pair of {} events is {}, expected {}", pair.name, pair.a.events,
                        replay::verdictName(result.verdict), replay::verdictName(pair.expected)));
    }
    if (divergence != trace::kNone64 && result.origins.at(0).first.eventB != divergence) {
        throw std::runtime_error(fmt::format("the {} pair of {} events diverges at event {}, not "
                                             "where the diff says",
                                             pair.name, pair.a.events, divergence));
    }
}

void measure(const Pair& pair, int rounds, const fs::path& folder) {
    const fs::path pathA = folder / "a.h5";
    const fs::path pathB = folder / "b.h5";
    writeSyntheticRun(pathA, pair.a);
    const trace::EventId divergence = writeSyntheticRun(pathB, pair.b);
    Times times;
    bench::forgetPeak();
    for (int round = 0; round < rounds; ++round) {
        std::vector<trace::Reader> readers;
        for (std::vector<bench::Duration>* into : {&times.firstDiff, &times.warmDiff}) {
            replay::DiffResult result;
            into->push_back(bench::durationOf([&] {
                if (readers.empty()) {
                    readers.emplace_back(pathA);
                    readers.emplace_back(pathB);
                }
                result = replay::diff(readers[0], readers[1]);
            }));
            check(pair, result, divergence);
        }
    }
    const auto text = [](const std::vector<bench::Duration>& all) {
        const bench::Duration median = bench::percentile(all, 0.5);
        return fmt::format("{:.1f} ({:.1f})", median.ms, median.processorMs);
    };
    fmt::print("| {} | {} | {:.1f} | {} | {} | {} |\n", pair.a.events, pair.name,
               static_cast<double>(fs::file_size(pathA)) / 1e6, bench::peakMebibytes(),
               text(times.firstDiff), text(times.warmDiff));
    std::fflush(stdout);
}

void measureAll(const std::vector<std::uint64_t>& sizes, int rounds, const fs::path& folder) {
    double load = 0;
    ::getloadavg(&load, 1);
    fmt::print(
        "Comparing two traces, ms (of them on a processor, both threads); load {:.1f} at the "
        "start. Targets at 1,000,000 events: diverging <= 500 the second time, with 3000 "
        "origins <= 1500, unrelated <= 5000.\n\n| events a run | pair | a file, MB | memory at "
        "most, MiB | the first time | "
        "again |\n|---|---|---|---|---|---|\n",
        load);
    for (const std::uint64_t events : sizes) {
        const bench::SyntheticRun run{.events = events, .model = 1};
        bench::SyntheticRun diverging = run;
        diverging.diverges = true;
        constexpr std::uint64_t kLong = 2'000'000; // takes seconds: once tells enough
        const int times = events > kLong ? 1 : rounds;
        measure({"diverging", replay::Verdict::Diverged, run, diverging}, times, folder);
        constexpr std::uint64_t kOrigins = 3000;
        for (const bool statistics : {false, true}) {
            bench::SyntheticRun many = run;
            many.origins = std::min(kOrigins, events / 10);
            many.statistics = statistics;
            bench::SyntheticRun others = many;
            others.diverges = true;
            measure({fmt::format("{} origins{}", many.origins, statistics ? ", statistics" : ""),
                     replay::Verdict::Diverged, many, others},
                    times, folder);
        }
        const bench::SyntheticRun other{.events = events, .model = 2};
        measure({"unrelated", replay::Verdict::NotComparable, run, other}, times, folder);
    }
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Times the comparison of made-up traces; one table");
    std::vector<std::uint64_t> sizes{10'000, 100'000, 1'000'000, 10'000'000};
    int rounds = 5;
    app.add_option("--events", sizes, "Sizes of the traces")->check(CLI::PositiveNumber);
    app.add_option("--rounds", rounds, "Repetitions; the median is printed")
        ->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    const fs::path folder =
        fs::temp_directory_path() / fmt::format("reprorec-diff-bench-{}", ::getpid());
    int status = 0;
    try {
        fs::create_directories(folder);
        measureAll(sizes, rounds, folder);
    } catch (const std::exception& error) {
        fmt::print(stderr, "diff_bench: {}\n", error.what());
        status = 1;
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return status;
}
