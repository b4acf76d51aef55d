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
constexpr std::array<std::string_view, N> sorted(const std::string_view (&names)[N]) {
    auto list = std::to_array(names);
    std::sort(list.begin(), list.end());
    return list;
}

constexpr auto kAllocates =
    sorted({"aten::empty", "aten::empty_like", "aten::empty_strided", "aten::empty_permuted",
            "aten::empty_quantized", "aten::_empty_affine_quantized",
            "aten::_empty_per_channel_affine_quantized", "aten::new_empty",
            "aten::new_empty_strided", "aten::resize_", "aten::resize_as_", "aten::_resize_output_",
            "aten::resize", "aten::_resize_output"});

constexpr auto kOverwrites = sorted({"aten::fill_",
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
                                     "aten::arange_",
                                     "c10d::_allgather_base_",
                                     "c10d::_reduce_scatter_base_",
                                     "c10d::allgather_",
                                     "c10d::allgather_coalesced_",
                                     "c10d::allgather_into_tensor_coalesced_",
                                     "c10d::alltoall_",
                                     "c10d::alltoall_base_",
                                     "c10d::gather_",
                                     "c10d::recv_",
                                     "c10d::recv_any_source_",
                                     "c10d::reduce_scatter_",
                                     "c10d::reduce_scatter_tensor_coalesced_",
                                     "c10d::scatter_"});

/// Their first argument is a pattern for what they make; queries have no other.
constexpr auto kTakesPattern = sorted({"aten::empty_like",
                                       "aten::full_like",
                                       "aten::ones_like",
                                       "aten::rand_like",
                                       "aten::randint_like",
                                       "aten::randn_like",
                                       "aten::zeros_like",
                                       "aten::new_empty",
                                       "aten::new_empty_strided",
                                       "aten::new_full",
                                       "aten::new_ones",
                                       "aten::new_zeros",
                                       "aten::_debug_has_internal_overlap",
                                       "aten::_has_compatible_shallow_copy_type",
                                       "aten::_has_same_storage_numel",
                                       "aten::_is_zerotensor",
                                       "aten::cudnn_is_acceptable",
                                       "aten::dim",
                                       "aten::element_size",
                                       "aten::get_device",
                                       "aten::is_conj",
                                       "aten::is_contiguous",
                                       "aten::is_distributed",
                                       "aten::is_floating_point",
                                       "aten::is_inference",
                                       "aten::is_neg",
                                       "aten::is_non_overlapping_and_dense",
                                       "aten::is_pinned",
                                       "aten::is_same_size",
                                       "aten::is_set_to",
                                       "aten::is_signed",
                                       "aten::is_strides_like_format",
                                       "aten::numel",
                                       "aten::result_type",
                                       "aten::retains_grad",
                                       "aten::size",
                                       "aten::storage_offset",
                                       "aten::stride",
                                       "aten::sym_is_contiguous",
                                       "aten::sym_numel",
                                       "aten::sym_size",
                                       "aten::sym_storage_offset",
                                       "aten::sym_stride",
                                       "_c10d_functional::_wrap_tensor_autograd",
                                       "_c10d_functional::wait_tensor",
                                       "c10d::barrier",
                                       "c10d::monitored_barrier_"});

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

constexpr Argument kPatterns[] = {
    {"aten::_has_compatible_shallow_copy_type", 1},
    {"aten::_has_same_storage_numel", 1},
    {"aten::expand_as", 1},
    {"aten::is_same_size", 1},
    {"aten::is_set_to", 1},
    {"aten::reshape_as", 1},
    {"aten::resize_as", 1},
    {"aten::resize_as_", 1},
    {"aten::result_type", 1},
    {"aten::to", 1}, // to.other
    {"aten::type_as", 1},
    {"aten::view_as", 1},
};

constexpr auto kSendsOnly = sorted({"c10d::barrier", "c10d::send"});

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

constexpr auto kAsksIdly = sorted({"aten::empty",
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
                                   "aten::convolution_overrideable"});

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

bool readsNoBytes(std::string_view op, std::size_t argument) {
    return (argument == 0 && contains(kTakesPattern, op)) || contains(kPatterns, op, argument);
}

bool isAsynchronous(std::string_view op) {
    return op.starts_with("_c10d_functional::") && op != "_c10d_functional::wait_tensor";
}

bool sendsOnly(std::string_view op) {
    return contains(kSendsOnly, op);
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
