// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/guard.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace repro::host {

thread_local bool t_busy = false;

void say(const char* what) noexcept {
    char line[512];
    const int length =
        std::snprintf(line, sizeof line, "reprorec[%d]: %s\n", static_cast<int>(getpid()), what);
    if (length > 0) {
        [[maybe_unused]] const auto written =
            write(STDERR_FILENO, line,
                  std::min<std::size_t>(static_cast<std::size_t>(length), sizeof line - 1));
    }
}

void fail(const char* where, const char* what) noexcept {
    static std::atomic<bool> said{false};
    wire::Session::abandon();
    if (said.exchange(true)) {
        return;
    }
    char text[448];
    std::snprintf(text, sizeof text, "recording stopped, the program goes on: %s: %.300s", where,
                  what);
    say(text);
}

} // namespace repro::host
