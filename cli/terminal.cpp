// SPDX-License-Identifier: BSD-3-Clause
#include "cli/terminal.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace repro::cli {

bool wantsColor(std::string_view mode) {
    if (mode != "auto") {
        return mode == "always";
    }
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return (refused == nullptr || *refused == '\0') && !dumb && isatty(STDOUT_FILENO) == 1;
}

Progress::Progress(std::string what, std::chrono::milliseconds patience)
    : m_what(std::move(what)), m_terminal(isatty(STDERR_FILENO) == 1),
      m_due(std::chrono::steady_clock::now() + patience) {}

Progress::~Progress() {
    if (m_terminal && m_percent >= 0) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void Progress::update(double done) {
    const int percent = static_cast<int>(done * 100);
    if (!m_terminal || percent == m_percent || std::chrono::steady_clock::now() < m_due) {
        return;
    }
    m_percent = percent;
    fmt::print(stderr, "\r{} {:3} %", m_what, percent);
    std::fflush(stderr);
}

std::string byteText(std::uint64_t bytes) {
    constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    double amount = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (amount >= 1024 && unit + 1 < kUnits.size()) {
        amount /= 1024;
        ++unit;
    }
    return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string durationText(std::uint64_t nanoseconds) {
    const double seconds = static_cast<double>(nanoseconds) / 1e9;
    if (seconds >= 1) {
        return fmt::format("{:.1f} s", seconds);
    }
    return fmt::format("{:.0f} ms", seconds * 1e3);
}

} // namespace repro::cli
