// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace repro::trace {

/// Says to other processes that a folder is in use, as long as it lives. The files in it are not
/// locked, for HDF5 would not open them then.
class FolderLock {
public:
    enum class Kind { Holding, Asking }; ///< several may ask at once
    FolderLock(const std::filesystem::path& folder, Kind kind);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// Another holds it. A file system that cannot lock counts as free.
    [[nodiscard]] bool isTaken() const { return m_taken; }

private:
    int m_descriptor;
    bool m_taken;
};

} // namespace repro::trace
