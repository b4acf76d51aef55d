// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>

namespace repro::collector {

/// How far a recording has come. Written by the collector's worker, read by anyone.
struct Counts {
    std::atomic<std::uint64_t> events{}; ///< but forks, which compute nothing
    std::atomic<std::uint64_t> values{};
    std::atomic<std::uint64_t> payloadBytes{};
    std::atomic<std::uint64_t> wanted{};  ///< uses whose bytes the policy asked for
    std::atomic<std::uint64_t> skipped{}; ///< of them, those whose bytes never came
};

/// One writer, so no locked instruction is needed.
inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t amount = 1) {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

} // namespace repro::collector
