// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/hdf5/hdf5.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace repro::trace::hdf5 {

/// A file with one dataset of bytes that HDF5 placed when it made the file. From then on its bytes
/// are read and written at their place in the file, without the library. One thread.
class Region {
public:
    Region() = default;
    Region(Region&& other) noexcept { swap(other); }
    Region& operator=(Region&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Region();

    /// Of a dataset that reserve() made, in a file that is closed. Throws: Error (Io, Format).
    static Region open(const std::filesystem::path& path, const std::string& dataset,
                       bool forChange);

    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// When its bytes were written last, in nanoseconds since 1970.
    [[nodiscard]] std::uint64_t changedNs() const;
    /// Throws: Error (Io), for example when the disk is full.
    void write(std::uint64_t at, std::span<const std::byte> bytes);
    /// What is not in the file is zero. Throws: Error (Io).
    void read(std::uint64_t at, std::span<std::byte> bytes) const;

private:
    void swap(Region& other) noexcept;

    std::string m_path;
    int m_descriptor = -1;
    std::uint64_t m_offset = 0, m_bytes = 0;
};

} // namespace repro::trace::hdf5
