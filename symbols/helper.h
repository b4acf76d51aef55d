// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace repro::symbols {

using Deadline = std::chrono::steady_clock::time_point;

/// One process of repro-symbols. It is killed when this ends.
class Helper {
public:
    /// Starts it with what is left of a request.
    Helper(const std::filesystem::path& program, const Request& request);
    ~Helper();
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;

    /// Waits for the next answer. Returns: nullopt when no more come: see ending().
    std::optional<ObjectAnswer> next(Deadline deadline);

    /// What the object in work has instead of an answer. Requires: next() returned nullopt.
    ObjectAnswer ending();
    /// Whether another process may do the objects after that one.
    [[nodiscard]] bool canGoOn() const { return m_canGoOn; }

private:
    void start(const std::filesystem::path& program, int input, int output);
    bool read(Deadline deadline);
    void giveUp(Status status, const std::string& detail, bool canGoOn);

    pid_t m_pid = -1;
    int m_output = -1;
    std::string m_text; ///< what was read and not yet taken
    std::optional<ObjectAnswer> m_ending;
    bool m_canGoOn = true;
    std::uint32_t m_seconds;
    std::uint64_t m_bytes;
};

} // namespace repro::symbols
