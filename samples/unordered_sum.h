// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <latch>
#include <thread>
#include <vector>

/// Adds each of `count` values to the sum of its bucket, by four threads of its own. No update is
/// lost, but chance decides in which order a bucket gets its values, and float32 rounds
/// accordingly.
inline void addUnordered(const float* values, const std::int64_t* buckets, std::int64_t count,
                         float* sums) {
    constexpr std::int64_t kThreads = 4;
    // Else, on a busy machine, one thread may be done before the next begins.
    constexpr std::int64_t kTurn = 128;
    std::latch start(kThreads);
    std::vector<std::jthread> threads;
    for (std::int64_t first = 0; first < kThreads; ++first) {
        threads.emplace_back([=, &start] {
            start.arrive_and_wait();
            for (std::int64_t i = first; i < count; i += kThreads) {
                std::atomic_ref(sums[buckets[i]]).fetch_add(values[i], std::memory_order_relaxed);
                if (i / kThreads % kTurn == 0) {
                    std::this_thread::yield();
                }
            }
        });
    }
}
