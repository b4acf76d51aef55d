// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/shape_readers.h"

#include <algorithm>
#include <array>

namespace repro::replay {
namespace {

constexpr int kAny = -1;

struct ShapeReader {
    std::string_view op;
    int argument;
};

/// From native_functions.yaml and the kernels: what these do with the argument is to ask its sizes,
/// strides, dtype or device.
constexpr std::array kShapeReaders = std::to_array<ShapeReader>({
    {"aten::empty_like", 0},
    {"aten::zeros_like", 0},
    {"aten::ones_like", 0},
    {"aten::full_like", 0},
    {"aten::rand_like", 0},
    {"aten::randn_like", 0},
    {"aten::randint_like", 0},
    {"aten::new_empty", 0},
    {"aten::new_empty_strided", 0},
    {"aten::new_zeros", 0},
    {"aten::new_ones", 0},
    {"aten::new_full", 0},
    {"aten::resize_as_", 1},
    {"aten::view_as", 1},
    {"aten::expand_as", 1},
    {"aten::reshape_as", 1},
    {"aten::type_as", 1},
    {"aten::is_same_size", kAny},
    {"aten::result_type", kAny},
    {"aten::_shape_as_tensor", 0},
    {"aten::_has_compatible_shallow_copy_type", kAny},
    {"aten::_dim_arange", 0},
    {"aten::size", 0},
    {"aten::stride", 0},
    {"aten::numel", 0},
    {"aten::dim", 0},
    {"aten::storage_offset", 0},
    {"aten::sym_size", 0},
    {"aten::sym_stride", 0},
    {"aten::sym_numel", 0},
    {"aten::sym_storage_offset", 0},
    {"aten::is_contiguous", 0},
    {"aten::is_floating_point", 0},
    {"aten::is_complex", 0},
    {"aten::is_signed", 0},
    {"aten::is_leaf", 0},
    {"aten::requires_grad_", 0},
    {"aten::retain_grad", 0},
    {"aten::_version", 0},
    {"aten::output_nr", 0},
});

} // namespace

bool readsBytes(std::string_view op, std::uint16_t argument) {
    return std::ranges::none_of(kShapeReaders, [&](const ShapeReader& known) {
        return known.op == op && (known.argument == kAny || known.argument == argument);
    });
}

} // namespace repro::replay
