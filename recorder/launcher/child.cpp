// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/launcher/child.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace repro::launcher {
namespace {

constexpr std::array kForwarded = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

volatile std::sig_atomic_t g_child = 0; ///< 0 = none, or it has ended
volatile std::sig_atomic_t g_interrupted = 0;
std::array<struct sigaction, kForwarded.size()> g_before;

void handOn(int signal, siginfo_t* info, void* /*context*/) {
    // The kernel itself is the sender when it comes from the terminal: the group got it.
    if (g_child == 0) {
        g_interrupted = 1;
    } else if (info->si_code <= 0) {
        const int saved = errno;
        kill(g_child, signal);
        errno = saved;
    }
}

void installHandlers() {
    struct sigaction action = {};
    action.sa_sigaction = handOn;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
        sigaction(kForwarded[i], nullptr, &g_before[i]);
        // What nohup ignores stays ignored, in us as in the program.
        if (g_before[i].sa_handler != SIG_IGN) {
            sigaction(kForwarded[i], &action, nullptr);
        }
    }
}

void restoreHandlers() {
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
        sigaction(kForwarded[i], &g_before[i], nullptr);
    }
}

sigset_t forwardedSet() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : kForwarded) {
        sigaddset(&set, signal);
    }
    return set;
}

/// All that exec needs, made before the fork.
struct Image {
    const char* path;
    std::vector<char*> words;
    std::vector<char*> shellWords; ///< for a script without #!, as a shell runs it
    std::vector<char*> environment;
};

/// Runs in the child: nothing but system calls.
[[noreturn]] void become(const Image& image, const sigset_t& mask, int report) {
    restoreHandlers();
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    execve(image.path, image.words.data(), image.environment.data());
    if (errno == ENOEXEC) {
        execve("/bin/sh", image.shellWords.data(), image.environment.data());
    }
    const int reason = errno;
    [[maybe_unused]] const ssize_t told = write(report, &reason, sizeof reason);
    _exit(126);
}

/// Returns: 0, or why exec failed. The pipe closes by itself when exec succeeds.
int awaitExec(int pipe) {
    int reason = 0;
    ssize_t got = 0;
    do {
        got = read(pipe, &reason, sizeof reason);
    } while (got < 0 && errno == EINTR);
    close(pipe);
    return got == static_cast<ssize_t>(sizeof reason) ? reason : 0;
}

} // namespace

Child::Child(const Target& target, std::span<char* const> words, Environment environment) {
    Image image{.path = target.path.c_str(),
                .words = {words.begin(), words.end()},
                .shellWords = {const_cast<char*>("sh"), const_cast<char*>(target.path.c_str())},
                .environment = environment.pointers()};
    image.shellWords.insert(image.shellWords.end(), words.begin() + 1, words.end());
    image.words.push_back(nullptr);
    image.shellWords.push_back(nullptr);
    std::array<int, 2> pipe = {};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
        throw Error(ErrorKind::Io, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    // Held back until there is a child to hand them to.
    const sigset_t held = forwardedSet();
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &held, &before);
    installHandlers();
    g_interrupted = 0;
    m_pid = fork();
    if (m_pid == 0) {
        become(image, before, pipe[1]);
    }
    const int forkReason = errno;
    g_child = m_pid;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    close(pipe[1]);
    if (m_pid < 0) {
        close(pipe[0]);
        restoreHandlers();
        throw Error(ErrorKind::Io, fmt::format("cannot fork: {}", std::strerror(forkReason)));
    }
    const int reason = awaitExec(pipe[0]);
    if (reason != 0) {
        waitpid(m_pid, nullptr, 0);
        g_child = 0;
        restoreHandlers();
        throw LaunchError(126, fmt::format("{}: cannot be executed: {}; check its first line",
                                           target.path.string(), std::strerror(reason)));
    }
}

Child::~Child() {
    restoreHandlers();
}

bool Child::interrupted() {
    return g_interrupted != 0;
}

bool Child::ended() const {
    siginfo_t info = {};
    return waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
           info.si_pid == m_pid;
}

int Child::wait(std::chrono::milliseconds interval, const std::function<void()>& whileWaiting,
                const std::function<void(const std::string&)>& beforeReaping) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &child, &before);
    const timespec limit = {interval.count() / 1000, interval.count() % 1000 * 1'000'000};
    while (!ended()) {
        sigtimedwait(&child, nullptr, &limit);
        whileWaiting();
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    siginfo_t info = {};
    waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOWAIT);
    const bool exited = info.si_code == CLD_EXITED;
    beforeReaping(fmt::format("{} {}", exited ? "exit" : "signal", info.si_status));
    g_child = 0; // the number may belong to another process from here on
    waitpid(m_pid, nullptr, 0);
    return exited ? info.si_status : 128 + info.si_status;
}

} // namespace repro::launcher
