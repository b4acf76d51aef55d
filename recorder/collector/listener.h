// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/session.h"
#include "recorder/wire/protocol.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace repro::collector {

/// Answers the hosts' requests on a Unix socket in a private folder, on a thread of its own, so
/// that a host never waits while records are decoded. That thread makes the sessions and outlives
/// them: its hold on their mutexes is the sign of life.
class Listener {
public:
    using MakeSession = std::function<std::unique_ptr<Session>(Process)>;

    /// Throws: Error (Io).
    explicit Listener(MakeSession makeSession);
    /// Answers what was still asked, then ends.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] const std::string& socketPath() const { return m_socketPath; }
    /// Sessions made since the last call. They live as long as the listener.
    std::vector<Session*> takeNew();
    /// Versions of LibTorch for which hosts found no recorder library.
    [[nodiscard]] std::vector<std::string> refusals() const;
    /// Why sessions could not be made, if so.
    [[nodiscard]] std::vector<std::string> failures() const;
    /// Ends the thread. No session may be worked on afterwards.
    void stop();

private:
    void run();
    void acceptAll(std::vector<std::unique_ptr<Session>>& sessions);
    void answer(int connection, std::vector<std::unique_ptr<Session>>& sessions);
    void attach(int connection, const wire::Request& request, pid_t pid,
                std::vector<std::unique_ptr<Session>>& sessions);
    static void grant(int connection, const wire::Request& request, Session& session);
    static void judge(int connection, const wire::Request& request, Session& session);
    void closeSockets();

    MakeSession m_makeSession;
    std::string m_folder;
    std::string m_socketPath;
    int m_socket = -1;
    int m_wake = -1; ///< eventfd: end

    mutable std::mutex m_mutex;
    std::vector<Session*> m_new;
    std::vector<std::string> m_refusals;
    std::vector<std::string> m_failures;
    bool m_ending = false;

    std::thread m_thread;
};

} // namespace repro::collector
