// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5/library.h"

#include <array>
#include <utility>

namespace repro::trace::hdf5 {
namespace {

Id standardType(Element element) {
    const std::array<Id, 7> types = {H5T_STD_U8LE,  H5T_STD_I8LE,  H5T_STD_U16LE, H5T_STD_U32LE,
                                     H5T_STD_U64LE, H5T_STD_I64LE, H5T_IEEE_F64LE};
    return types.at(static_cast<std::size_t>(element));
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

} // namespace

Type typeOf(Handle handle) {
    const std::size_t size = H5Tget_size(handle.get());
    return {std::move(handle), size};
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

} // namespace repro::trace::hdf5
