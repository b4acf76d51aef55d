// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/dtype.h"

#include "recorder/host/torch_version.h"

#include <array>
#include <cstring>

namespace repro::host {
namespace {

trace::DType byName(const char* name) {
    using trace::DType;
    struct Pair {
        const char* name;
        DType dtype;
    };
    static constexpr Pair kPairs[] = {
        {"Bool", DType::Bool},
        {"Byte", DType::UInt8},
        {"Char", DType::Int8},
        {"UInt16", DType::UInt16},
        {"Short", DType::Int16},
        {"UInt32", DType::UInt32},
        {"Int", DType::Int32},
        {"UInt64", DType::UInt64},
        {"Long", DType::Int64},
        {"Half", DType::Float16},
        {"BFloat16", DType::BFloat16},
        {"Float", DType::Float32},
        {"Double", DType::Float64},
        {"ComplexHalf", DType::ComplexHalf},
        {"ComplexFloat", DType::Complex64},
        {"ComplexDouble", DType::Complex128},
        {"QInt8", DType::QInt8},
        {"QUInt8", DType::QUInt8},
        {"QInt32", DType::QInt32},
        {"QUInt4x2", DType::QUInt4x2},
        {"QUInt2x4", DType::QUInt2x4},
        {"Float8_e5m2", DType::Float8E5M2},
        {"Float8_e4m3fn", DType::Float8E4M3FN},
        {"Float8_e5m2fnuz", DType::Float8E5M2FNUZ},
        {"Float8_e4m3fnuz", DType::Float8E4M3FNUZ},
        {"Float8_e8m0fnu", DType::Float8E8M0FNU},
        {"Float4_e2m1fn_x2", DType::Float4E2M1FNX2},
    };
    for (const Pair& pair : kPairs) {
        if (std::strcmp(pair.name, name) == 0) {
            return pair.dtype;
        }
    }
    return DType::Other;
}

} // namespace

trace::DType toDType(c10::ScalarType type) {
    constexpr std::size_t kCount = static_cast<std::size_t>(c10::ScalarType::NumOptions);
    static const auto kTable = [] {
        std::array<trace::DType, kCount> table{};
        for (std::size_t i = 0; i < kCount; ++i) {
            table[i] = byName(c10::toString(static_cast<c10::ScalarType>(i)));
        }
        return table;
    }();
    const auto index = static_cast<std::size_t>(type);
    return index < kCount ? kTable[index] : trace::DType::Other;
}

} // namespace repro::host
