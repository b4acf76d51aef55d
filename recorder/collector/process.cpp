// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/process.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::collector {
namespace {

struct Stat {
    char state = '?';
    std::uint64_t startTime = 0;
    int exitCode = 0; ///< as waitpid() tells it; of a zombie
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
    const auto skip = [&](int first, int last) {
        for (int i = first; i <= last; ++i) {
            fields >> skipped;
        }
    };
    skip(4, 21); // ppid to itrealvalue
    fields >> stat.startTime;
    skip(23, 51); // vsize to env_end
    fields >> stat.exitCode;
    return stat;
}

/// struct pidfd_info of a <linux/pidfd.h> that is newer than that of Debian 12.
struct PidfdInfo {
    std::uint64_t mask = 0;
    std::uint64_t cgroup = 0;
    std::uint32_t ids[11] = {};
    std::int32_t exitCode = 0;
};
constexpr std::uint64_t kPidfdExit = 1U << 3U;
constexpr unsigned long kPidfdGetInfo = _IOWR(0xFF, 11, PidfdInfo);

/// As waitpid() would have told it.
std::optional<int> exitCodeOfReaped(int descriptor) {
    PidfdInfo info{.mask = kPidfdExit};
    const bool told = ioctl(descriptor, kPidfdGetInfo, &info) == 0 && (info.mask & kPidfdExit) != 0;
    return told ? std::optional(info.exitCode) : std::nullopt;
}

} // namespace

ProcessWatch::ProcessWatch(pid_t pid)
    : m_pid(pid), m_startTime(readStat(pid).startTime),
      m_descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {
    if (m_descriptor < 0 && m_startTime == 0) {
        throw Error(ErrorKind::Io,
                    fmt::format("process {} cannot be seen from here, so its end "
                                "would not be noticed; give reprorec access to /proc",
                                pid));
    }
}

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

std::string ProcessWatch::ending() const {
    const Stat stat = readStat(m_pid);
    const bool zombie = stat.state == 'Z' && stat.startTime == m_startTime;
    const auto code = zombie ? std::optional(stat.exitCode) : exitCodeOfReaped(m_descriptor);
    if (!code) {
        return {};
    }
    return WIFEXITED(*code) ? fmt::format("exit {}", WEXITSTATUS(*code))
                            : fmt::format("signal {}", WTERMSIG(*code));
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

} // namespace repro::collector
