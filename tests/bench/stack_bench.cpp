// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/walker.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <alloca.h>
#include <ctime>
#include <execinfo.h>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

// Times the walk of a stack beside glibc's backtrace(), at the depths of small and of large
// programs.
namespace {

using namespace repro::stack;

Walker& walker() {
    static const auto made = std::make_unique<Walker>();
    return *made;
}

double nowNs() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// Runs `work` below that many frames.
[[gnu::noipa]] double below(int frames, const std::function<double()>& work) {
    const double result = frames == 0 ? work() : below(frames - 1, work);
    asm volatile("" : : : "memory"); // else the call would become a jump
    return result;
}

/// Every frame lies elsewhere than with other `bytes`.
[[gnu::noipa]] double shifted(std::size_t bytes, int frames, const std::function<double()>& work) {
    asm volatile("" : : "r"(alloca(bytes)) : "memory");
    const double result = below(frames, work);
    asm volatile("" : : : "memory");
    return result;
}

void checkWhole(const Stack& stack) {
    if (stack.ending != Ending::Complete) {
        throw std::runtime_error("the stack was cut");
    }
}

/// Nanoseconds of one walk.
double timedWalk() {
    const double start = nowNs();
    const Stack stack = walker().walk();
    const double end = nowNs();
    checkWhole(stack);
    return end - start;
}

/// The median of `rounds` stacks that share no frame with the stack before, less what reading the
/// clock takes.
double apart(int frames, int rounds, const std::function<double()>& work) {
    std::vector<double> times, clock;
    for (int round = 0; round < rounds; ++round) {
        times.push_back(shifted(round % 2 == 0 ? 16 : 528, frames, work));
        const double start = nowNs();
        clock.push_back(nowNs() - start);
    }
    const auto median = [](std::vector<double>& values) {
        std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
        return values[values.size() / 2];
    };
    return std::max(0.0, median(times) - median(clock));
}

/// The mean of `rounds` in one place.
template <class Work>
double together(int frames, int rounds, Work work) {
    return below(frames, [&] {
        const double start = nowNs();
        for (int round = 0; round < rounds; ++round) {
            work();
        }
        return (nowNs() - start) / rounds;
    });
}

void measure(int depth, int rounds) {
    const int above = static_cast<int>(
        below(0, [] { return static_cast<double>(walker().walk().addresses.size()); }));
    const int frames = depth - above;
    const double glibc = together(frames, rounds, [] {
        void* addresses[kMostFrames];
        backtrace(addresses, kMostFrames);
    });
    const double memo = together(frames, rounds, [] { checkWhole(walker().walk()); });
    const double visit = together(frames, rounds, [] { walker().visit([](const Frame&) {}); });
    const double warm = apart(frames, rounds, timedWalk);
    const double cold = apart(frames, std::max(2, rounds / 100), [] {
        forgetUnloaded();
        return timedWalk();
    });
    const auto line = [&](const char* name, double ns) {
        fmt::print("{:5} {:28} {:10.0f} {:8.3f}\n", depth, name, ns, ns / glibc);
    };
    line("glibc backtrace()", glibc);
    line("all forgotten", cold);
    line("another stack", warm);
    line("the same stack", memo);
    line("with all registers", visit);
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Times the walk of a stack");
    int rounds = 20000;
    app.add_option("--rounds", rounds, "Walks of each kind")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    try {
        fmt::print("depth {:28} {:>10} {:>8}\n", "", "ns", "ratio");
        for (const int depth : {12, 40}) {
            measure(depth, rounds);
        }
    } catch (const std::exception& error) {
        fmt::print(stderr, "stack_bench: {}\n", error.what());
        return 1;
    }
    return 0;
}
