// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <sys/uio.h>
#include <unistd.h>

namespace repro::host {

/// Reads memory that may be gone: the kernel refuses where we would crash. Returns: how many bytes
/// could be read.
inline std::size_t peek(const void* from, void* to, std::size_t size) {
    const iovec here{to, size};
    const iovec there{const_cast<void*>(from), size};
    const auto read = process_vm_readv(getpid(), &here, 1, &there, 1, 0);
    return read < 0 ? 0 : static_cast<std::size_t>(read);
}

} // namespace repro::host
