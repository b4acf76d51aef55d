// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/worker.h"

#include "trace/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::replay::exec {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// This process's environment with the recorded variables, as "NAME=value".
std::vector<std::string> environmentOf(const Host& host) {
    std::vector<std::string> entries;
    const auto set = [&](const std::string& name, const std::string& value) {
        std::erase_if(entries, [&](const auto& entry) { return entry.starts_with(name + "="); });
        entries.push_back(name + "=" + value);
    };
    for (char** entry = environ; *entry != nullptr; ++entry) {
        entries.emplace_back(*entry);
    }
    for (const auto& [name, value] : host.variables) {
        set(name, value);
    }
    if (!host.torchFolder.empty()) {
        set("LD_LIBRARY_PATH", host.torchFolder);
    }
    return entries;
}

} // namespace

Host hostOf(std::string_view environment) {
    const json recorded = json::parse(environment, nullptr, false);
    Host host;
    if (!recorded.is_object()) {
        return host;
    }
    const std::string version = recorded.value("torch_version", "");
    const std::size_t dot = version.find('.');
    host.torchVersion = version.substr(0, version.find_first_not_of("0123456789", dot + 1));
    const json libraries = recorded.value("libraries", json::array());
    for (const json& library : libraries) {
        const fs::path path = library.value("path", "");
        std::error_code unknown;
        if (path.filename() == "libtorch_cpu.so" && fs::exists(path, unknown)) {
            host.torchFolder = path.parent_path().string();
        }
    }
    const json variables = recorded.value("env", json::object());
    for (const auto& [name, value] : variables.items()) {
        if (value.is_string() && name != "LD_PRELOAD" && name != "LD_LIBRARY_PATH") {
            host.variables.emplace_back(name, value.get<std::string>());
        }
    }
    return host;
}

Worker::Worker(const fs::path& program, const Host& host, const Job& job) : m_left(job.runs) {
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
        throw Error(ErrorKind::Io, fmt::format("repro-exec: no socket: {}", std::strerror(errno)));
    }
    m_socket = sockets[0];
    start(program, host, sockets[1]);
    ::close(sockets[1]);
    try {
        send(m_socket, job);
    } catch (const Error&) {
        // It ended at once: next() tells how.
    }
}

Worker::~Worker() {
    ::close(m_socket);
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
}

void Worker::start(const fs::path& program, const Host& host, int socket) {
    std::vector<std::string> entries = environmentOf(host);
    std::vector<char*> environment;
    std::ranges::transform(entries, std::back_inserter(environment),
                           [](std::string& entry) { return entry.data(); });
    environment.push_back(nullptr);
    std::string name = program.string();
    std::array<char*, 2> words{name.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    // What an op prints must not pass for a result of ours.
    ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    const int failed =
        ::posix_spawn(&m_pid, name.c_str(), &actions, nullptr, words.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        ::close(m_socket);
        ::close(socket);
        throw Error(ErrorKind::Io, fmt::format("{}: cannot be started: {}; build reprorec for this "
                                               "LibTorch (see: reprorec doctor)",
                                               name, std::strerror(failed)));
    }
}

std::optional<Outcome> Worker::next() {
    if (m_left == 0) {
        return std::nullopt;
    }
    auto outcome = receiveOutcome(m_socket);
    if (!outcome) {
        throw Error(ErrorKind::Torch, "repro-exec " + ending());
    }
    if (!outcome->error.empty()) {
        const std::string first = outcome->error.substr(0, outcome->error.find('\n'));
        throw Error(ErrorKind::Torch, "LibTorch refuses to run it again: " + first);
    }
    --m_left;
    return outcome;
}

std::string Worker::ending() {
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    if (WIFSIGNALED(status)) {
        return fmt::format("was ended by signal {} ({}) while it ran the op", WTERMSIG(status),
                           ::strsignal(WTERMSIG(status)));
    }
    return fmt::format("ended with status {} before the op was done", WEXITSTATUS(status));
}

} // namespace repro::replay::exec
