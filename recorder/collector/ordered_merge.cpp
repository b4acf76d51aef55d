// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/ordered_merge.h"

#include "recorder/collector/cursor.h"
#include "recorder/wire/protocol.h"
#include "trace/error.h"
#include "trace/model.h"

#include <algorithm>
#include <iterator>

namespace repro::collector {
namespace {

std::uint64_t ordinalOf(std::span<const std::byte> record) {
    return Cursor(record).take<wire::RecordHeader>().ordinal;
}

} // namespace

std::size_t OrderedMerge::drain(std::size_t most) {
    std::size_t taken = 0;
    while (taken < most && (m_decoder.payloadOpen() ? takePinned() : takeNext())) {
        ++taken;
    }
    if (taken > 0) {
        m_lastProgress = std::chrono::steady_clock::now();
    }
    return taken;
}

/// The pieces of a tensor are taken in a row, for the sink can only append: records of other
/// threads wait meanwhile, and the pieces' own ordinals are passed over when their turn comes.
bool OrderedMerge::takePinned() {
    const auto record = m_rings[m_current]->peek();
    if (record.empty()) {
        return false;
    }
    if (!m_decoder.continuesPayload(record)) {
        m_decoder.abandonPayload();
        return true;
    }
    m_early.insert(ordinalOf(record));
    take(m_current, record);
    return true;
}

bool OrderedMerge::takeNext() {
    while (!m_early.empty() && m_early.erase(m_next) != 0) {
        ++m_next;
    }
    for (std::size_t i = 0; i < m_rings.size(); ++i) {
        const std::size_t ring = (m_current + i) % m_rings.size();
        const auto record = m_rings[ring]->peek();
        if (record.empty()) {
            continue;
        }
        const std::uint64_t ordinal = ordinalOf(record);
        if (ordinal < m_next && m_gaps == 0) {
            throw Error(ErrorKind::Format, "two records have the same place in the order");
        }
        if (ordinal < m_next) { // given up too early: it was counted as a gap
            m_rings[ring]->advance(record.size());
            return true;
        }
        if (ordinal == m_next) {
            m_current = ring;
            ++m_next;
            take(ring, record);
            return true;
        }
    }
    return false;
}

void OrderedMerge::take(std::size_t ring, std::span<const std::byte> record) {
    m_decoder.decode(ring, record);
    if (m_journal != nullptr) {
        m_journal->add(ring, record);
    }
    m_rings[ring]->advance(record.size());
}

std::uint64_t OrderedMerge::lowest() const {
    std::uint64_t lowest = trace::kNone64;
    for (RingReader* ring : m_rings) {
        const auto record = ring->peek();
        lowest = record.empty() ? lowest : std::min(lowest, ordinalOf(record));
    }
    return lowest;
}

std::chrono::steady_clock::duration OrderedMerge::waited() const {
    const std::uint64_t first = m_decoder.payloadOpen() ? trace::kNone64 : lowest();
    const bool missing = first != trace::kNone64 && first > m_next;
    return missing ? std::chrono::steady_clock::now() - m_lastProgress
                   : std::chrono::steady_clock::duration::zero();
}

bool OrderedMerge::skip() {
    if (m_decoder.payloadOpen()) {
        m_decoder.abandonPayload();
        return true;
    }
    const std::uint64_t first = lowest();
    if (first == trace::kNone64 || first <= m_next) {
        return false;
    }
    const auto end = m_early.lower_bound(first);
    m_gaps += first - m_next - static_cast<std::uint64_t>(std::distance(m_early.begin(), end));
    m_early.erase(m_early.begin(), end);
    m_next = first;
    return true;
}

} // namespace repro::collector
