// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/counts.h"
#include "recorder/collector/decoder.h"
#include "recorder/collector/journal.h"
#include "recorder/collector/ordered_merge.h"
#include "recorder/collector/process.h"
#include "recorder/collector/ring_reader.h"
#include "recorder/wire/protocol.h"
#include "trace/pattern.h"
#include "trace/sink.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repro::collector {

/// Where the recording of a process goes.
struct Output {
    template <class SomeSink>
    Output(std::unique_ptr<SomeSink> sink_, std::filesystem::path journal_ = {})
        : sink(std::move(sink_)), journal(std::move(journal_)) {}
    std::unique_ptr<trace::Sink> sink;
    std::filesystem::path journal; ///< the folder of its journal; empty = none is kept
};
/// Called when a process begins to record. May throw.
using OutputFactory = std::function<Output(const Process&)>;

struct SessionOptions {
    wire::Options recording;
    std::uint64_t ringBytes = 8ULL << 20U; ///< a power of two
    std::string toolVersion;
    std::string filters;     ///< as given, for the trace
    std::string environment; ///< a JSON object: what is known of it besides what the host tells
    std::filesystem::path symbols; ///< repro-symbols; none: sites stay without function and line
};

/// What became of one recording process.
struct Result {
    Process process;
    trace::Header header;
    std::uint64_t events = 0;
    std::uint64_t values = 0;
    std::uint64_t payloadBytes = 0;
    std::uint64_t wanted = 0; ///< uses whose bytes the policy asked for
    std::uint64_t steps = 0;
    std::string error; ///< empty = everything that the host sent is in the trace
};

/// The recording of one process: its control page, its rings, and what became of it. The
/// listener's thread makes it and grants rings; the worker's thread does the rest.
class Session {
public:
    /// Throws: Error (Io). The calling thread must outlive the recording: while it lives, the host
    /// takes the collector for alive.
    Session(Process process, const SessionOptions& options, const OutputFactory& makeOutput);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    struct Grant {
        std::uint64_t ring = 0;
        bool reused = false;
        int descriptor = -1; ///< to be sent, then given to ringSent()
    };
    /// A ring for a thread: that of a thread that has ended if there is one. Throws: Error (Io).
    Grant grantRing(pid_t thread);
    void ringSent(const Grant& grant);
    [[nodiscard]] std::uint64_t ringBytes() const { return m_options.ringBytes; }
    [[nodiscard]] int controlDescriptor() const { return m_controlDescriptor; }
    void controlSent();
    /// A name passes a filter of the options. The listener's thread.
    [[nodiscard]] bool passes(wire::NameFilter filter, std::string_view name) const;
    [[nodiscard]] const ProcessWatch& watch() const { return m_watch; }
    /// The process runs another image now: what it recorded before has ended.
    void supersede() { m_superseded = true; }
    /// Nobody waits for the process any longer: it goes on, unrecorded.
    void stop();

    [[nodiscard]] const Counts& counts() const { return m_counts; }

    /// Takes what lies in the rings. Returns: whether there was anything.
    bool work();
    [[nodiscard]] bool finished() const { return m_finished; }
    /// Requires: finished().
    [[nodiscard]] const Result& result() const { return m_result; }
    /// `ending` of the process where its parent told it, else empty.
    using EndingOf = std::function<std::string(pid_t)>;
    void setEndingOf(EndingOf endingOf) { m_endingOf = std::move(endingOf); }

private:
    struct Ring {
        std::unique_ptr<RingReader> reader;
        pid_t thread = 0;
        bool visible = false; ///< its thread can be seen in /proc, so its end can be noticed
    };

    void makeControl(const wire::Options& options);
    void adoptRings();
    [[nodiscard]] bool patienceIsOver() const;
    void finish();
    void release();
    void fail(const std::string& what);
    void begin();
    void fillHeader();
    void fillResult();
    void discardJournal();
    [[nodiscard]] bool hostEnded();
    [[nodiscard]] std::string ending() const;

    Process m_process;
    const SessionOptions& m_options;
    const OutputFactory& m_makeOutput;
    EndingOf m_endingOf;
    ProcessWatch m_watch;
    std::string m_ending; ///< of the host, asked for at once: its parent may reap it
    std::atomic<bool> m_superseded{false};
    std::atomic<bool> m_stopped{false};
    std::uint64_t m_startedNs = 0;

    std::optional<Pattern> m_ops, m_layers; ///< filters; none: everything passes
    wire::Control* m_control = nullptr;
    int m_controlDescriptor = -1;

    std::mutex m_ringsMutex;
    std::vector<Ring> m_rings; ///< of the listener; readers live as long as the session

    // The worker's.
    std::unique_ptr<trace::Sink> m_sink;
    std::optional<Journal> m_journal;
    Counts m_counts;
    std::unique_ptr<Decoder> m_decoder;
    std::unique_ptr<OrderedMerge> m_merge;
    std::atomic<bool> m_finished{false};
    Result m_result;
};

} // namespace repro::collector
