// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace repro::bench {

inline double nowMs(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

/// How long something took, and how much of a processor all threads had meanwhile: on a machine
/// that others use as well the second tells more.
struct Duration {
    double ms = 0;
    double processorMs = 0;
};

template <class Work>
Duration durationOf(Work work) {
    const Duration start{nowMs(CLOCK_MONOTONIC), nowMs(CLOCK_PROCESS_CPUTIME_ID)};
    work();
    return {nowMs(CLOCK_MONOTONIC) - start.ms, nowMs(CLOCK_PROCESS_CPUTIME_ID) - start.processorMs};
}

/// Each of the two by itself. Requires: not empty.
inline Duration percentile(const std::vector<Duration>& all, double share) {
    const auto of = [&](double Duration::*member) {
        std::vector<double> values;
        for (const Duration& one : all) {
            values.push_back(one.*member);
        }
        std::sort(values.begin(), values.end());
        const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
        return values[std::min(at, values.size() - 1)];
    };
    return {of(&Duration::ms), of(&Duration::processorMs)};
}

/// Forgets the largest memory so far: peakMebibytes() tells that since.
inline void forgetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

/// Most memory that this process has held; 0 where the system does not tell.
inline std::uint64_t peakMebibytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::strtoull(line.c_str() + sizeof "VmHWM:", nullptr, 10) / 1024;
        }
    }
    return 0;
}

} // namespace repro::bench
