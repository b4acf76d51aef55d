// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "samples/fingerprint.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <reprorec/reprorec.h>
#include <vector>

/// What the benchmark programs share: their command line, and a training loop that is timed from
/// within, so that neither the loading of LibTorch nor the end of a recording counts.
namespace bench {

/// Steps before the clock starts: LibTorch allocates, oneDNN chooses kernels, rings are opened.
inline constexpr int kWarmUpSteps = 2;

struct Options {
    int steps = 10;
    int threads = 1;
    bool paused = false; ///< the timed loop is not recorded
    std::uint64_t copyBytes =
        0; ///< a step copies so many bytes besides: what a capture costs at least
};

/// Seeds LibTorch and sets its threads. Ends the program where the command line is wrong.
inline Options begin(int argc, char** argv, const char* what) {
    Options options;
    CLI::App app(what);
    app.add_option("--steps", options.steps, "Steps to time")->check(CLI::PositiveNumber);
    app.add_option("--threads", options.threads, "Intra-op threads")->check(CLI::PositiveNumber);
    app.add_flag("--paused", options.paused, "Tell the recorder to pause while the clock runs");
    app.add_option("--copy", options.copyBytes, "Copy BYTES in each step, too");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    torch::set_num_threads(options.threads);
    torch::manual_seed(1);
    // On one element, so on one thread: else MKL may set its vector math up in two at once, and one
    // run in twenty ends with other weights (library_first_use in the table of known ops).
    torch::ones({1}).sqrt();
    return options;
}

/// Copies as a capture does: out of memory that has long left the caches, piece by piece.
class Copier {
public:
    explicit Copier(std::uint64_t bytes)
        : m_bytes(bytes), m_from(bytes != 0 ? kSpan : 0, 1), m_to(m_from) {}
    void copy() {
        for (std::uint64_t done = 0; done < m_bytes; done += kPiece) {
            const std::uint64_t offset = done % kSpan;
            std::memcpy(m_to.data() + offset, m_from.data() + offset,
                        std::min(kPiece, m_bytes - done));
        }
    }

private:
    static constexpr std::uint64_t kPiece = 1ULL << 20U;
    static constexpr std::uint64_t kSpan = 64 * kPiece;
    std::uint64_t m_bytes;
    std::vector<char> m_from, m_to;
};

/// Runs `step` to warm up, then options.steps times against the clock. Prints `seconds <s>`.
template <class Step>
void time(const Options& options, Step step) {
    for (int i = 0; i < kWarmUpSteps; ++i) {
        step();
    }
    Copier copier(options.copyBytes);
    copier.copy();
    std::optional<reprorec::Pause> pause;
    if (options.paused) {
        pause.emplace();
    }
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < options.steps; ++i) {
        step();
        copier.copy();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("seconds %.6f\n", took.count());
}

} // namespace bench
