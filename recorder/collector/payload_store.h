// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/counts.h"
#include "recorder/collector/fingerprint_map.h"
#include "recorder/wire/protocol.h"
#include "trace/sink.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace repro::collector {

/// Tensor bytes: each content once in the whole run, however often it is sent.
class PayloadStore {
public:
    PayloadStore(trace::Sink& sink, Counts& counts) : m_sink(sink), m_counts(counts) {}

    /// Takes one piece. Pieces of one content come in a row.
    /// Throws: Error (Format) when the piece contradicts itself.
    void add(const wire::PayloadRecord& record, std::span<const std::byte> bytes);
    /// Whether a content has begun whose end has not come.
    [[nodiscard]] bool open() const { return m_open.has_value(); }
    /// Whether `record` goes on with what is open.
    [[nodiscard]] bool continues(const wire::PayloadRecord& record) const;
    /// The rest of what is open will not come.
    void abandon() { m_open.reset(); }

    /// Index of the first element, or trace::kNone64.
    [[nodiscard]] std::uint64_t find(const trace::Fingerprint& fingerprint,
                                     std::uint8_t dtype) const;

private:
    struct Open {
        trace::Fingerprint key;
        trace::Fingerprint content;
        std::uint8_t dtype = 0;
        std::uint64_t total = 0;
        std::uint64_t received = 0;
        std::uint64_t address = 0;
        bool known = false;
    };

    trace::Sink& m_sink;
    Counts& m_counts;
    FingerprintMap m_addresses;
    std::optional<Open> m_open;
};

} // namespace repro::collector
