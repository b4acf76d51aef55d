// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/rules.h"

#include <algorithm>
#include <array>

namespace repro::host {
namespace {

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& sorted, std::string_view op) {
    return std::binary_search(sorted.begin(), sorted.end(), op);
}

template <std::size_t N>
constexpr std::array<std::string_view, N> sorted(std::array<std::string_view, N> names) {
    std::sort(names.begin(), names.end());
    return names;
}

constexpr auto kAllocates = sorted(std::to_array<std::string_view>(
    {"aten::empty", "aten::empty_like", "aten::empty_strided", "aten::empty_permuted",
     "aten::empty_quantized", "aten::_empty_affine_quantized",
     "aten::_empty_per_channel_affine_quantized", "aten::new_empty", "aten::new_empty_strided",
     "aten::resize_", "aten::resize_as_", "aten::_resize_output_", "aten::resize",
     "aten::_resize_output"}));

constexpr auto kOverwrites = sorted(std::to_array<std::string_view>({"aten::fill_",
                                                                     "aten::zero_",
                                                                     "aten::copy_",
                                                                     "aten::_copy_from",
                                                                     "aten::_copy_from_and_resize",
                                                                     "aten::normal_",
                                                                     "aten::uniform_",
                                                                     "aten::bernoulli_",
                                                                     "aten::random_",
                                                                     "aten::exponential_",
                                                                     "aten::cauchy_",
                                                                     "aten::log_normal_",
                                                                     "aten::geometric_",
                                                                     "aten::set_",
                                                                     "aten::resize_",
                                                                     "aten::resize_as_",
                                                                     "aten::_resize_output_",
                                                                     "aten::eye_",
                                                                     "aten::_foreach_zero_",
                                                                     "aten::_foreach_copy_",
                                                                     "aten::arange_"}));

struct Argument {
    std::string_view op;
    std::size_t index;
};

template <std::size_t N>
bool contains(const Argument (&list)[N], std::string_view op, std::size_t index) {
    return std::any_of(std::begin(list), std::end(list), [&](const Argument& known) {
        return known.op == op && known.index == index;
    });
}

/// (input, weight, bias, running_mean, running_var, ...)
constexpr Argument kUnannotated[] = {
    {"aten::batch_norm", 3},
    {"aten::batch_norm", 4},
    {"aten::native_batch_norm", 3},
    {"aten::native_batch_norm", 4},
    {"aten::_batch_norm_impl_index", 3},
    {"aten::_batch_norm_impl_index", 4},
    {"aten::cudnn_batch_norm", 3},
    {"aten::cudnn_batch_norm", 4},
    {"aten::miopen_batch_norm", 3},
    {"aten::miopen_batch_norm", 4},
    {"aten::instance_norm", 3},
    {"aten::instance_norm", 4},
};

constexpr Argument kWorkspaces[] = {
    {"aten::mkldnn_rnn_layer", 3}, {"aten::_batch_norm_impl_index", 3},
    {"aten::cudnn_batch_norm", 3}, {"aten::_cudnn_rnn", 3},
    {"aten::_cudnn_rnn", 4},       {"aten::_fused_dropout", 2},
};

constexpr Argument kWorkspaceArguments[] = {
    {"aten::mkldnn_rnn_layer_backward", 22},
};

constexpr auto kAsksIdly =
    sorted(std::to_array<std::string_view>({"aten::empty",
                                            "aten::empty_like",
                                            "aten::empty_strided",
                                            "aten::empty_permuted",
                                            "aten::new_empty",
                                            "aten::new_empty_strided",
                                            "aten::resize_",
                                            "aten::resize_as_",
                                            "aten::_resize_output_",
                                            "aten::scalar_tensor",
                                            "aten::histc",
                                            "aten::kthvalue",
                                            "aten::masked_select",
                                            "aten::index_select",
                                            "aten::_embedding_bag",
                                            "aten::_embedding_bag_forward_only",
                                            "aten::nll_loss2d_forward",
                                            "aten::convolution",
                                            "aten::_convolution",
                                            "aten::convolution_backward",
                                            "aten::convolution_overrideable"}));

} // namespace

bool allocatesOnly(std::string_view op) {
    return contains(kAllocates, op);
}

bool overwrites(std::string_view op) {
    return contains(kOverwrites, op);
}

bool writesUnannotated(std::string_view op, std::size_t argument) {
    return contains(kUnannotated, op, argument);
}

bool isWorkspace(std::string_view op, std::size_t output) {
    return contains(kWorkspaces, op, output);
}

bool takesWorkspace(std::string_view op, std::size_t argument) {
    return contains(kWorkspaceArguments, op, argument);
}

bool asksWithoutConsequence(std::string_view op) {
    return contains(kAsksIdly, op);
}

} // namespace repro::host
