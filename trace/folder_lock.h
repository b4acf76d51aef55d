// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <utility>

namespace repro::trace {

/// Says to other processes that a folder is in use, as long as it lives. The files in it are not
/// locked, for HDF5 would not open them then.
class FolderLock {
public:
    FolderLock() = default;
    enum class Kind { Holding, Asking }; ///< several may ask at once
    FolderLock(const std::filesystem::path& folder, Kind kind);
    FolderLock(FolderLock&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1)), m_taken(other.m_taken) {}
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

    /// Another holds it. A file system that cannot lock counts as free.
    [[nodiscard]] bool isTaken() const { return m_taken; }

private:
    int m_descriptor = -1;
    bool m_taken = false;
};

} // namespace repro::trace
