// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/counts.h"
#include "recorder/collector/definitions.h"
#include "recorder/collector/forward_links.h"
#include "recorder/collector/open_event.h"
#include "recorder/collector/steps.h"
#include "recorder/collector/value_window.h"

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace repro::collector {

/// Turns Begin and End records into events, uses and draws: finds the parent, the forward op of a
/// backward node, the phase, and the candidates for steps.
class Events {
public:
    Events(trace::Sink& sink, Definitions& definitions, ValueWindow& values, Counts& counts,
           bool lenient)
        : m_sink(sink), m_definitions(definitions), m_values(values), m_counts(counts),
          m_lenient(lenient) {}

    /// A thread begins to use a ring: what its predecessor left open stays unfinished.
    void threadBegins(std::size_t ring, trace::ThreadId thread, std::uint64_t torchId);
    /// Throws: Error (Format), and what the sink throws.
    void begin(std::size_t ring, const wire::BeginRecord& record, Cursor& cursor);
    void end(std::size_t ring, const wire::EndRecord& record, Cursor& cursor);
    void rngState(std::size_t ring, const wire::RngStateRecord& record, Cursor& cursor);
    /// The host is gone: what is open never ended.
    void closeAll();

    [[nodiscard]] std::vector<trace::EventId> stepStarts() const { return m_steps.settle(m_count); }
    [[nodiscard]] std::uint64_t stepCount() const {
        return m_count == 0 ? 0 : m_steps.count(stepStarts());
    }

private:
    struct Thread {
        trace::ThreadId id = trace::kNone32;
        std::uint64_t torchId = 0;
        OpenEvents open;
    };
    struct Place {
        Thread* thread = nullptr;
        std::size_t index = 0;
    };

    Thread& threadOf(std::size_t ring);
    [[nodiscard]] Place find(std::size_t ring, std::uint64_t beginOrdinal);
    /// Fills the thread's last open event. Throws: Error (Format) for a malformed record.
    void open(Thread& thread, OpenEvent& event, const wire::BeginRecord& record, Cursor& cursor);
    void inherit(OpenEvent& event, const OpenEvent* parent, trace::Event& row,
                 const wire::BeginRecord& record);
    void noteStepAtBegin(const OpenEvent& event, const OpenEvent* parent);
    void takeUses(Cursor& cursor, std::uint32_t count, OpenEvent& event);
    void takeDraws(Cursor& cursor, std::uint32_t count, const OpenEvent& event);
    void claimNodes(const Thread& thread, OpenEvent& event, std::uint64_t sequence, bool& advanced);
    void closeAbove(Thread& thread, std::size_t index);
    void closeUnfinished(Thread& thread, std::size_t index);
    void write(OpenEvent& event, trace::EventEnd& end);

    trace::Sink& m_sink;
    Definitions& m_definitions;
    ValueWindow& m_values;
    Counts& m_counts;
    bool m_lenient;
    std::deque<Thread> m_threads; ///< by number of the ring
    ForwardLinks m_links;
    Steps m_steps;
    trace::EventId m_count = 0;
};

} // namespace repro::collector
