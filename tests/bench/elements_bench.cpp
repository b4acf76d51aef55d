// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/values.h"
#include "tests/bench/synthetic_trace.h"
#include "trace/fingerprint.h"
#include "trace/reader.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

// Times the comparison of two large tensors of float32, in memory and out of traces, beside memcpy.
// Leaves the traces behind for other programs to compare. Prints one JSON object a line.
namespace {

namespace fs = std::filesystem;
using namespace repro;
using Numbers = std::vector<float>;

/// How the second tensor differs from the first.
struct Kind {
    const char* name;
    std::size_t every; ///< n-th element differs; 0 = none
};
constexpr Kind kKinds[] = {{"equal", 0}, {"sparse", 1000}, {"dense", 1}};

/// Seconds of this thread's own, so that a machine that others use as well tells little less.
template <class Work>
double secondsOf(Work work) {
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    };
    const double start = now();
    work();
    return now() - start;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

Numbers numbers(std::size_t count) {
    std::mt19937 random(1);
    Numbers made(count);
    for (float& number : made) {
        // Between 1 and 2, so that a few ULP more never change the exponent's meaning.
        number = std::bit_cast<float>(0x3F800000U | (static_cast<std::uint32_t>(random()) >> 9U));
    }
    return made;
}

Numbers moved(const Numbers& from, const Kind& kind) {
    Numbers to = from;
    for (std::size_t i = 0; kind.every != 0 && i < to.size(); i += kind.every) {
        to[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(to[i]) + 1 +
                                     static_cast<std::uint32_t>(i % 7));
    }
    return to;
}

/// A fast answer counts only if it is the right one.
void check(const replay::Difference& difference, const Kind& kind, std::size_t count) {
    const std::size_t expected = kind.every == 0 ? 0 : (count + kind.every - 1) / kind.every;
    if (difference.elements != expected) {
        throw std::runtime_error(fmt::format("{}: {} elements differ, not {}", kind.name,
                                             difference.elements.value_or(0), expected));
    }
}

void measure(const Kind& kind, const Numbers& a, int rounds, const fs::path& folder) {
    const Numbers b = moved(a, kind);
    const fs::path pathA = folder / "a.h5";
    const fs::path pathB = folder / fmt::format("b-{}.h5", kind.name);
    bench::writeTensorRun(pathB, b, b.size());
    const trace::Reader readerA(pathA);
    const trace::Reader readerB(pathB);
    const auto bytesA = std::as_bytes(std::span(a));
    const auto bytesB = std::as_bytes(std::span(b));
    Numbers copy(a.size());
    std::vector<double> copying, equating, hashing, comparing, reading;
    for (int round = 0; round < rounds; ++round) {
        copying.push_back(secondsOf([&] { std::memcpy(copy.data(), b.data(), bytesB.size()); }));
        // What reading both costs at least, and what holding both to their fingerprints does.
        equating.push_back(secondsOf([&] {
            if (std::memcmp(copy.data(), b.data(), bytesB.size()) != 0) {
                throw std::runtime_error("memcpy copied something else");
            }
        }));
        hashing.push_back(secondsOf([&] {
            if ((trace::fingerprintOfContents(bytesA) == trace::fingerprintOfContents(bytesB)) !=
                (kind.every == 0)) {
                throw std::runtime_error("the fingerprints tell something else");
            }
        }));
        comparing.push_back(secondsOf([&] {
            check(replay::compareNumbers(trace::DType::Float32, bytesA, bytesB, {}), kind,
                  a.size());
        }));
        reading.push_back(secondsOf(
            [&] { check(replay::compareValues(readerA, 0, readerB, 0), kind, a.size()); }));
    }
    const auto rate = [&](const std::vector<double>& seconds) {
        return static_cast<double>(bytesA.size()) / median(seconds) / 1e9;
    };
    const nlohmann::ordered_json line = {
        {"kind", kind.name},
        {"a", pathA.string()},
        {"b", pathB.string()},
        {"bytes", bytesA.size()},
        {"differing", kind.every == 0 ? 0 : (a.size() + kind.every - 1) / kind.every},
        {"memcpy_gb_s", rate(copying)},
        {"memcmp_gb_s", rate(equating)},
        {"fingerprint_gb_s", rate(hashing)},
        {"compare_gb_s", rate(comparing)},
        {"traces_gb_s", rate(reading)}};
    fmt::print("{}\n", line.dump());
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Times the comparison of two large tensors; one JSON object a line");
    std::size_t mebibytes = 256;
    int rounds = 5;
    fs::path folder = ".";
    app.add_option("--mebibytes", mebibytes, "Size of a tensor")->check(CLI::PositiveNumber);
    app.add_option("--rounds", rounds, "Repetitions; the median is printed")
        ->check(CLI::PositiveNumber);
    app.add_option("--folder", folder, "Where the traces go")->check(CLI::ExistingDirectory);
    CLI11_PARSE(app, argc, argv);
    try {
        const Numbers a = numbers((mebibytes << 20U) / sizeof(float));
        bench::writeTensorRun(folder / "a.h5", a, a.size());
        for (const Kind& kind : kKinds) {
            measure(kind, a, rounds, folder);
        }
    } catch (const std::exception& error) {
        fmt::print(stderr, "elements_bench: {}\n", error.what());
        return 1;
    }
    return 0;
}
