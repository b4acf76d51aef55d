// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/decoder.h"
#include "recorder/collector/journal.h"
#include "recorder/collector/ring_reader.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace repro::collector {

/// Puts the records of all rings back into the order of their ordinals and decodes them. Threads:
/// the worker's alone.
class OrderedMerge {
public:
    /// What was decoded goes to the journal, too, if there is one.
    explicit OrderedMerge(Decoder& decoder, Journal* journal = nullptr)
        : m_decoder(decoder), m_journal(journal) {}

    /// Borrowed. Rings are numbered as they are added.
    void add(RingReader& ring) { m_rings.push_back(&ring); }
    [[nodiscard]] std::size_t rings() const { return m_rings.size(); }

    /// Decodes at most `most` of the records whose turn it is. Returns: how many.
    /// Throws: Error (Format) when two have the same place.
    std::size_t drain(std::size_t most);

    /// How long nothing was there although something comes later; zero while nothing is missing.
    [[nodiscard]] std::chrono::steady_clock::duration waited() const;
    /// Gives up what is missing: the rest of a tensor, or the ordinals before the first that is
    /// there. Returns: whether anything was.
    bool skip();
    /// Ordinals that were given up.
    [[nodiscard]] std::uint64_t gaps() const { return m_gaps; }

private:
    bool takePinned();
    bool takeNext();
    void take(std::size_t ring, std::span<const std::byte> record);
    [[nodiscard]] std::uint64_t lowest() const;

    Decoder& m_decoder;
    Journal* m_journal;
    std::vector<RingReader*> m_rings;
    std::uint64_t m_next = 0;        ///< ordinal whose turn it is
    std::size_t m_current = 0;       ///< ring that had the one before
    std::set<std::uint64_t> m_early; ///< taken before their turn: pieces of a tensor
    std::uint64_t m_gaps = 0;
    std::chrono::steady_clock::time_point m_lastProgress = std::chrono::steady_clock::now();
};

} // namespace repro::collector
