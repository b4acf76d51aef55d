// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace repro::collector {

/// A process that records.
struct Process {
    pid_t pid = 0;
    int number = 1;   ///< in the order in which they attached, from 1
    std::string rank; ///< among its peers; empty = it has none
    std::string torchVersion;
    std::string commandLine;
};

/// Notices that a process is gone, without being its parent and without taking a successor of the
/// same number for it.
class ProcessWatch {
public:
    /// Throws: Error (Io) for a process that cannot be seen from here.
    explicit ProcessWatch(pid_t pid);
    ~ProcessWatch();
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;

    [[nodiscard]] bool gone() const;
    /// "exit N" or "signal N" of a process that is gone, as far as the kernel tells; else empty.
    /// Before it is reaped every kernel does, afterwards those from 6.15 on.
    [[nodiscard]] std::string ending() const;
    /// Readable once it is gone; -1 where the kernel has no such thing.
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    pid_t m_pid;
    std::uint64_t m_startTime;
    int m_descriptor;
};

[[nodiscard]] bool threadExists(pid_t pid, pid_t thread);
/// Stopped by a signal or a debugger: it is not late, it cannot go on.
[[nodiscard]] bool isStopped(pid_t pid);
[[nodiscard]] std::string commandLineOf(pid_t pid);

} // namespace repro::collector
