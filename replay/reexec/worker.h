// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace repro::replay::exec {

/// Where a recorded op is run again: the LibTorch and the settings of the recording.
struct Host {
    std::string torchVersion; ///< major.minor; empty where the recording does not tell
    std::string torchFolder;  ///< where that LibTorch was; empty where it is no more
    std::vector<std::pair<std::string, std::string>> variables; ///< recorded ones, to set
};
/// `environment`: Header::environment.
Host hostOf(std::string_view environment);

/// One process of repro-exec at work on one job. It is killed when this ends.
class Worker {
public:
    /// Throws: Error (Io) when the program cannot be started.
    Worker(const std::filesystem::path& program, const Host& host, const Job& job);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Waits for the next run to end. Returns: nullopt after the last.
    /// Throws: Error (Torch) when LibTorch refused to run it or the process crashed.
    std::optional<Outcome> next();

private:
    void start(const std::filesystem::path& program, const Host& host, int socket);
    [[nodiscard]] std::string ending();

    pid_t m_pid = -1;
    int m_socket = -1;
    std::uint32_t m_left;
};

} // namespace repro::replay::exec
