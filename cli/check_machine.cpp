// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace repro::cli {

namespace {

/// Closes what it holds.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0) {
            close(m_fd);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

Check checkSharedMemory() {
    constexpr off_t kBytes = 1 << 20;
    const Descriptor memory(memfd_create("reprorec-doctor", MFD_CLOEXEC));
    if (memory.get() >= 0 && ftruncate(memory.get(), kBytes) == 0) {
        return {Check::Level::Ok, "shared memory (memfd_create)", {}};
    }
    return {Check::Level::Fail,
            fmt::format("no shared memory: memfd_create: {}", std::strerror(errno)),
            "allow memfd_create in the container's seccomp profile; Linux 3.17 or newer has it"};
}

Check checkSocket() {
    std::error_code unknown;
    const auto folder = std::filesystem::temp_directory_path(unknown);
    const auto path = folder / fmt::format("reprorec-doctor-{}", getpid());
    const char* const remedy = "set TMPDIR to a writable folder with a short name";
    sockaddr_un address{};
    if (unknown || path.string().size() >= sizeof address.sun_path) {
        return {Check::Level::Fail,
                fmt::format("no socket in the folder for temporary files '{}': {}", folder.string(),
                            unknown ? unknown.message() : "its name is too long"),
                remedy};
    }
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    const Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* named = reinterpret_cast<const sockaddr*>(&address);
    const bool works = bind(listener.get(), named, sizeof address) == 0 &&
                       listen(listener.get(), 1) == 0 &&
                       connect(client.get(), named, sizeof address) == 0;
    const int error = errno;
    unlink(path.c_str());
    if (works) {
        return {Check::Level::Ok, fmt::format("sockets in {}", folder.string()), {}};
    }
    return {Check::Level::Fail,
            fmt::format("no socket in {}: {}", folder.string(), std::strerror(error)), remedy};
}

Check checkPidfd() {
    const Descriptor self(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
    if (self.get() >= 0) {
        return {Check::Level::Ok, "process descriptors (pidfd_open)", {}};
    }
    return {Check::Level::Warn,
            fmt::format("no process descriptors: pidfd_open: {}", std::strerror(errno)),
            "use Linux 5.3 or newer, or allow pidfd_open in the container's seccomp profile"};
}

} // namespace

std::vector<Check> checkMachine() {
    return {checkSharedMemory(), checkSocket(), checkPidfd()};
}

} // namespace repro::cli
