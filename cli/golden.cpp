// SPDX-License-Identifier: BSD-3-Clause
#include "cli/golden.h"

#include "cli/replace_file.h"
#include "cli/terminal.h"
#include "cli/verb.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace repro::cli {

namespace {

/// What speaks against a recording that can be read; empty = nothing.
std::string flawOf(const trace::Header& header) {
    if (!header.complete) {
        return fmt::format("not complete ({})", header.ending.empty()
                                                    ? "still being written, or orphaned"
                                                    : header.ending);
    }
    if (header.drops + header.gaps > 0) {
        return fmt::format("{} missing",
                           countText(header.drops + header.gaps, "record is", "records are"));
    }
    if (header.ending != "exit 0") {
        return fmt::format("the program ended with: {}", header.ending);
    }
    return {};
}

} // namespace

void requireFitForGolden(const trace::Reader& run, bool force) {
    const std::string path = run.path().string();
    run.verify();
    if (run.events().count == 0) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: holds no event and cannot be a golden trace; record a program "
                                "that uses LibTorch",
                                path));
    }
    const std::string flaw = flawOf(run.header());
    if (!flaw.empty() && !force) {
        throw Error(ErrorKind::Usage,
                    fmt::format("{}: {}; record it again, or insist with --force", path, flaw));
    }
}

void replaceGolden(const std::string& golden, const std::string& run) {
    const bool existed = std::filesystem::exists(golden);
    replaceFileByCopy(golden, run);
    fmt::print(stderr, "reprorec: {}: {} {}\n", golden, existed ? "is now" : "created from", run);
}

int updateGolden(const replay::DiffResult& result, bool force) {
    if (result.verdict == replay::Verdict::Same) {
        fmt::print(stderr, "reprorec: {}: kept, {} says the same\n", result.pathA, result.pathB);
        return kSame;
    }
    if (result.verdict == replay::Verdict::NotComparable && !force) {
        fmt::print(stderr,
                   "reprorec: {}: kept, for {} cannot be compared with it; insist with --force\n",
                   result.pathA, result.pathB);
        return kNotComparable;
    }
    replaceGolden(result.pathA, result.pathB);
    return kSame;
}

} // namespace repro::cli
