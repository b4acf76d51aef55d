// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/listener.h"
#include "recorder/collector/session.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace repro::collector {

/// What was recorded so far, over all processes.
struct Progress {
    std::uint64_t events = 0;
    std::uint64_t payloadBytes = 0;
};

/// Receives what hosts record, one sink a process. Sinks are made and used on one thread, the
/// worker's.
///
/// For tests: REPROREC_TEST_DELAY_US in the environment makes the worker sleep a random time up to
/// that many microseconds before each small batch of records.
class Collector {
public:
    /// Throws: Error (Io).
    Collector(SessionOptions options, OutputFactory makeOutput);
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    /// For REPROREC_SOCKET in the hosts' environment.
    [[nodiscard]] const std::string& socketPath() const { return m_listener.socketPath(); }
    /// "exit N" or "signal N". To be called before the child is reaped.
    void childEnded(pid_t pid, std::string ending);
    [[nodiscard]] Progress progress() const;

    /// Waits until every process that records has ended, then ends. Returns: in order of
    /// attachment.
    std::vector<Result> finish();
    /// Whether finish() would return at once. For a caller that has something to show meanwhile.
    [[nodiscard]] bool idle() const { return m_active == 0; }
    /// Processes that record and have not ended.
    [[nodiscard]] std::vector<pid_t> living() const;
    /// Ends the recording of those: they go on without.
    void stop();
    [[nodiscard]] std::vector<std::string> refusals() const { return m_listener.refusals(); }
    [[nodiscard]] std::vector<std::string> failures() const { return m_listener.failures(); }

private:
    void run();
    bool workOnAll();
    void adopt();
    void settle();
    void sleepUntilSomething(std::chrono::microseconds limit) const;
    [[nodiscard]] std::string endingOf(pid_t pid) const;

    SessionOptions m_options;
    OutputFactory m_makeOutput;
    Listener m_listener;

    mutable std::mutex m_mutex;
    std::map<pid_t, std::string> m_endings;
    std::vector<Session*> m_sessions; ///< not finished
    Progress m_finishedProgress;

    std::vector<Result> m_results; ///< of the worker until it ended
    std::atomic<std::size_t> m_active{0};
    std::atomic<bool> m_closing{false};
    std::thread m_worker;
};

} // namespace repro::collector
