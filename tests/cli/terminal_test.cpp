// SPDX-License-Identifier: BSD-3-Clause
#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <array>
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

namespace repro::cli::test {

namespace {

/// Stderr is a terminal while one of these lives.
class Terminal {
public:
    Terminal() : m_before(dup(STDERR_FILENO)) {
        int inner = -1;
        EXPECT_EQ(openpty(&m_outer, &inner, nullptr, nullptr, nullptr), 0);
        fcntl(m_outer, F_SETFL, O_NONBLOCK);
        dup2(inner, STDERR_FILENO);
        close(inner);
    }
    ~Terminal() {
        dup2(m_before, STDERR_FILENO);
        close(m_before);
        close(m_outer);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    [[nodiscard]] std::string said() const {
        std::array<char, 256> text{};
        const ssize_t size = read(m_outer, text.data(), text.size());
        return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
    }

private:
    int m_before;
    int m_outer = -1;
};

} // namespace

TEST(Progress, IsDrawnOnATerminalOnceTheWorkTakesLong) {
    const Terminal terminal;
    Progress("compare", std::chrono::hours(1)).update(0.5);
    EXPECT_EQ(terminal.said(), "");
    Progress("compare", std::chrono::milliseconds(0)).update(0.5);
    EXPECT_EQ(terminal.said(), "\rcompare  50 %\r\x1b[K");
}

} // namespace repro::cli::test
