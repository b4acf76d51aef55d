// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/wire/ring.h"

#include <sys/mman.h>

namespace repro::wire {
namespace {

bool mapOver(std::byte* at, std::size_t bytes, int flags, int descriptor, off_t offset) {
    return mmap(at, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, descriptor, offset) !=
           MAP_FAILED;
}

} // namespace

RingMapping mapRing(int descriptor, std::uint64_t capacity, std::size_t privateBytes) {
    const std::size_t before =
        (privateBytes + kRingHeaderBytes - 1) / kRingHeaderBytes * kRingHeaderBytes;
    const std::size_t total = before + kRingHeaderBytes + 2 * capacity;
    // The address range is taken first, so that the pieces can be placed without a race.
    void* range = mmap(nullptr, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (range == MAP_FAILED) {
        return {};
    }
    RingMapping mapping;
    mapping.base = static_cast<std::byte*>(range);
    mapping.bytes = total;
    std::byte* const page = mapping.base + before;
    mapping.page = reinterpret_cast<RingPage*>(page);
    mapping.data = page + kRingHeaderBytes;
    const bool mapped =
        (before == 0 || mapOver(mapping.base, before, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) &&
        mapOver(page, kRingHeaderBytes + capacity, MAP_SHARED, descriptor, 0) &&
        mapOver(mapping.data + capacity, capacity, MAP_SHARED, descriptor, kRingHeaderBytes);
    if (!mapped) {
        unmapRing(mapping);
        return {};
    }
    return mapping;
}

void unmapRing(const RingMapping& mapping) {
    if (mapping.base != nullptr) {
        munmap(mapping.base, mapping.bytes);
    }
}

} // namespace repro::wire
