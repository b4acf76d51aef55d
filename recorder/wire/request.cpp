// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/wire/request.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace repro::wire {
namespace {

/// A collector that does not answer in this time is taken for dead.
constexpr int kTimeoutSeconds = 10;

bool connectTo(int descriptor, const char* socketPath) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(socketPath);
    if (length >= sizeof address.sun_path) {
        return false;
    }
    std::memcpy(address.sun_path, socketPath, length);
    const timeval limit = {kTimeoutSeconds, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int result = 0;
    do {
        result = connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } while (result != 0 && errno == EINTR);
    return result == 0 || errno == EISCONN;
}

bool sendAll(int descriptor, const void* data, std::size_t size) {
    const auto* bytes = static_cast<const char*>(data);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t sent = send(descriptor, bytes + done, size - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(sent);
    }
    return true;
}

int receive(int descriptor, Reply* reply) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    iovec piece = {reply, sizeof *reply};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = 0;
    do {
        got = recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    } while (got < 0 && errno == EINTR);
    int received = -1;
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (got > 0 && header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        std::memcpy(&received, CMSG_DATA(header), sizeof received);
    }
    if (received >= 0 && got != static_cast<ssize_t>(sizeof *reply)) {
        close(received);
        received = -1;
    }
    return received;
}

} // namespace

int ask(const char* socketPath, const Request& request, Reply* reply, const char* name) {
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    int received = -1;
    if (connectTo(descriptor, socketPath) && sendAll(descriptor, &request, sizeof request) &&
        sendAll(descriptor, name, request.nameLength)) {
        received = receive(descriptor, reply);
    }
    close(descriptor);
    return received;
}

bool tell(const char* socketPath, const Request& request) {
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return false;
    }
    const bool sent =
        connectTo(descriptor, socketPath) && sendAll(descriptor, &request, sizeof request);
    close(descriptor);
    return sent;
}

} // namespace repro::wire
