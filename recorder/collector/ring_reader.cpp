// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/ring_reader.h"

#include "recorder/collector/shared_memory.h"
#include "recorder/wire/protocol.h"
#include "trace/error.h"

#include <climits>

#include <cstring>
#include <linux/futex.h>
#include <new>
#include <sys/syscall.h>
#include <unistd.h>

namespace repro::collector {

RingReader::RingReader(std::uint64_t capacity)
    : m_capacity(capacity),
      m_descriptor(makeSharedMemory("reprorec ring", wire::kRingHeaderBytes + capacity)) {
    m_mapping = wire::mapRing(m_descriptor, capacity, 0);
    if (m_mapping.base == nullptr) {
        closeDescriptor();
        throw Error(ErrorKind::Io, "no memory for a ring; use a smaller --ring");
    }
    new (m_mapping.page) wire::RingPage();
    m_mapping.page->version = wire::kProtocolVersion;
    m_mapping.page->capacity = capacity;
}

RingReader::~RingReader() {
    closeDescriptor();
    wire::unmapRing(m_mapping);
}

void RingReader::closeDescriptor() {
    if (m_descriptor >= 0) {
        close(m_descriptor);
        m_descriptor = -1;
    }
}

std::span<const std::byte> RingReader::peek() {
    if (m_headSeen == m_tail) {
        m_headSeen = m_mapping.page->head.load(std::memory_order_acquire);
        if (m_headSeen == m_tail) {
            publish();
            return {};
        }
    }
    const std::uint64_t available = m_headSeen - m_tail;
    const std::byte* at = m_mapping.data + (m_tail & (m_capacity - 1));
    wire::RecordHeader header;
    if (available >= sizeof header && available <= m_capacity) {
        std::memcpy(&header, at, sizeof header);
    }
    if (header.size < sizeof header || header.size % 8 != 0 || header.size > available) {
        throw Error(ErrorKind::Format, "a ring holds no valid record; its memory was overwritten");
    }
    return {at, header.size};
}

void RingReader::advance(std::size_t bytes) {
    m_tail += bytes;
    if (m_tail - m_published >= m_capacity / 16) {
        publish();
    }
}

void RingReader::publish() {
    if (m_published == m_tail) {
        return;
    }
    m_published = m_tail;
    auto& page = *m_mapping.page;
    page.tail.store(m_tail, std::memory_order_seq_cst);
    const std::uint64_t used = page.head.load(std::memory_order_seq_cst) - m_tail;
    // Woken once there is room for the largest record, not for each small one.
    if (used <= m_capacity / 2 && page.waiting.load(std::memory_order_seq_cst) != 0) {
        page.waiting.store(0, std::memory_order_seq_cst);
        syscall(SYS_futex, &page.waiting, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
    }
}

bool RingReader::drained() const {
    return m_mapping.page->head.load(std::memory_order_acquire) ==
           m_mapping.page->tail.load(std::memory_order_acquire);
}

} // namespace repro::collector
