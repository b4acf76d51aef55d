// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/chunk_decoder.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The few HDF5 calls that a trace needs, each wrapped once. Private to trace/. HDF5's own printing
/// of errors is off; every failure is a repro::Error. Threads: one lock guards the library, so
/// objects may be used from several threads, each object from one at a time.
namespace repro::trace::hdf5 {

/// The first bytes of every file.
inline constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

/// HDF5's hid_t, so that no other file has to include its headers.
using Id = std::int64_t;

/// Owns one HDF5 identifier.
class Handle {
public:
    using Closer = int (*)(Id);
    Handle() = default;
    Handle(Id id, Closer closer) : m_id(id), m_closer(closer) {}
    Handle(Handle&& other) noexcept { swap(other); }
    Handle& operator=(Handle&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Handle();
    [[nodiscard]] Id get() const { return m_id; }
    [[nodiscard]] bool valid() const { return m_id >= 0; }
    /// Returns: whether the library closed it without trouble.
    bool close();

private:
    void swap(Handle& other) noexcept;
    Id m_id = -1;
    Closer m_closer = nullptr;
};

/// Element types of columns.
enum class Element : std::uint8_t { U8, I8, U16, U32, U64, I64, F64 };
std::size_t elementSize(Element element);
const char* elementName(Element element);

/// An HDF5 datatype together with the bytes of one element.
struct Type {
    Handle handle;
    std::size_t size = 0;
};
Type columnType(Element element);
/// Requires: dtypeSize(dtype) > 0.
Type payloadType(DType dtype);

struct Layout {
    std::uint64_t chunkRows = 1;
    int deflate = 0; ///< level, 0 = none
    bool shuffle = false;
    bool checksum = false; ///< fletcher32 of every chunk
};

/// One open one-dimensional dataset. Rows are in the dataset's own type, little endian.
class Dataset {
public:
    Dataset() = default;
    /// `file` is what errors name.
    Dataset(Handle handle, std::string file, std::string name);

    [[nodiscard]] bool valid() const { return m_handle.valid(); }
    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const std::string& file() const { return m_file; }
    [[nodiscard]] std::uint64_t rows() const { return m_rows; }
    [[nodiscard]] std::size_t rowSize() const { return m_type.size; }
    /// Whether it is of this type exactly.
    [[nodiscard]] bool holds(const Type& type) const;
    /// Bytes that its chunks take in the file.
    [[nodiscard]] std::uint64_t storedBytes() const;

    /// Writes rows from `first` on, extending the dataset where needed. Throws: Error (Io).
    void write(std::uint64_t first, std::uint64_t rows, const void* data);
    /// Requires: first + rows <= rows(). Throws: Error (Format) when a checksum fails.
    void read(std::uint64_t first, std::uint64_t rows, void* data) const;

    void setAttribute(const char* name, std::string_view text);
    void setAttribute(const char* name, const Fingerprint& fingerprint);
    [[nodiscard]] std::optional<Fingerprint> fingerprintAttribute(const char* name) const;

private:
    bool readChunk(std::uint64_t first, std::uint64_t rows, std::byte* data) const;

    Handle m_handle;
    std::string m_file;
    std::string m_name;
    Type m_type;
    std::uint64_t m_rows = 0;
    std::uint64_t m_chunkRows = 0; ///< 0: they cannot be decoded outside the library
    ChunkFilters m_filters;
};

/// One open file; its attributes are those of the root group.
class File {
public:
    File() = default; ///< none: for traces that are in memory only
    /// Throws: Error (Io).
    static File create(const std::filesystem::path& path);
    /// Throws: Error (Io, Format) with the reason: not HDF5, truncated, being written, damaged.
    static File open(const std::filesystem::path& path);
    /// The same, to change what is in it.
    static File openForChange(const std::filesystem::path& path);

    [[nodiscard]] const std::string& path() const { return m_path; }
    void createGroup(const std::string& path);
    /// A group or dataset, if there is one.
    void remove(const std::string& path);
    Dataset createDataset(const std::string& path, const Type& type, const Layout& layout);
    /// A dataset of bytes, one piece of the file, which is not written. See region.h.
    void reserve(const std::string& path, std::uint64_t bytes);
    /// Where such a dataset begins in the file, and its bytes. Throws: Error (Format).
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> placeOf(const std::string& path) const;
    /// Returns: an invalid dataset where there is none. Throws: Error (Format) for anything else.
    [[nodiscard]] Dataset openDataset(const std::string& path) const;
    /// Paths of every dataset at most two groups deep, sorted.
    [[nodiscard]] std::vector<std::string> datasets() const;

    void setAttribute(const char* name, std::string_view text);
    void setAttribute(const char* name, std::uint64_t integer);
    void setAttribute(const char* name, const Fingerprint& fingerprint);
    /// Empty where there is no such attribute, or it is of another type.
    [[nodiscard]] std::optional<std::string> textAttribute(const char* name) const;
    [[nodiscard]] std::optional<std::uint64_t> integerAttribute(const char* name) const;
    [[nodiscard]] std::optional<Fingerprint> fingerprintAttribute(const char* name) const;

    /// Writes everything out. Throws: Error (Io), for example when the disk is full.
    void close();

private:
    static File open(const std::filesystem::path& path, bool forChange);
    File(Handle handle, std::string path) : m_handle(std::move(handle)), m_path(std::move(path)) {}
    Handle m_handle;
    std::string m_path;
};

} // namespace repro::trace::hdf5
