// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/ring.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace repro::collector {

/// The collector's end of one ring. peek() and advance() belong to one thread, drained() to any.
class RingReader {
public:
    /// Makes the memory of a ring; descriptor() is to be sent to the host, then closed.
    /// Throws: Error (Io).
    explicit RingReader(std::uint64_t capacity);
    ~RingReader();
    RingReader(const RingReader&) = delete;
    RingReader& operator=(const RingReader&) = delete;

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    void closeDescriptor();

    /// The next whole record, in place; empty when there is none.
    /// Throws: Error (Format) when the ring holds nonsense.
    std::span<const std::byte> peek();
    /// Gives the room of the record that peek() showed back to the producer.
    void advance(std::size_t bytes);

    [[nodiscard]] bool drained() const;

private:
    void publish();

    wire::RingMapping m_mapping;
    std::uint64_t m_capacity;
    std::uint64_t m_headSeen = 0;
    std::uint64_t m_tail = 0;
    std::uint64_t m_published = 0;
    int m_descriptor = -1;
};

} // namespace repro::collector
