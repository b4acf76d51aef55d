// SPDX-License-Identifier: BSD-3-Clause
#include "trace/folder_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace repro::trace {

FolderLock::FolderLock(const std::filesystem::path& folder, Kind kind)
    : m_descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    m_taken = m_descriptor >= 0 &&
              flock(m_descriptor, (kind == Kind::Holding ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 &&
              errno == EWOULDBLOCK;
}

FolderLock::~FolderLock() {
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
}

} // namespace repro::trace
