// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/folder_lock.h"
#include "trace/hdf5/region.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

/// What a recording was sent so far, in the order in which it came, kept in files beside the trace
/// until that is whole (FORMAT.md, "Journal"). Whatever ends the recorder, what was committed is
/// there: each segment is an HDF5 file that was closed before anything was stored into it, and from
/// then on only bytes of its one dataset are written.
namespace repro::trace {

/// One thread.
class JournalWriter {
public:
    /// Makes the folder, which may be there already, and the first segment. `header` as far as it
    /// is known. Throws: Error (Io).
    JournalWriter(std::filesystem::path folder, const Header& header);
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    /// Requires: the record is shorter than 4 GiB.
    void add(std::uint32_t tag, std::span<const std::byte> record);
    /// What was added so far survives this process. Throws: Error (Io), where the disk is full.
    void commit();
    /// The trace is whole: removes the segments, and the folder if nothing else is in it.
    void discard();

private:
    void begin(std::uint64_t bytes);
    [[nodiscard]] std::filesystem::path current() const;

    std::filesystem::path m_folder;
    Header m_header;
    FolderLock m_lock;
    std::uint32_t m_segments = 0;
    hdf5::Region m_region;
    std::uint64_t m_committed = 0; ///< bytes of records in the segment
    std::vector<std::byte> m_buffer;
};

/// Reads what was committed, also while it is still being written. One thread.
class JournalReader {
public:
    struct Entry {
        std::uint32_t tag = 0;
        std::span<const std::byte> record; ///< valid until the next call of next()
    };

    /// Throws: Error (Io, Format, Version).
    explicit JournalReader(std::filesystem::path folder);

    /// As it was when the recording began.
    [[nodiscard]] const Header& header() const { return m_header; }
    /// When something was committed last, in nanoseconds since 1970.
    [[nodiscard]] std::uint64_t changedNs() const { return m_region.changedNs(); }
    /// Throws: Error (Format) for a damaged segment.
    std::optional<Entry> next();

private:
    void open(std::uint32_t segment);
    void readCount();
    bool goOn();
    std::span<const std::byte> take(std::size_t bytes);
    [[noreturn]] void throwDamaged() const;

    std::filesystem::path m_folder;
    Header m_header;
    std::uint32_t m_segment = 0;
    hdf5::Region m_region;
    std::uint64_t m_committed = 0, m_at = 0; ///< bytes of records in the segment
    std::vector<std::byte> m_loaded;         ///< a part of the segment
    std::uint64_t m_loadedAt = 0;
};

/// Is the folder one that a recording leaves?
bool isJournal(const std::filesystem::path& folder);
/// Is it, and its recorder still there?
bool isLive(const std::filesystem::path& folder);
/// Is this the name of a file that a recording makes in its folder?
bool isOfJournal(const std::filesystem::path& name);

} // namespace repro::trace
