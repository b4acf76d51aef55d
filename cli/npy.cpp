// SPDX-License-Identifier: BSD-3-Clause
#include "cli/npy.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace repro::cli {

namespace {

/// NumPy's type with the same bits for a dtype that NumPy lacks.
NpyType bitsOf(trace::DType dtype, const char* descr) {
    return {
        descr, false,
        fmt::format("NumPy has no {}: written as the bits, '{}'", trace::dtypeName(dtype), descr)};
}

} // namespace

NpyType npyType(trace::DType dtype) {
    using trace::DType;
    switch (dtype) {
    case DType::Bool:
        return {"|b1", false, {}};
    case DType::UInt8:
        return {"|u1", false, {}};
    case DType::Int8:
        return {"|i1", false, {}};
    case DType::UInt16:
        return {"<u2", false, {}};
    case DType::Int16:
        return {"<i2", false, {}};
    case DType::UInt32:
        return {"<u4", false, {}};
    case DType::Int32:
        return {"<i4", false, {}};
    case DType::UInt64:
        return {"<u8", false, {}};
    case DType::Int64:
        return {"<i8", false, {}};
    case DType::Float16:
        return {"<f2", false, {}};
    case DType::Float32:
        return {"<f4", false, {}};
    case DType::Float64:
        return {"<f8", false, {}};
    case DType::Complex64:
        return {"<c8", false, {}};
    case DType::Complex128:
        return {"<c16", false, {}};
    case DType::ComplexHalf:
        return {"<f2", true,
                "NumPy has no complex32: written as pairs of '<f2', real and imaginary"};
    default:
        break;
    }
    switch (trace::dtypeSize(dtype)) {
    case 1:
        return bitsOf(dtype, "|u1");
    case 2:
        return bitsOf(dtype, "<u2");
    case 4:
        return bitsOf(dtype, "<u4");
    default:
        break;
    }
    throw Error(ErrorKind::Format,
                fmt::format("{}: elements of this type have no fixed size, so there is no .npy of "
                            "them; read payload/ of the trace with HDF5",
                            trace::dtypeName(dtype)));
}

std::string npyHeader(const NpyType& type, std::span<const std::int64_t> sizes) {
    std::string shape;
    for (const std::int64_t size : sizes) {
        shape += fmt::format("{}, ", size);
    }
    if (type.pairs) {
        shape += "2, ";
    }
    // A tuple of one needs its comma, the others only look better without.
    if (shape.size() > 2) {
        shape.resize(shape.size() - 2);
        shape += shape.find(',') == std::string::npos ? "," : "";
    }
    std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                                   type.descr, shape);
    constexpr std::size_t kPreamble = 10; // magic, version, length
    constexpr std::size_t kAlignment = 64;
    const std::size_t used = kPreamble + text.size() + 1;
    text.append((kAlignment - used % kAlignment) % kAlignment, ' ');
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(text.size() & 0xFFU);
    header += static_cast<char>(text.size() >> 8U);
    return header + text;
}

void writeNpy(const std::filesystem::path& path, const std::string& header,
              std::span<const std::byte> contents) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(header.data(), static_cast<std::streamsize>(header.size()));
    file.write(reinterpret_cast<const char*>(contents.data()),
               static_cast<std::streamsize>(contents.size()));
    file.close();
    if (!file) {
        throw Error(ErrorKind::Io, fmt::format("{}: cannot write: {}; choose another place with -o",
                                               path.string(), std::strerror(errno)));
    }
}

} // namespace repro::cli
