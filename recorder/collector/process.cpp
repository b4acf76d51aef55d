// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/process.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::collector {
namespace {

struct Stat {
    char state = '?';
    std::uint64_t startTime = 0;
};

/// The name of a program may hold spaces and parentheses: fields count from the last ')'.
Stat readStat(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    const std::size_t after = line.rfind(')');
    Stat stat;
    if (after == std::string::npos) {
        return stat;
    }
    std::istringstream fields(line.substr(after + 1));
    fields >> stat.state;
    std::string skipped;
    constexpr int kFieldsBetween = 18; // from ppid (4) to itrealvalue (21)
    for (int i = 0; i < kFieldsBetween; ++i) {
        fields >> skipped;
    }
    fields >> stat.startTime;
    return stat;
}

} // namespace

ProcessWatch::ProcessWatch(pid_t pid)
    : m_pid(pid), m_startTime(readStat(pid).startTime),
      m_descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}

ProcessWatch::~ProcessWatch() {
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
}

bool ProcessWatch::gone() const {
    if (m_descriptor >= 0) {
        pollfd entry = {m_descriptor, POLLIN, 0};
        return poll(&entry, 1, 0) == 1;
    }
    const Stat stat = readStat(m_pid);
    return stat.startTime == 0 || stat.startTime != m_startTime || stat.state == 'Z';
}

bool threadExists(pid_t pid, pid_t thread) {
    return access(fmt::format("/proc/{}/task/{}", pid, thread).c_str(), F_OK) == 0;
}

bool isStopped(pid_t pid) {
    const char state = readStat(pid).state;
    return state == 'T' || state == 't';
}

std::string commandLineOf(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
    std::string words(std::istreambuf_iterator<char>(file), {});
    while (!words.empty() && words.back() == '\0') {
        words.pop_back();
    }
    std::ranges::replace(words, '\0', ' ');
    return words;
}

std::string endingOfChild(pid_t pid) {
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG) != 0 ||
        info.si_pid != pid) {
        return {};
    }
    return fmt::format("{} {}", info.si_code == CLD_EXITED ? "exit" : "signal", info.si_status);
}

} // namespace repro::collector
