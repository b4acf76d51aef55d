// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

/// What the two ends of a ring share: a memfd that holds a RingPage and, from kRingHeaderBytes on,
/// the data. The data is mapped twice in a row, so that a record which passes the end of the ring
/// is still one piece of memory for either end, and no record is ever split.
namespace repro::wire {

/// A multiple of every page size that Linux has on the supported machines.
inline constexpr std::size_t kRingHeaderBytes = 64 * 1024;
inline constexpr std::uint64_t kMinRingBytes = 64 * 1024;
inline constexpr std::uint64_t kMaxRingBytes = 1ULL << 30;

/// Positions count bytes since the ring was made and never wrap; head - tail bytes are to be read.
struct RingPage {
    std::uint32_t version = 0;
    std::uint32_t reserved = 0;
    std::uint64_t capacity = 0;                       ///< bytes of data, a power of two
    alignas(64) std::atomic<std::uint64_t> head{};    ///< written by the producer
    alignas(64) std::atomic<std::uint64_t> tail{};    ///< written by the collector
    alignas(64) std::atomic<std::uint32_t> waiting{}; ///< futex: 1 = the producer waits for room
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(RingPage) <= kRingHeaderBytes);

/// A ring in this process's memory. `before` bytes of private memory lie in front of the page.
struct RingMapping {
    std::byte* base = nullptr; ///< start of the whole mapping; null = it failed, errno says why
    std::size_t bytes = 0;     ///< length of the whole mapping
    RingPage* page = nullptr;
    std::byte* data = nullptr; ///< 2 * capacity bytes, the second half mirrors the first
};

/// Maps a ring. `privateBytes` is rounded up to kRingHeaderBytes; the descriptor may be closed
/// after.
RingMapping mapRing(int descriptor, std::uint64_t capacity, std::size_t privateBytes);
void unmapRing(const RingMapping& mapping);

} // namespace repro::wire
