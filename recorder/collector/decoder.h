// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/counts.h"
#include "recorder/collector/definitions.h"
#include "recorder/collector/events.h"
#include "recorder/collector/payload_store.h"
#include "recorder/collector/value_window.h"
#include "trace/sink.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace repro::collector {

/// Turns the records of one process into rows. Records come in the order of their ordinals, but for
/// the pieces of one tensor, which come in a row. Whatever the records hold, it does not crash.
/// One thread.
class Decoder {
public:
    /// `lenient`: records may have been dropped, so a record may name what was never defined.
    /// `environment`: see SessionOptions.
    Decoder(trace::Sink& sink, Counts& counts, bool lenient, std::string environment);

    /// Throws: Error (Format) for a malformed record, and what the sink throws.
    void decode(std::size_t ring, std::span<const std::byte> record);

    /// A tensor's bytes have begun and not ended: their next piece is wanted before anything else.
    [[nodiscard]] bool payloadOpen() const { return m_payloads.open(); }
    [[nodiscard]] bool continuesPayload(std::span<const std::byte> record) const;
    void abandonPayload() { m_payloads.abandon(); }

    [[nodiscard]] const Definitions& definitions() const { return m_definitions; }
    [[nodiscard]] bool saidBye() const { return m_bye; }
    /// Ends what is open. Returns: where the steps begin.
    std::vector<trace::EventId> close();
    [[nodiscard]] std::uint64_t stepCount() const { return m_events.stepCount(); }

private:
    bool define(std::size_t ring, wire::RecordKind kind, Cursor& cursor);

    PayloadStore m_payloads;
    ValueWindow m_values;
    Definitions m_definitions;
    Events m_events;
    bool m_bye = false;
};

/// Once everything is decoded: functions and lines of its sites, and the layers that these tell.
/// `symbols`: repro-symbols. `beganNs`: of the recording, in nanoseconds since 1970.
void nameSites(const Decoder& decoder, trace::Sink& sink, const std::filesystem::path& symbols,
               std::uint64_t beganNs);

} // namespace repro::collector
