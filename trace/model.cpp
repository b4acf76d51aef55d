// SPDX-License-Identifier: BSD-3-Clause
#include "trace/model.h"

#include <array>

namespace repro::trace {
namespace {

struct DTypeFacts {
    const char* name;
    std::uint32_t size;
};

// In the order of DType; the numbers are FORMAT.md's ("Element types").
constexpr std::array<DTypeFacts, kDTypeCount> kDTypes = {{
    {"undefined", 0},       {"bool", 1},
    {"uint8", 1},           {"int8", 1},
    {"uint16", 2},          {"int16", 2},
    {"uint32", 4},          {"int32", 4},
    {"uint64", 8},          {"int64", 8},
    {"float16", 2},         {"bfloat16", 2},
    {"float32", 4},         {"float64", 8},
    {"complex32", 4},       {"complex64", 8},
    {"complex128", 16},     {"qint8", 1},
    {"quint8", 1},          {"qint32", 4},
    {"quint4x2", 1},        {"quint2x4", 1},
    {"float8_e5m2", 1},     {"float8_e4m3fn", 1},
    {"float8_e5m2fnuz", 1}, {"float8_e4m3fnuz", 1},
    {"float8_e8m0fnu", 1},  {"float4_e2m1fn_x2", 1},
    {"other", 0},
}};

const DTypeFacts& factsOf(DType dtype) {
    const auto index = static_cast<std::size_t>(dtype);
    // A number from a damaged or newer file is one that this version does not know.
    return index < kDTypes.size() ? kDTypes[index] : kDTypes.back();
}

} // namespace

std::string unrecordedText(std::uint64_t children) {
    if (children == 0) {
        return {};
    }
    return std::to_string(children) + (children == 1 ? " forked child" : " forked children") +
           " ran LibTorch and " + (children == 1 ? "is" : "are") + " not recorded";
}

const char* dtypeName(DType dtype) {
    return factsOf(dtype).name;
}

std::uint32_t dtypeSize(DType dtype) {
    return factsOf(dtype).size;
}

} // namespace repro::trace
