// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5.h"

#include "trace/error.h"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <span>
#include <utility>

namespace repro::trace::hdf5 {
namespace {

static_assert(std::is_same_v<hid_t, Id>);

/// Filters may add this much to a chunk and more than double none; a larger one is damaged.
constexpr std::size_t kChunkOverhead = 64;

/// Held around every use of the library: Debian's is thread-safe, others' are not, and the printing
/// of errors is a setting of the thread.
class Session {
public:
    Session() : m_lock(mutex()) {
        // The error stacks of threads that ended keep the library from closing itself at exit,
        // about which it complains on stderr. Every handle of ours is closed by its owner.
        static const bool leaveExitAlone = H5dont_atexit() >= 0;
        static_cast<void>(leaveExitAlone);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }

private:
    static std::recursive_mutex& mutex() {
        static std::recursive_mutex instance;
        return instance;
    }
    std::scoped_lock<std::recursive_mutex> m_lock;
};

/// What the library's error stack says, all entries, for texts that only the innermost knows.
std::string errorStack() {
    std::string text;
    const auto append = [](unsigned, const H5E_error2_t* entry, void* out) -> herr_t {
        *static_cast<std::string*>(out) += std::string(entry->desc) + "; ";
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, append, &text);
    return text;
}

/// The operating system's reason in an error stack ("No space left on device"), or a general one.
std::string systemReason(const std::string& stack) {
    constexpr std::string_view kMark = "error message = '";
    const auto at = stack.find(kMark);
    if (at == std::string::npos) {
        return "HDF5 refused";
    }
    const auto first = at + kMark.size();
    return stack.substr(first, stack.find('\'', first) - first);
}

Error writeError(const std::string& file, const std::string& what) {
    return {ErrorKind::Io,
            fmt::format("{}: cannot write {}: {}; free space or choose another place", file, what,
                        systemReason(errorStack()))};
}

[[noreturn]] void throwWrite(const std::string& file, const std::string& what) {
    throw writeError(file, what);
}

[[noreturn]] void throwDamaged(const std::string& file, const std::string& what) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: damaged: {} cannot be read; restore the file or record again",
                            file, what));
}

/// What carries attributes, and the file to name in errors.
struct Owner {
    Id id;
    const std::string& file;
};

// The closing functions as plain functions of Id.
int closeFile(Id id) {
    return H5Fclose(id);
}
int closeDataset(Id id) {
    return H5Dclose(id);
}
int closeType(Id id) {
    return H5Tclose(id);
}
int closeSpace(Id id) {
    return H5Sclose(id);
}
int closeProperties(Id id) {
    return H5Pclose(id);
}
int closeAttribute(Id id) {
    return H5Aclose(id);
}
int closeObject(Id id) {
    return H5Oclose(id);
}
int closeGroup(Id id) {
    return H5Gclose(id);
}

Id standardType(Element element) {
    const std::array<Id, 7> types = {H5T_STD_U8LE,  H5T_STD_I8LE,  H5T_STD_U16LE, H5T_STD_U32LE,
                                     H5T_STD_U64LE, H5T_STD_I64LE, H5T_IEEE_F64LE};
    return types.at(static_cast<std::size_t>(element));
}

Type typeOf(Handle handle) {
    const std::size_t size = H5Tget_size(handle.get());
    return {std::move(handle), size};
}

Type copyOf(Id type) {
    return typeOf(Handle(H5Tcopy(type), closeType));
}

/// A floating-point type of `size` bytes: sign bit on top, then exponent, then mantissa.
Type floatType(std::size_t size, std::size_t exponentBits, std::size_t bias) {
    Type type = copyOf(H5T_IEEE_F32LE);
    const std::size_t bits = size * 8;
    const std::size_t mantissa = bits - 1 - exponentBits;
    H5Tset_fields(type.handle.get(), bits - 1, mantissa, exponentBits, 0, mantissa);
    H5Tset_size(type.handle.get(), size);
    H5Tset_ebias(type.handle.get(), bias);
    type.size = size;
    return type;
}

/// With {r, i} h5py reads complex numbers.
Type complexType(const Type& part, const char* real = "r", const char* imaginary = "i") {
    Type type = typeOf(Handle(H5Tcreate(H5T_COMPOUND, part.size * 2), closeType));
    H5Tinsert(type.handle.get(), real, 0, part.handle.get());
    H5Tinsert(type.handle.get(), imaginary, part.size, part.handle.get());
    return type;
}

/// The enum that h5py reads as bool.
Type boolType() {
    Type type = typeOf(Handle(H5Tenum_create(H5T_STD_I8LE), closeType));
    const std::int8_t no = 0;
    const std::int8_t yes = 1;
    H5Tenum_insert(type.handle.get(), "FALSE", &no);
    H5Tenum_insert(type.handle.get(), "TRUE", &yes);
    return type;
}

Handle scalarSpace() {
    return {H5Screate(H5S_SCALAR), closeSpace};
}

void writeAttribute(const Owner& owner, const char* name, Id type, Id space, const void* data) {
    if (H5Aexists(owner.id, name) > 0) {
        H5Adelete(owner.id, name);
    }
    const Handle attribute(H5Acreate2(owner.id, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                           closeAttribute);
    if (!attribute.valid() || H5Awrite(attribute.get(), type, data) < 0) {
        throwWrite(owner.file, fmt::format("attribute {}", name));
    }
}

void writeFingerprint(const Owner& owner, const char* name, const Fingerprint& fingerprint) {
    const hsize_t count = 2;
    const Handle space(H5Screate_simple(1, &count, nullptr), closeSpace);
    const std::array<std::uint64_t, 2> words = {fingerprint.low, fingerprint.high};
    writeAttribute(owner, name, H5T_STD_U64LE, space.get(), words.data());
}

void writeText(const Owner& owner, const char* name, std::string_view text) {
    const Handle type(H5Tcopy(H5T_C_S1), closeType);
    // HDF5 has no strings of length 0: one NUL stands for the empty text.
    const std::string padded = text.empty() ? std::string(1, '\0') : std::string(text);
    H5Tset_size(type.get(), padded.size());
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    writeAttribute(owner, name, type.get(), scalarSpace().get(), padded.data());
}

struct OpenAttribute {
    Handle handle;
    Handle type;
    std::int64_t count = 0;
};

/// Returns: nothing where there is no such attribute. Throws: Error (Format) when it is unreadable.
std::optional<OpenAttribute> openAttribute(const Owner& owner, const char* name) {
    const auto exists = H5Aexists(owner.id, name);
    if (exists == 0) {
        return std::nullopt;
    }
    OpenAttribute attribute;
    attribute.handle = Handle(H5Aopen(owner.id, name, H5P_DEFAULT), closeAttribute);
    if (exists < 0 || !attribute.handle.valid()) {
        throwDamaged(owner.file, fmt::format("attribute {}", name));
    }
    attribute.type = Handle(H5Aget_type(attribute.handle.get()), closeType);
    const Handle space(H5Aget_space(attribute.handle.get()), closeSpace);
    attribute.count = H5Sget_simple_extent_npoints(space.get());
    return attribute;
}

std::optional<Fingerprint> readFingerprint(const Owner& owner, const char* name) {
    const auto attribute = openAttribute(owner, name);
    if (!attribute || attribute->count != 2 || H5Tget_class(attribute->type.get()) != H5T_INTEGER) {
        return std::nullopt;
    }
    std::array<std::uint64_t, 2> words{};
    if (H5Aread(attribute->handle.get(), H5T_NATIVE_UINT64, words.data()) < 0) {
        throwDamaged(owner.file, fmt::format("attribute {}", name));
    }
    return Fingerprint{words[0], words[1]};
}

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

std::vector<std::string> linksOf(const Owner& group) {
    std::vector<std::string> names;
    hsize_t index = 0;
    if (H5Literate(group.id, H5_INDEX_NAME, H5_ITER_INC, &index, collectName, &names) < 0) {
        throwDamaged(group.file, "the list of its groups");
    }
    return names;
}

void collectDatasets(const Owner& group, const std::string& prefix, int depth,
                     std::vector<std::string>& out) {
    for (const std::string& name : linksOf(group)) {
        const Handle object(H5Oopen(group.id, name.c_str(), H5P_DEFAULT), closeObject);
        if (!object.valid()) {
            throwDamaged(group.file, prefix + name);
        }
        const auto kind = H5Iget_type(object.get());
        if (kind == H5I_DATASET) {
            out.push_back(prefix + name);
        } else if (kind == H5I_GROUP && depth > 0) {
            collectDatasets({object.get(), group.file}, prefix + name + "/", depth - 1, out);
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

Handle::~Handle() {
    close();
}

bool Handle::close() {
    if (!valid()) {
        return true;
    }
    const Session session;
    return m_closer(std::exchange(m_id, -1)) >= 0;
}

void Handle::swap(Handle& other) noexcept {
    std::swap(m_id, other.m_id);
    std::swap(m_closer, other.m_closer);
}

std::size_t elementSize(Element element) {
    constexpr std::array<std::size_t, 7> kSizes = {1, 1, 2, 4, 8, 8, 8};
    return kSizes.at(static_cast<std::size_t>(element));
}

const char* elementName(Element element) {
    constexpr std::array<const char*, 7> kNames = {"u8", "i8", "u16", "u32", "u64", "i64", "f64"};
    return kNames.at(static_cast<std::size_t>(element));
}

Type columnType(Element element) {
    const Session session;
    return copyOf(standardType(element));
}

Type payloadType(DType dtype) {
    const Session session;
    switch (dtype) {
    case DType::Bool:
        return boolType();
    case DType::Int8:
    case DType::QInt8:
        return copyOf(H5T_STD_I8LE);
    case DType::UInt16:
        return copyOf(H5T_STD_U16LE);
    case DType::Int16:
        return copyOf(H5T_STD_I16LE);
    case DType::UInt32:
        return copyOf(H5T_STD_U32LE);
    case DType::Int32:
    case DType::QInt32:
        return copyOf(H5T_STD_I32LE);
    case DType::UInt64:
        return copyOf(H5T_STD_U64LE);
    case DType::Int64:
        return copyOf(H5T_STD_I64LE);
    case DType::Float16:
        return floatType(2, 5, 15);
    case DType::BFloat16:
        return floatType(2, 8, 127);
    case DType::Float32:
        return copyOf(H5T_IEEE_F32LE);
    case DType::Float64:
        return copyOf(H5T_IEEE_F64LE);
    case DType::ComplexHalf:
        // numpy has no complex number of halves, and h5py then refuses {r, i}.
        return complexType(floatType(2, 5, 15), "real", "imaginary");
    case DType::Complex64:
        return complexType(copyOf(H5T_IEEE_F32LE));
    case DType::Complex128:
        return complexType(copyOf(H5T_IEEE_F64LE));
    default:
        // 8-bit floats too: HDF5 would give their top exponent IEEE's meaning.
        return copyOf(H5T_STD_U8LE);
    }
}

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

void Dataset::setAttribute(const char* name, std::string_view text) {
    const Session session;
    writeText({m_handle.get(), m_file}, name, text);
}

void Dataset::setAttribute(const char* name, const Fingerprint& fingerprint) {
    const Session session;
    writeFingerprint({m_handle.get(), m_file}, name, fingerprint);
}

std::optional<Fingerprint> Dataset::fingerprintAttribute(const char* name) const {
    const Session session;
    return readFingerprint({m_handle.get(), m_file}, name);
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
    const Session session;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), closeProperties);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    Handle handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), closeFile);
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
    collectDatasets({m_handle.get(), m_path}, "", 1, paths);
    std::sort(paths.begin(), paths.end());
    return paths;
}

void File::setAttribute(const char* name, std::string_view text) {
    const Session session;
    writeText({m_handle.get(), m_path}, name, text);
}

void File::setAttribute(const char* name, std::uint64_t integer) {
    const Session session;
    writeAttribute({m_handle.get(), m_path}, name, H5T_STD_U64LE, scalarSpace().get(), &integer);
}

void File::setAttribute(const char* name, const Fingerprint& fingerprint) {
    const Session session;
    writeFingerprint({m_handle.get(), m_path}, name, fingerprint);
}

std::optional<std::string> File::textAttribute(const char* name) const {
    const Session session;
    const auto attribute = openAttribute({m_handle.get(), m_path}, name);
    if (!attribute || H5Tget_class(attribute->type.get()) != H5T_STRING ||
        H5Tis_variable_str(attribute->type.get()) > 0 || attribute->count != 1) {
        return std::nullopt;
    }
    std::string text(H5Tget_size(attribute->type.get()), '\0');
    if (H5Aread(attribute->handle.get(), attribute->type.get(), text.data()) < 0) {
        throwDamaged(m_path, fmt::format("attribute {}", name));
    }
    text.resize(text.find_last_not_of('\0') + 1);
    return text;
}

std::optional<std::uint64_t> File::integerAttribute(const char* name) const {
    const Session session;
    const auto attribute = openAttribute({m_handle.get(), m_path}, name);
    if (!attribute || H5Tget_class(attribute->type.get()) != H5T_INTEGER || attribute->count != 1) {
        return std::nullopt;
    }
    std::uint64_t integer = 0;
    if (H5Aread(attribute->handle.get(), H5T_NATIVE_UINT64, &integer) < 0) {
        throwDamaged(m_path, fmt::format("attribute {}", name));
    }
    return integer;
}

std::optional<Fingerprint> File::fingerprintAttribute(const char* name) const {
    const Session session;
    return readFingerprint({m_handle.get(), m_path}, name);
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
