// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/listener.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace repro::collector {
namespace {

constexpr int kLongestPollMs = 100; ///< where the system lets us have no eventfd

std::string makePrivateFolder() {
    std::error_code error;
    auto folder = std::filesystem::temp_directory_path(error);
    // A deep TMPDIR would not leave room for the name of a socket.
    constexpr std::size_t kLongest = 60;
    if (error || folder.native().size() > kLongest) {
        folder = "/tmp";
    }
    std::string name = (folder / "reprorec-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw Error(ErrorKind::Io, fmt::format("cannot make a folder in {}: {}; set TMPDIR",
                                               folder.string(), std::strerror(errno)));
    }
    return name;
}

int listenAt(const std::string& path) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0 || bind(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(made, SOMAXCONN) != 0) {
        const int reason = errno;
        if (made >= 0) {
            close(made);
        }
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot listen: {}; set TMPDIR", path, std::strerror(reason)));
    }
    return made;
}

bool receiveAll(int connection, void* data, std::size_t size) {
    ssize_t got = 0;
    do {
        got = recv(connection, data, size, MSG_WAITALL);
    } while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(size);
}

bool receive(int connection, wire::Request& request) {
    const timeval limit = {2, 0};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const bool whole = receiveAll(connection, &request, sizeof request);
    request.torchVersion[sizeof request.torchVersion - 1] = '\0';
    request.rank[sizeof request.rank - 1] = '\0';
    return whole && request.version == wire::kProtocolVersion;
}

void reply(int connection, const wire::Reply& answer, int descriptor) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    wire::Reply copy = answer;
    iovec piece = {&copy, sizeof copy};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    while (sendmsg(connection, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

/// As the kernel tells it: a host in a namespace of its own does not know its number here.
pid_t peerOf(int connection) {
    ucred peer = {};
    socklen_t length = sizeof peer;
    getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length);
    return peer.pid;
}

} // namespace

Listener::Listener(MakeSession makeSession)
    : m_makeSession(std::move(makeSession)), m_folder(makePrivateFolder()),
      m_socketPath(m_folder + "/socket") {
    try {
        m_socket = listenAt(m_socketPath);
        m_wake = eventfd(0, EFD_CLOEXEC);
        // Signals are for the thread that waits for the program.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        m_thread = std::thread([this] { run(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    } catch (...) {
        closeSockets();
        throw;
    }
}

Listener::~Listener() {
    stop();
    closeSockets();
}

void Listener::closeSockets() {
    for (const int descriptor : {m_socket, m_wake}) {
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

void Listener::stop() {
    if (m_thread.joinable()) {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        eventfd_write(m_wake, 1);
        m_thread.join();
    }
}

void Listener::run() {
    std::vector<std::unique_ptr<Session>> sessions;
    pollfd entries[] = {{m_socket, POLLIN, 0}, {m_wake, POLLIN, 0}};
    bool ending = false;
    while (!ending) {
        poll(entries, std::size(entries), kLongestPollMs);
        {
            const std::lock_guard lock(m_mutex);
            ending = m_ending;
        }
        acceptAll(sessions);
    }
}

void Listener::acceptAll(std::vector<std::unique_ptr<Session>>& sessions) {
    int connection = -1;
    while ((connection = accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
        try {
            answer(connection, sessions);
        } catch (const std::exception& error) {
            reply(connection, wire::Reply{.status = 1}, -1);
            const std::lock_guard lock(m_mutex);
            m_failures.emplace_back(error.what());
        }
        close(connection);
    }
}

void Listener::answer(int connection, std::vector<std::unique_ptr<Session>>& sessions) {
    wire::Request request;
    if (!receive(connection, request)) {
        return;
    }
    switch (request.kind) {
    case wire::RequestKind::Attach:
        attach(connection, request, peerOf(connection), sessions);
        break;
    case wire::RequestKind::Ring:
    case wire::RequestKind::Passes: {
        Session* session =
            request.session < sessions.size() ? sessions[request.session].get() : nullptr;
        const bool own = session != nullptr && session->watch().pid() == peerOf(connection);
        if (own && !session->finished()) {
            request.kind == wire::RequestKind::Ring ? grant(connection, request, *session)
                                                    : judge(connection, request, *session);
        }
        break;
    }
    case wire::RequestKind::Refused: {
        const std::lock_guard lock(m_mutex);
        m_refusals.emplace_back(request.torchVersion);
        break;
    }
    }
}

void Listener::attach(int connection, const wire::Request& request, pid_t pid,
                      std::vector<std::unique_ptr<Session>>& sessions) {
    Process process{.pid = pid,
                    .number = static_cast<int>(sessions.size()) + 1,
                    .rank = request.rank,
                    .torchVersion = request.torchVersion,
                    .commandLine = commandLineOf(pid)};
    for (const auto& earlier : sessions) {
        if (earlier->watch().pid() == pid && !earlier->finished()) {
            earlier->supersede();
        }
    }
    sessions.push_back(m_makeSession(std::move(process)));
    Session& session = *sessions.back();
    {
        // Known before the host can go on and end.
        const std::lock_guard lock(m_mutex);
        m_new.push_back(&session);
    }
    wire::Reply answer;
    answer.session = sessions.size() - 1;
    reply(connection, answer, session.controlDescriptor());
    session.controlSent();
}

void Listener::grant(int connection, const wire::Request& request, Session& session) {
    const Session::Grant granted = session.grantRing(request.threadId);
    wire::Reply answer;
    answer.session = request.session;
    answer.ringBytes = session.ringBytes();
    answer.ring = granted.ring;
    answer.reused = granted.reused ? 1 : 0;
    reply(connection, answer, granted.descriptor);
    session.ringSent(granted);
}

void Listener::judge(int connection, const wire::Request& request, Session& session) {
    std::string name(std::min(request.nameLength, wire::kLongestName), '\0');
    const bool whole = name.empty() || receiveAll(connection, name.data(), name.size());
    const bool passes = whole && session.passes(request.filter, name);
    wire::Reply answer;
    answer.status = passes ? 0 : 1;
    reply(connection, answer, -1);
}

std::vector<Session*> Listener::takeNew() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_new, {});
}

std::vector<std::string> Listener::refusals() const {
    const std::lock_guard lock(m_mutex);
    return m_refusals;
}

std::vector<std::string> Listener::failures() const {
    const std::lock_guard lock(m_mutex);
    return m_failures;
}

} // namespace repro::collector
