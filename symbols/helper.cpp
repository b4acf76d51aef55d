// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/helper.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::symbols {
namespace {

/// A file in memory with the text: whoever reads it never waits, nor does who wrote it.
int inputOf(const std::string& text) {
    const int file = ::memfd_create("request", MFD_CLOEXEC);
    std::size_t done = 0;
    while (file >= 0 && done < text.size()) {
        const ssize_t written = ::write(file, text.data() + done, text.size() - done);
        if (written <= 0) {
            break;
        }
        done += static_cast<std::size_t>(written);
    }
    ::lseek(file, 0, SEEK_SET);
    return file;
}

} // namespace

Helper::Helper(const std::filesystem::path& program, const Request& request)
    : m_seconds(request.seconds), m_bytes(request.bytes) {
    std::array<int, 2> pipe{-1, -1};
    const nlohmann::json json = request;
    const int input = inputOf(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    if (input < 0 || ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        giveUp(Status::Unread, fmt::format("no pipe: {}", std::strerror(errno)), false);
    } else {
        start(program, input, pipe[1]);
    }
    ::close(input);
    ::close(pipe[1]);
    m_output = pipe[0];
}

Helper::~Helper() {
    ::close(m_output);
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
}

void Helper::start(const std::filesystem::path& program, int input, int output) {
    std::string name = program.string();
    std::array<char*, 2> words{name.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    // How it ended is told with the answers.
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failed =
        ::posix_spawn(&m_pid, name.c_str(), &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        m_pid = -1;
        giveUp(Status::Unread,
               fmt::format("{} cannot be started: {}; install reprorec again", name,
                           std::strerror(failed)),
               false);
    }
}

bool Helper::read(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd wanted{m_output, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) {
        return true;
    }
    if (ready == 0) {
        giveUp(Status::TooBig, fmt::format("takes more than {} s to read", m_seconds), false);
    }
    if (ready <= 0) {
        return false;
    }
    std::array<char, 1U << 16U> block{};
    const ssize_t count = ::read(m_output, block.data(), block.size());
    m_text.append(block.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (m_text.size() > m_bytes) {
        giveUp(Status::TooBig, fmt::format("takes more than {} MiB to read", m_bytes >> 20U), true);
        return false;
    }
    return count > 0;
}

void Helper::giveUp(Status status, const std::string& detail, bool canGoOn) {
    m_ending = ObjectAnswer{status, detail, {}, {}};
    m_canGoOn = canGoOn;
}

std::optional<ObjectAnswer> Helper::next(Deadline deadline) {
    while (!m_ending) {
        const std::size_t end = m_text.find('\n');
        if (end != std::string::npos) {
            const std::string line = m_text.substr(0, end);
            m_text.erase(0, end + 1);
            try {
                return nlohmann::json::parse(line).get<ObjectAnswer>();
            } catch (const nlohmann::json::exception& error) {
                giveUp(Status::Unread, fmt::format("no answer: {}", error.what()), false);
            }
        } else if (!read(deadline)) {
            break;
        }
    }
    return std::nullopt;
}

ObjectAnswer Helper::ending() {
    if (m_ending) {
        return *m_ending;
    }
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGXCPU) {
        giveUp(Status::TooBig, fmt::format("takes more than {} s to read", m_seconds), false);
    } else if (signal == SIGKILL) {
        giveUp(Status::Unread, "what reads it was killed", true);
    } else if (signal != 0) {
        giveUp(Status::Damaged, fmt::format("crashes what reads it: {}", ::strsignal(signal)),
               true);
    } else if (WEXITSTATUS(status) == EXIT_FAILURE) {
        giveUp(Status::TooBig, fmt::format("takes more than {} MiB to read", m_bytes >> 20U), true);
    } else {
        giveUp(Status::Unread,
               fmt::format("what reads it ended with status {}", WEXITSTATUS(status)), true);
    }
    return *m_ending;
}

} // namespace repro::symbols
