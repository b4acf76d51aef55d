// SPDX-License-Identifier: BSD-3-Clause
#include "replay/exec/operands.h"

#include "trace/error.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>
#include <span>

namespace repro::replay::exec {
namespace {

/// LibTorch's numbers of the dtypes change between releases, their names do not.
constexpr const char* kTorchNames[trace::kDTypeCount] = {
    "Undefined",
    "Bool",
    "Byte",
    "Char",
    "UInt16",
    "Short",
    "UInt32",
    "Int",
    "UInt64",
    "Long",
    "Half",
    "BFloat16",
    "Float",
    "Double",
    "ComplexHalf",
    "ComplexFloat",
    "ComplexDouble",
    "QInt8",
    "QUInt8",
    "QInt32",
    "QUInt4x2",
    "QUInt2x4",
    "Float8_e5m2",
    "Float8_e4m3fn",
    "Float8_e5m2fnuz",
    "Float8_e4m3fnuz",
    "Float8_e8m0fnu",
    "Float4_e2m1fn_x2",
    "",
};

at::ScalarType torchType(trace::DType dtype) {
    for (int i = 0; i < static_cast<int>(at::ScalarType::NumOptions); ++i) {
        const auto type = static_cast<at::ScalarType>(i);
        if (std::strcmp(c10::toString(type), kTorchNames[static_cast<int>(dtype)]) == 0) {
            return type;
        }
    }
    throw Error(ErrorKind::Torch,
                std::string("this LibTorch has no dtype ") + trace::dtypeName(dtype));
}

trace::DType traceType(at::ScalarType type) {
    for (int i = 1; i < trace::kDTypeCount; ++i) {
        if (std::strcmp(c10::toString(type), kTorchNames[i]) == 0) {
            return static_cast<trace::DType>(i);
        }
    }
    return trace::DType::Other;
}

/// Copies dense contents to where the strides say. Returns: what is left of them.
const std::byte* scatter(const std::byte* from, std::byte* to, std::span<const std::int64_t> sizes,
                         std::span<const std::int64_t> strides, std::size_t itemBytes) {
    if (sizes.empty()) {
        std::memcpy(to, from, itemBytes);
        return from + itemBytes;
    }
    for (std::int64_t i = 0; i < sizes[0]; ++i) {
        from = scatter(from, to + i * strides[0] * static_cast<std::int64_t>(itemBytes),
                       sizes.subspan(1), strides.subspan(1), itemBytes);
    }
    return from;
}

bool isDense(const Operand& operand) {
    std::int64_t expected = 1;
    for (std::size_t d = operand.sizes.size(); d-- > 0;) {
        if (operand.sizes[d] != 1 && operand.strides[d] != expected) {
            return false;
        }
        expected *= operand.sizes[d];
    }
    return true;
}

void fill(const Operand& operand, std::byte* place, std::size_t itemBytes) {
    if (operand.contents.empty()) {
        return;
    }
    if (isDense(operand)) {
        std::memcpy(place, operand.contents.data(), operand.contents.size());
    } else {
        scatter(operand.contents.data(), place, operand.sizes, operand.strides, itemBytes);
    }
}

/// An empty tensor. One that requires a gradient does so as the result of an op: a leaf could not
/// be written in place.
at::Tensor emptyTensor(at::ScalarType type, bool requiresGrad) {
    at::Tensor tensor = at::empty({0}, type);
    return requiresGrad ? tensor.requires_grad_(true).mul(1) : tensor;
}

} // namespace

std::vector<at::Tensor> makeOperands(const Job& job) {
    std::vector<at::Tensor> storages;
    for (const std::uint64_t bytes : job.storages) {
        storages.push_back(at::zeros({static_cast<std::int64_t>(bytes)}, at::kByte));
    }
    std::vector<at::Tensor> operands;
    for (const Operand& operand : job.operands) {
        const at::ScalarType type = torchType(operand.dtype);
        const std::size_t itemBytes = c10::elementSize(type);
        const at::Tensor& storage = storages.at(operand.storage);
        at::Tensor tensor = emptyTensor(type, operand.requiresGrad);
        at::TensorImpl& impl = *tensor.unsafeGetTensorImpl();
        impl.set_storage_keep_dtype(storage.storage());
        impl.set_sizes_and_strides(operand.sizes, operand.strides,
                                   static_cast<std::int64_t>(operand.offset / itemBytes));
        if (operand.isNumber) {
            impl.set_wrapped_number(true);
        }
        fill(operand, static_cast<std::byte*>(storage.data_ptr()) + operand.offset, itemBytes);
        operands.push_back(std::move(tensor));
    }
    return operands;
}

Result resultOf(const at::Tensor& tensor) {
    Result result;
    result.dtype = traceType(tensor.scalar_type());
    result.sizes = tensor.sizes().vec();
    if (tensor.layout() != at::kStrided || tensor.is_quantized()) {
        throw Error(ErrorKind::Torch, "returns a tensor that is sparse or quantised");
    }
    const at::Tensor dense = tensor.detach().resolve_conj().resolve_neg().cpu().contiguous();
    const auto* first = static_cast<const std::byte*>(dense.data_ptr());
    result.contents.assign(first, first + dense.nbytes());
    return result;
}

} // namespace repro::replay::exec
