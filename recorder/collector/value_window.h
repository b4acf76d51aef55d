// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/counts.h"
#include "recorder/collector/cursor.h"
#include "recorder/collector/fingerprint_map.h"
#include "recorder/collector/payload_store.h"
#include "recorder/wire/protocol.h"
#include "trace/sink.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace repro::collector {

/// One tensor of a record, in place.
struct WireUse {
    wire::UseRecord record;
    std::span<const std::byte> shape;  ///< i64 sizes[rank], i64 strides[rank]
    std::span<const std::byte> leaves; ///< u64 low, u64 high each
    std::optional<wire::WireStatistics> statistics;
};

/// Throws: Error (Format).
WireUse takeUse(Cursor& cursor);

/// Turns tensors into rows of `values`. What was seen lately is the row it was: so an input that
/// nobody wrote to is its producer's value. Two generations of 1 Mi rows each bound the memory; a
/// value that is still in use moves to the young one.
class ValueWindow {
public:
    ValueWindow(trace::Sink& sink, const PayloadStore& payloads, Counts& counts)
        : m_sink(sink), m_payloads(payloads), m_counts(counts) {}

    trace::ValueId idOf(const WireUse& use);

private:
    static constexpr std::size_t kGeneration = 1U << 20U;

    trace::ValueId addRow(const WireUse& use, std::uint64_t payload);
    trace::ListId list(std::span<const std::byte> integers);
    void remember(const trace::Fingerprint& key, std::uint64_t number);

    trace::Sink& m_sink;
    const PayloadStore& m_payloads;
    Counts& m_counts;
    FingerprintMap m_young;
    FingerprintMap m_old;
    std::vector<std::int64_t> m_integers;
    std::vector<trace::Fingerprint> m_leaves;
};

} // namespace repro::collector
