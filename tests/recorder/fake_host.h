// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/producer.h"
#include "tests/recorder/records.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::tests {

/// Sends one record; false when recording is over or it was dropped.
inline bool sendRecord(wire::Producer& producer, const Bytes& record,
                       std::uint64_t* ordinal = nullptr) {
    std::byte* place = producer.reserve(record.size());
    if (place == nullptr) {
        return false;
    }
    std::memcpy(place, record.data(), record.size());
    const std::uint64_t given = producer.commit(record.size());
    if (ordinal != nullptr) {
        *ordinal = given;
    }
    return true;
}

/// Begin and End of an op without inputs.
inline bool sendOp(wire::Producer& producer, std::uint32_t op) {
    std::uint64_t begin = 0;
    return sendRecord(producer, beginRecord(beginOf(trace::EventKind::Op, op)), &begin) &&
           sendRecord(producer, endRecord(begin));
}

/// A process that records what `body` sends once it is told where the collector listens. It is
/// forked at once, so that it has one thread, whatever the test starts later.
class FakeHost {
public:
    /// `body` returns the exit status.
    explicit FakeHost(const std::function<int()>& body) {
        if (pipe(m_pipe.data()) != 0 || (m_pid = fork()) != 0) {
            return;
        }
        std::array<char, 256> socket{};
        close(m_pipe[1]);
        if (read(m_pipe[0], socket.data(), socket.size() - 1) <= 0) {
            _exit(99);
        }
        close(m_pipe[0]);
        _exit(wire::Session::attach(socket.data(), "2.13.0") ? body() : 98);
    }
    ~FakeHost() {
        close(m_pipe[0]);
        close(m_pipe[1]);
        wait();
    }
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    void start(const std::string& socketPath) {
        if (write(m_pipe[1], socketPath.data(), socketPath.size()) < 0) {
            wait();
        }
    }

    /// Waits until it has ended, but leaves it to be reaped.
    void awaitEnd() const {
        siginfo_t info = {};
        waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOWAIT);
    }

    /// Exit status, 128 + N for signal N.
    int wait() {
        int status = 0;
        if (m_pid > 0 && waitpid(m_pid, &status, 0) == m_pid) {
            m_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            m_pid = -1;
        }
        return m_status;
    }
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    std::array<int, 2> m_pipe{};
    pid_t m_pid = -1;
    int m_status = -1;
};

} // namespace repro::tests
