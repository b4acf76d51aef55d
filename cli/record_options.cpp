// SPDX-License-Identifier: BSD-3-Clause
#include "cli/record_options.h"

#include "cli/command_line.h"
#include "recorder/wire/ring.h"
#include "trace/pattern.h"
#include "trace/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <string_view>

namespace repro::cli {
namespace {

constexpr std::uint64_t kDefaultRing = 8ULL << 20U;

/// The options as they are typed; CLI11 fills them.
struct Typed {
    std::string output, capture = "fingerprints", statistics = "layers", verify = "top",
                        sites = "all";
    std::string filterOp, filterLayer, filterSteps, deterministic;
    std::uint64_t minSize = 0, maxSize = ~0ULL, seed = 0, ring = kDefaultRing;
    int threads = 0, compression = 1;
    bool noJournal = false;
    bool overwrite = false, must = false, quiet = false, verbose = false, fill = false,
         noTf32 = false, drop = false;
    std::vector<std::string> assignments;
};

template <class... Text>
[[noreturn]] void refuse(fmt::format_string<Text...> format, Text&&... text) {
    throw Error(ErrorKind::Usage, "record: " + fmt::format(format, std::forward<Text>(text)...));
}

void declareKeeping(CLI::App& app, Typed& typed) {
    // The last one counts, so that a script's defaults can be overruled.
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.add_option("-o,--output", typed.output,
                   "Trace; %r rank, %p process, %h host (default <program>-%p.h5)")
        ->type_name("FILE");
    app.add_flag("-f,--force", typed.overwrite, "Overwrite an existing trace; never anything else");
    app.add_flag("--must-record", typed.must,
                 "125 where the program ended with 0 and what was asked for\n"
                 "could not be recorded");
    app.add_flag("-q,--quiet", typed.quiet, "Print errors only");
    app.add_flag("-v,--verbose", typed.verbose, "Say more, also where stderr is no terminal");
    app.add_option("--capture", typed.capture, "Whose bytes to keep")
        ->check(CLI::IsMember({"fingerprints", "layers", "full"}))
        ->capture_default_str();
    app.add_option("--filter-op", typed.filterOp, "Keep bytes of ops that match REGEX only");
    app.add_option("--filter-layer", typed.filterLayer,
                   "Keep bytes in layers that match REGEX only");
    app.add_option("--filter-steps", typed.filterSteps, "Keep bytes in steps A-B only, from 0");
    app.add_option("--min-size", typed.minSize, "Keep bytes of tensors of at least SIZE")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--max-size", typed.maxSize, "Keep bytes of tensors of at most SIZE")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--statistics", typed.statistics, "Compute min, max, mean, NaN, ... of")
        ->check(CLI::IsMember({"none", "layers", "all"}))
        ->capture_default_str();
    app.add_option("--verify-inputs", typed.verify, "Hash inputs again at entry of")
        ->check(CLI::IsMember({"top", "all", "none"}))
        ->capture_default_str();
    app.add_option("--sites", typed.sites, "Keep the stack of calls that led to")
        ->check(CLI::IsMember({"all", "none"}))
        ->capture_default_str();
}

void declareControls(CLI::App& app, Typed& typed) {
    app.add_option("--seed", typed.seed, "Seed every generator with N");
    app.add_flag("--deterministic{on}", typed.deterministic,
                 "Ask LibTorch for deterministic algorithms; =warn: only warn");
    app.add_option("--threads", typed.threads, "Intra-op threads")->check(CLI::PositiveNumber);
    app.add_flag("--fill-uninitialised", typed.fill,
                 "Fill new tensors, so that stale bytes show; implies\n"
                 "--deterministic=warn (LibTorch 2.1 or newer)");
    app.add_flag("--no-tf32", typed.noTf32, "Compute float32 in full precision on the GPU");
    app.add_option("--env", typed.assignments, "Set a variable for the program: NAME=VALUE")
        ->take_all()
        ->expected(1);
    app.add_option("--ring", typed.ring, "Shared memory for each thread's records")
        ->transform(CLI::AsSizeValue(false))
        ->envname("REPROREC_RING_BYTES");
    app.add_flag("--drop", typed.drop, "Drop records instead of holding the program up");
    app.add_flag("--no-journal", typed.noJournal,
                 "Keep nothing that outlives a recorder that is killed:\nhalf as much is written");
    app.add_option("--compress", typed.compression, "Level for the tables, 0 = none")
        ->check(CLI::Range(0, 9))
        ->capture_default_str();
}

void copyRegex(const char* option, const std::string& text, char (&to)[1024]) {
    try {
        const Pattern checked(text);
    } catch (const PatternError& error) {
        refuse("{}: '{}' is {}", option, text, error.what());
    }
    if (text.size() >= sizeof to) {
        refuse("{}: longer than {} bytes", option, sizeof to - 1);
    }
    text.copy(to, text.size());
}

void parseSteps(const std::string& text, wire::Options& options) {
    const auto range = trace::parseStepRange(text);
    if (!range) {
        refuse("--filter-steps: '{}' is not a range of steps; write 3, 3-7 or 3-", text);
    }
    constexpr std::uint64_t kMost = INT64_MAX;
    options.captureFirstStep = static_cast<std::int64_t>(std::min(range->first, kMost));
    options.captureLastStep = static_cast<std::int64_t>(std::min(range->last, kMost));
}

void addFilter(std::string& filters, const char* name, const std::string& value) {
    if (!value.empty()) {
        filters += fmt::format("{}{}={}", filters.empty() ? "" : " ", name, value);
    }
}

std::string describeFilters(const Typed& typed) {
    std::string filters;
    addFilter(filters, "op", typed.filterOp);
    addFilter(filters, "layer", typed.filterLayer);
    addFilter(filters, "steps", typed.filterSteps);
    addFilter(filters, "min-size", typed.minSize > 0 ? fmt::to_string(typed.minSize) : "");
    addFilter(filters, "max-size", typed.maxSize != ~0ULL ? fmt::to_string(typed.maxSize) : "");
    if (!filters.empty() && typed.capture == "fingerprints") {
        refuse("a filter chooses whose bytes are kept, and none are; add --capture full");
    }
    return filters;
}

/// The one of `names` that CLI11 let pass, as a number.
template <class Enum>
Enum choose(const std::string& text, std::initializer_list<std::pair<const char*, Enum>> names) {
    for (const auto& [name, value] : names) {
        if (text == name) {
            return value;
        }
    }
    return names.begin()->second;
}

wire::Options toWire(const Typed& typed, bool seeded) {
    wire::Options options;
    using wire::Capture, wire::StatisticsOf, wire::Verify;
    options.capture = choose<Capture>(typed.capture, {{"fingerprints", Capture::Fingerprints},
                                                      {"layers", Capture::Layers},
                                                      {"full", Capture::Full}});
    options.statistics = choose<StatisticsOf>(typed.statistics, {{"layers", StatisticsOf::Layers},
                                                                 {"none", StatisticsOf::None},
                                                                 {"all", StatisticsOf::All}});
    options.verify = choose<Verify>(
        typed.verify, {{"top", Verify::Top}, {"all", Verify::All}, {"none", Verify::None}});
    options.sites = typed.sites == "none" ? wire::Sites::None : wire::Sites::All;
    options.drop = typed.drop ? 1 : 0;
    options.seed = typed.seed;
    options.hasSeed = seeded ? 1 : 0;
    options.threads = typed.threads;
    options.fillUninitialised = typed.fill ? 1 : 0;
    options.deterministic = typed.fill ? 2 : 0; // LibTorch fills only then
    options.noTf32 = typed.noTf32 ? 1 : 0;
    options.minBytes = typed.minSize;
    options.maxBytes = typed.maxSize;
    if (!typed.deterministic.empty()) {
        if (typed.deterministic != "on" && typed.deterministic != "warn") {
            refuse("--deterministic: '{}' is not known; write --deterministic or "
                   "--deterministic=warn",
                   typed.deterministic);
        }
        options.deterministic = typed.deterministic == "on" ? 1 : 2;
    }
    copyRegex("--filter-op", typed.filterOp, options.captureOps);
    copyRegex("--filter-layer", typed.filterLayer, options.captureLayers);
    if (!typed.filterSteps.empty()) {
        parseSteps(typed.filterSteps, options);
    }
    return options;
}

std::vector<std::pair<std::string, std::string>>
parseAssignments(const std::vector<std::string>& texts) {
    std::vector<std::pair<std::string, std::string>> assignments;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            refuse("--env: '{}' sets nothing; write NAME=VALUE", text);
        }
        assignments.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return assignments;
}

/// What CLI11 left: the first word that is no option and everything after it.
std::vector<std::string> programWords(std::vector<std::string> rest) {
    const bool separated = !rest.empty() && rest.front() == "--";
    if (separated) {
        rest.erase(rest.begin());
    }
    if (rest.empty()) {
        refuse("no program was given; try: reprorec ./train --epochs 2");
    }
    if (!separated && rest.front().starts_with('-')) {
        refuse("{}: no such option; see: reprorec record --help", rest.front());
    }
    return rest;
}

std::string defaultOutput(const std::string& program) {
    std::string name;
    for (const char letter : std::filesystem::path(program).filename().string()) {
        name += letter == '%' ? "%%" : std::string(1, letter);
    }
    return name + "-%p.h5";
}

} // namespace

std::optional<RecordOptions> parseRecordOptions(std::span<char*> arguments) {
    CommandLine commandLine("record",
                            "Runs a program and records what LibTorch computes in it.\n"
                            "The program's "
                            "output and exit status are its own.\n"
                            "Options come first; the first other word begins the program.",
                            "reprorec ./train --epochs 2\n"
                            "reprorec -o a.h5 --capture layers ./train --epochs 2\n"
                            "reprorec -o run/%r.h5 -- mpirun -n 4 ./train\n"
                            "reprorec --seed 7 --threads 1 --deterministic python3 train.py\n"
                            "reprorec diff a.h5 b.h5");
    Typed typed;
    CLI::App& app = commandLine.app();
    app.prefix_command();
    declareKeeping(app, typed);
    declareControls(app, typed);
    if (commandLine.parse(arguments)) {
        return std::nullopt;
    }
    RecordOptions options;
    options.words = programWords(app.remaining());
    options.filters = describeFilters(typed);
    options.recording = toWire(typed, app.count("--seed") > 0);
    options.assignments = parseAssignments(typed.assignments);
    options.output = typed.output.empty() ? defaultOutput(options.words.front()) : typed.output;
    options.ringBytes = std::bit_ceil(typed.ring);
    if (typed.ring < wire::kMinRingBytes || typed.ring > wire::kMaxRingBytes) {
        refuse("--ring: must be between 64 KiB and 1 GiB");
    }
    options.compression = typed.compression;
    options.journal = !typed.noJournal;
    options.overwrite = typed.overwrite;
    options.mustRecord = typed.must;
    options.quiet = typed.quiet;
    options.verbose = typed.verbose;
    return options;
}

} // namespace repro::cli
