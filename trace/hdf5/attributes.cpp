// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5/library.h"

#include <fmt/format.h>

#include <array>

namespace repro::trace::hdf5 {
namespace {

/// What carries attributes, and the file to name in errors.
struct Owner {
    Id id;
    const std::string& file;
};

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

} // namespace

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

} // namespace repro::trace::hdf5
