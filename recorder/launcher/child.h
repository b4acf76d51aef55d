// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/launcher/environment.h"
#include "recorder/launcher/target.h"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <sys/types.h>

namespace repro::launcher {

/// The recorded program, run as a child of ours. While it lives, SIGINT, SIGTERM, SIGHUP and
/// SIGQUIT do not end us: we end when it does. One that was sent to us alone is handed on once; one
/// that the terminal sent has reached the program already. One Child at a time, made and waited for
/// on one thread.
class Child {
public:
    /// `words[0]` is the program as the user called it. Throws: LaunchError, Error (Io).
    Child(const Target& target, std::span<char* const> words, Environment environment);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Whether one of those signals came after the program had ended.
    [[nodiscard]] static bool interrupted();

    /// Waits until the child ends; calls `whileWaiting` about every `interval`, and `beforeReaping`
    /// with "exit N" or "signal N" when it has ended and is a zombie yet.
    /// Returns: its exit status; 128 + N for signal N.
    int wait(std::chrono::milliseconds interval, const std::function<void()>& whileWaiting,
             const std::function<void(const std::string&)>& beforeReaping);

private:
    [[nodiscard]] bool ended() const;

    pid_t m_pid = -1;
};

} // namespace repro::launcher
