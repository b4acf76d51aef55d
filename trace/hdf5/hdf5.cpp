// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5/hdf5.h"

#include "trace/hdf5/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace repro::trace::hdf5 {
namespace {

/// Filters may add this much to a chunk and more than double none; a larger one is damaged.
constexpr std::size_t kChunkOverhead = 64;

[[noreturn]] void throwOpen(const std::string& file) {
    const std::string stack = errorStack();
    const auto says = [&](const char* text) { return stack.find(text) != std::string::npos; };
    if (says("truncated file")) {
        throw Error(ErrorKind::Format, file + ": truncated: its end is missing; copy it again");
    }
    if (says("unable to lock file")) {
        throw Error(ErrorKind::Io,
                    file + ": is still being written; wait for the recording to end");
    }
    if (says("already open for write")) {
        throw Error(ErrorKind::Format,
                    file + ": was never closed: its writer was killed; record again");
    }
    if (says("unable to open file: name")) {
        throw Error(ErrorKind::Io, file + ": " + systemReason(stack) + "; check its permissions");
    }
    throwDamaged(file, "its metadata");
}

herr_t collectName(Id, const char* name, const H5L_info_t*, void* out) {
    static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
}

std::vector<std::string> linksOf(Id group, const std::string& file) {
    std::vector<std::string> names;
    hsize_t index = 0;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &index, collectName, &names) < 0) {
        throwDamaged(file, "the list of its groups");
    }
    return names;
}

void collectDatasets(Id group, const std::string& file, const std::string& prefix, int depth,
                     std::vector<std::string>& out) {
    for (const std::string& name : linksOf(group, file)) {
        const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), closeObject);
        if (!object.valid()) {
            throwDamaged(file, prefix + name);
        }
        const auto kind = H5Iget_type(object.get());
        if (kind == H5I_DATASET) {
            out.push_back(prefix + name);
        } else if (kind == H5I_GROUP && depth > 0) {
            collectDatasets(object.get(), file, prefix + name + "/", depth - 1, out);
        }
    }
}

/// Whether every link of the path is there.
bool exists(Id file, const std::string& path) {
    for (auto slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        if (H5Lexists(file, path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) {
            return false;
        }
    }
    return H5Lexists(file, path.c_str(), H5P_DEFAULT) > 0;
}

/// File and memory space of a range of rows.
struct Range {
    Range(Id dataset, std::uint64_t first, std::uint64_t rows)
        : file(H5Dget_space(dataset), closeSpace) {
        const hsize_t start = first;
        const hsize_t count = rows;
        H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr);
        memory = Handle(H5Screate_simple(1, &count, nullptr), closeSpace);
    }
    Handle file;
    Handle memory;
};

/// Filters of a dataset, where they are ones that decodeChunk() undoes, in its order.
std::optional<ChunkFilters> filtersOf(Id create) {
    std::vector<H5Z_filter_t> found(static_cast<std::size_t>(std::max(H5Pget_nfilters(create), 0)));
    for (std::size_t i = 0; i < found.size(); ++i) {
        std::size_t values = 0;
        found[i] = H5Pget_filter2(create, static_cast<unsigned>(i), nullptr, &values, nullptr, 0,
                                  nullptr, nullptr);
    }
    const auto has = [&](H5Z_filter_t filter) {
        return std::find(found.begin(), found.end(), filter) != found.end();
    };
    const ChunkFilters filters{has(H5Z_FILTER_SHUFFLE), has(H5Z_FILTER_DEFLATE)};
    std::vector<H5Z_filter_t> known;
    if (filters.shuffle) {
        known.push_back(H5Z_FILTER_SHUFFLE);
    }
    if (filters.deflate) {
        known.push_back(H5Z_FILTER_DEFLATE);
    }
    known.push_back(H5Z_FILTER_FLETCHER32);
    return found == known ? std::optional(filters) : std::nullopt;
}

/// Bit n of `skipped`: the n-th filter left this chunk as it was, as deflate does with noise.
ChunkFilters without(ChunkFilters filters, std::uint32_t skipped) {
    const std::uint32_t deflate = filters.shuffle ? 2U : 1U;
    return {filters.shuffle && (skipped & 1U) == 0, filters.deflate && (skipped & deflate) == 0};
}

/// Every access is to whole chunks or past the cache's size, so a cache only costs memory.
Handle uncachedAccess() {
    Handle access(H5Pcreate(H5P_DATASET_ACCESS), closeProperties);
    H5Pset_chunk_cache(access.get(), 0, 0, 1.0);
    return access;
}

/// Keeps the links and attributes of a group in its object header: HDF5 1.10 crashes (frees memory
/// that it never took) while it lists a damaged group of the other kind.
Handle compactGroup(Id propertyClass) {
    constexpr unsigned kMost = 4096;
    Handle create(H5Pcreate(propertyClass), closeProperties);
    H5Pset_link_phase_change(create.get(), kMost, kMost / 2);
    H5Pset_attr_phase_change(create.get(), kMost, kMost / 2);
    return create;
}

} // namespace

Dataset::Dataset(Handle handle, std::string file, std::string name)
    : m_handle(std::move(handle)), m_file(std::move(file)), m_name(std::move(name)) {
    const Session session;
    m_type = typeOf(Handle(H5Dget_type(m_handle.get()), closeType));
    const Handle space(H5Dget_space(m_handle.get()), closeSpace);
    if (m_type.size == 0 || H5Sget_simple_extent_ndims(space.get()) != 1) {
        throwDamaged(m_file, fmt::format("{}, which should be a list,", m_name));
    }
    m_rows = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.get()));
    const Handle create(H5Dget_create_plist(m_handle.get()), closeProperties);
    hsize_t chunk = 0;
    const auto filters = filtersOf(create.get());
    if (filters && H5Pget_layout(create.get()) == H5D_CHUNKED &&
        H5Pget_chunk(create.get(), 1, &chunk) == 1) {
        m_chunkRows = chunk;
        m_filters = *filters;
    }
}

bool Dataset::holds(const Type& type) const {
    const Session session;
    return H5Tequal(m_type.handle.get(), type.handle.get()) > 0;
}

std::uint64_t Dataset::storedBytes() const {
    const Session session;
    return H5Dget_storage_size(m_handle.get());
}

void Dataset::write(std::uint64_t first, std::uint64_t rows, const void* data) {
    const Session session;
    const hsize_t before = m_rows;
    const hsize_t end = std::max<hsize_t>(before, first + rows);
    if (end > before && H5Dset_extent(m_handle.get(), &end) < 0) {
        throwWrite(m_file, m_name);
    }
    const Range range(m_handle.get(), first, rows);
    if (H5Dwrite(m_handle.get(), m_type.handle.get(), range.memory.get(), range.file.get(),
                 H5P_DEFAULT, data) < 0) {
        const Error error = writeError(m_file, m_name);
        H5Dset_extent(m_handle.get(), &before); // or rows that nobody wrote would read as zeros
        throw error;
    }
    m_rows = end;
}

void Dataset::read(std::uint64_t first, std::uint64_t rows, void* data) const {
    if (rows == 0 || readChunk(first, rows, static_cast<std::byte*>(data))) {
        return;
    }
    const Session session;
    const Range range(m_handle.get(), first, rows);
    if (H5Dread(m_handle.get(), m_type.handle.get(), range.memory.get(), range.file.get(),
                H5P_DEFAULT, data) < 0) {
        throwDamaged(m_file, m_name);
    }
}

/// The library only fetches the chunk, for all its filters would run under the one lock.
/// Returns: false where the rows are no whole chunk that it could be asked for.
bool Dataset::readChunk(std::uint64_t first, std::uint64_t rows, std::byte* data) const {
    const bool whole = rows == m_chunkRows || (rows < m_chunkRows && first + rows == m_rows);
    if (m_chunkRows == 0 || !whole || first % m_chunkRows != 0) {
        return false;
    }
    const std::size_t size = m_chunkRows * m_type.size;
    static thread_local std::vector<std::byte> stored, last; // used again
    std::uint32_t skipped = 0;
    {
        const Session session;
        const hsize_t offset = first;
        hsize_t storedSize = 0;
        if (H5Dget_chunk_storage_size(m_handle.get(), &offset, &storedSize) < 0 ||
            storedSize == 0 || storedSize > 2 * size + kChunkOverhead) {
            return false;
        }
        stored.resize(storedSize);
        if (H5Dread_chunk(m_handle.get(), H5P_DEFAULT, &offset, &skipped, stored.data()) < 0) {
            return false;
        }
    }
    last.resize(rows == m_chunkRows ? 0 : size);
    const std::span<std::byte> target = last.empty() ? std::span(data, size) : std::span(last);
    if (!decodeChunk(stored, without(m_filters, skipped), m_type.size, target)) {
        throwDamaged(m_file, m_name);
    }
    std::copy_n(last.begin(), last.empty() ? 0 : rows * m_type.size, data);
    return true;
}

File File::create(const std::filesystem::path& path) {
    const Session session;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), closeProperties);
    // The format of 1.10 checksums its metadata; older ones do not.
    H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    // Closing a property list clears the error stack, so each outlives the check.
    const Handle create = compactGroup(H5P_FILE_CREATE);
    Handle handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, create.get(), access.get()), closeFile);
    if (!handle.valid()) {
        throw Error(ErrorKind::Io, fmt::format("{}: cannot be created: {}; choose another place",
                                               path.string(), systemReason(errorStack())));
    }
    return {std::move(handle), path.string()};
}

File File::open(const std::filesystem::path& path) {
    return open(path, false);
}

File File::openForChange(const std::filesystem::path& path) {
    return open(path, true);
}

// The flags are macros that open the library: not before the session, which asks it to leave exit
// alone.
File File::open(const std::filesystem::path& path, bool forChange) {
    const Session session;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), closeProperties);
    if (forChange) {
        H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
    }
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    Handle handle(H5Fopen(path.c_str(), forChange ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access.get()),
                  closeFile);
    if (!handle.valid()) {
        throwOpen(path.string());
    }
    return {std::move(handle), path.string()};
}

void File::createGroup(const std::string& path) {
    const Session session;
    const Handle create = compactGroup(H5P_GROUP_CREATE);
    const Handle group(
        H5Gcreate2(m_handle.get(), path.c_str(), H5P_DEFAULT, create.get(), H5P_DEFAULT),
        closeGroup);
    if (!group.valid()) {
        throwWrite(m_path, path);
    }
}

void File::remove(const std::string& path) {
    const Session session;
    if (exists(m_handle.get(), path) && H5Ldelete(m_handle.get(), path.c_str(), H5P_DEFAULT) < 0) {
        throwWrite(m_path, path);
    }
}

Dataset File::createDataset(const std::string& path, const Type& type, const Layout& layout) {
    const Session session;
    const hsize_t rows = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const hsize_t chunk = layout.chunkRows;
    const Handle space(H5Screate_simple(1, &rows, &unlimited), closeSpace);
    const Handle create(H5Pcreate(H5P_DATASET_CREATE), closeProperties);
    H5Pset_chunk(create.get(), 1, &chunk);
    if (layout.shuffle) {
        H5Pset_shuffle(create.get());
    }
    if (layout.deflate > 0) {
        H5Pset_deflate(create.get(), static_cast<unsigned>(layout.deflate));
    }
    if (layout.checksum) {
        H5Pset_fletcher32(create.get());
    }
    const Handle access = uncachedAccess();
    Handle handle(H5Dcreate2(m_handle.get(), path.c_str(), type.handle.get(), space.get(),
                             H5P_DEFAULT, create.get(), access.get()),
                  closeDataset);
    if (!handle.valid()) {
        throwWrite(m_path, path);
    }
    return {std::move(handle), m_path, path};
}

void File::reserve(const std::string& path, std::uint64_t bytes) {
    const Session session;
    const hsize_t rows = bytes;
    const Handle space(H5Screate_simple(1, &rows, nullptr), closeSpace);
    const Handle create(H5Pcreate(H5P_DATASET_CREATE), closeProperties);
    H5Pset_alloc_time(create.get(), H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(create.get(), H5D_FILL_TIME_NEVER);
    const Handle dataset(H5Dcreate2(m_handle.get(), path.c_str(), H5T_STD_U8LE, space.get(),
                                    H5P_DEFAULT, create.get(), H5P_DEFAULT),
                         closeDataset);
    if (!dataset.valid()) {
        throwWrite(m_path, path);
    }
}

std::pair<std::uint64_t, std::uint64_t> File::placeOf(const std::string& path) const {
    const Session session;
    const Handle dataset(H5Dopen2(m_handle.get(), path.c_str(), H5P_DEFAULT), closeDataset);
    const haddr_t place = dataset.valid() ? H5Dget_offset(dataset.get()) : HADDR_UNDEF;
    if (place == HADDR_UNDEF) {
        throwDamaged(m_path, path);
    }
    return {place, H5Dget_storage_size(dataset.get())};
}

Dataset File::openDataset(const std::string& path) const {
    const Session session;
    if (!exists(m_handle.get(), path)) {
        return {};
    }
    Handle handle(H5Dopen2(m_handle.get(), path.c_str(), uncachedAccess().get()), closeDataset);
    if (!handle.valid()) {
        throwDamaged(m_path, path);
    }
    return {std::move(handle), m_path, path};
}

std::vector<std::string> File::datasets() const {
    const Session session;
    std::vector<std::string> paths;
    collectDatasets(m_handle.get(), m_path, "", 1, paths);
    std::sort(paths.begin(), paths.end());
    return paths;
}

void File::close() {
    const Session session;
    const bool flushed = H5Fflush(m_handle.get(), H5F_SCOPE_LOCAL) >= 0;
    const std::string stack = flushed ? std::string() : errorStack();
    const bool closed = m_handle.close();
    if (!flushed || !closed) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be completed: {}; free space and record again", m_path,
                                systemReason(flushed ? errorStack() : stack)));
    }
}

} // namespace repro::trace::hdf5
