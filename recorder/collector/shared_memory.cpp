// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/shared_memory.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace repro::collector {

int makeSharedMemory(const char* name, std::size_t bytes) {
    const int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor >= 0 && ftruncate(descriptor, static_cast<off_t>(bytes)) == 0) {
        fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
        return descriptor;
    }
    const int reason = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    throw Error(
        ErrorKind::Io,
        fmt::format("cannot make {} bytes of shared memory: {}; see `ulimit -n` and `ulimit -f`",
                    bytes, std::strerror(reason)));
}

} // namespace repro::collector
