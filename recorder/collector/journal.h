// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/journal.h"
#include "trace/model.h"
#include "trace/sink.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace repro::collector {

/// The records that a process sent, kept as they came until its trace is whole. One thread.
class Journal {
public:
    /// `lenient` and `environment`: see Decoder. Throws: Error (Io).
    Journal(const std::filesystem::path& folder, const trace::Header& header, bool lenient,
            const std::string& environment);
    void add(std::size_t ring, std::span<const std::byte> record) {
        m_writer.add(static_cast<std::uint32_t>(ring), record);
    }
    void commit() { m_writer.commit(); }
    void discard() { m_writer.discard(); }

private:
    trace::JournalWriter m_writer;
};

/// What came of a journal.
struct Recovery {
    trace::Header header;
    std::uint64_t events = 0;
    bool isLive = false; ///< its recorder goes on
};

/// Hands the sink what a recording was sent, as its collector would have. `symbols`: repro-symbols;
/// none: sites stay without function and line. Throws: Error (Io, Format, Version), also what the
/// sink throws. A record that cannot be decoded ends the trace, as it ended the recording.
Recovery recover(const std::filesystem::path& folder, trace::Sink& sink,
                 const std::filesystem::path& symbols);

} // namespace repro::collector
