// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/axis_names.h"

#include "replay/knowledge/text_file.h"
#include "replay/run/event_arguments.h"
#include "replay/run/locate.h"
#include "trace/arguments.h"

#include <algorithm>
#include <array>

namespace repro::gui {

using replay::splitAt;

namespace {

/// Words stand for each other. Names of one rank each, between bars: "?" has none, and "*" are as
/// many without a name as the rank leaves.
struct Convention {
    std::string_view of, slots, names;
};

// Ops without the underscore that some begin with.
constexpr std::string_view kConvolutions =
    "conv1d conv2d conv3d Conv1d Conv2d Conv3d convolution convolution_backward mkldnn_convolution "
    "cudnn_convolution miopen_convolution";
constexpr std::string_view kTransposed =
    "conv_transpose1d conv_transpose2d conv_transpose3d ConvTranspose1d ConvTranspose2d "
    "ConvTranspose3d transposed";
constexpr std::string_view kBatchNorms =
    "batch_norm batch_norm_impl_index native_batch_norm native_batch_norm_legit "
    "native_batch_norm_backward cudnn_batch_norm BatchNorm1d BatchNorm2d BatchNorm3d";
constexpr std::string_view kGroupNorms =
    "group_norm native_group_norm native_group_norm_backward GroupNorm";
constexpr std::string_view kInstanceNorms =
    "instance_norm InstanceNorm1d InstanceNorm2d InstanceNorm3d";
constexpr std::string_view kOfChannels =
    "weight bias running_mean running_var save_mean save_invstd out1 out2";
constexpr std::string_view kAttentions =
    "scaled_dot_product_attention scaled_dot_product_attention_math "
    "scaled_dot_product_flash_attention scaled_dot_product_efficient_attention "
    "scaled_dot_product_cudnn_attention scaled_dot_product_flash_attention_for_cpu";
constexpr std::string_view kPooled = "self input grad_output indices out0 out1";

// An op is in a line only if all slots of the line that it has are so called.
constexpr std::array kConventions = {
    Convention{"conv1d conv_transpose1d Conv1d ConvTranspose1d", "input out0", "C L|N C L"},
    Convention{"conv2d conv_transpose2d Conv2d ConvTranspose2d", "input out0", "C H W|N C H W"},
    Convention{"conv3d conv_transpose3d Conv3d ConvTranspose3d", "input out0", "C D H W|N C D H W"},
    Convention{"convolution convolution_backward transposed mkldnn_convolution cudnn_convolution "
               "miopen_convolution",
               "input self grad_output out0", "N C L|N C H W|N C D H W"},
    Convention{kConvolutions, "weight out1", "O I kW|O I kH kW|O I kD kH kW"},
    Convention{kTransposed, "weight out1", "I O kW|I O kH kW|I O kD kH kW"},
    Convention{kConvolutions, "bias out2", "O"},
    Convention{kTransposed, "bias out2", "O"},

    Convention{"linear Linear", "input", "* in"},
    Convention{"linear Linear", "weight", "out in"},
    Convention{"bilinear Bilinear", "weight", "out in1 in2"},
    Convention{"linear Linear bilinear Bilinear", "bias", "out"},
    Convention{"linear Linear bilinear Bilinear", "out0", "* out"},
    Convention{"mm", "self", "n m"},
    Convention{"addmm", "mat1", "n m"},
    Convention{"mm addmm", "mat2", "m p"},
    Convention{"addmm", "self", "p|n p"},
    Convention{"mm addmm", "out0", "n p"},
    Convention{"bmm", "self", "b n m"},
    Convention{"baddbmm", "batch1", "b n m"},
    Convention{"bmm", "mat2", "b m p"},
    Convention{"baddbmm", "batch2", "b m p"},
    Convention{"bmm baddbmm", "out0", "b n p"},

    Convention{kBatchNorms, "input grad_out out0", "N C|N C L|N C H W|N C D H W"},
    Convention{"instance_norm", "input out0", "N C *"},
    Convention{"InstanceNorm1d", "input out0", "C L|N C L"},
    Convention{"InstanceNorm2d", "input out0", "C H W|N C H W"},
    Convention{"InstanceNorm3d", "input out0", "C D H W|N C D H W"},
    Convention{kGroupNorms, "input grad_out out0", "N C *"},
    Convention{kBatchNorms, kOfChannels, "C"},
    Convention{kInstanceNorms, kOfChannels, "C"},
    Convention{kGroupNorms, kOfChannels, "C"},
    Convention{"layer_norm native_layer_norm native_layer_norm_backward rms_norm LayerNorm",
               "input grad_out weight bias out0", "* normalized"},

    Convention{"max_pool1d max_pool1d_with_indices avg_pool1d adaptive_avg_pool1d "
               "adaptive_max_pool1d MaxPool1d AvgPool1d AdaptiveAvgPool1d AdaptiveMaxPool1d",
               kPooled, "C L|N C L"},
    Convention{"max_pool2d max_pool2d_with_indices max_pool2d_with_indices_backward avg_pool2d "
               "avg_pool2d_backward adaptive_avg_pool2d adaptive_avg_pool2d_backward "
               "adaptive_max_pool2d adaptive_max_pool2d_backward mkldnn_max_pool2d max_unpool2d "
               "MaxPool2d AvgPool2d AdaptiveAvgPool2d AdaptiveMaxPool2d MaxUnpool2d",
               kPooled, "C H W|N C H W"},
    Convention{"upsample_nearest2d upsample_bilinear2d upsample_bicubic2d", kPooled, "N C H W"},
    Convention{"max_pool3d max_pool3d_with_indices max_pool3d_with_indices_backward avg_pool3d "
               "avg_pool3d_backward adaptive_avg_pool3d adaptive_avg_pool3d_backward "
               "adaptive_max_pool3d MaxPool3d AvgPool3d AdaptiveAvgPool3d AdaptiveMaxPool3d",
               kPooled, "C D H W|N C D H W"},

    Convention{"embedding embedding_bag Embedding EmbeddingBag", "weight", "V E"},
    Convention{"embedding Embedding", "out0", "* E"},
    Convention{"embedding_dense_backward", "grad_output", "* E"},
    Convention{"embedding_dense_backward", "out0", "V E"},
    Convention{"embedding_bag EmbeddingBag", "out0", "B E"},

    Convention{kAttentions, "query", "N Hq L E|* L E"},
    Convention{kAttentions, "key", "N H S E|* S E"},
    Convention{kAttentions, "value", "N H S Ev|* S Ev"},
    Convention{kAttentions, "out0", "N Hq L Ev|* L Ev"},
    Convention{kAttentions, "attn_mask", "* L S"},

    Convention{"cross_entropy_loss nll_loss nll_loss_nd nll_loss_forward", "self", "C|N C"},
    Convention{"nll_loss2d nll_loss2d_forward", "self", "N C H W"},
    Convention{"nll_loss2d nll_loss2d_forward", "target", "N H W"},
};

bool hasWord(std::string_view words, std::string_view word) {
    const auto all = splitAt(words, ' ');
    return std::ranges::find(all, word) != all.end();
}

/// Empty where the names are of another rank.
std::vector<QString> spread(std::string_view names, std::size_t rank) {
    std::vector<QString> axes;
    const auto words = splitAt(names, ' ');
    const bool open = hasWord(names, "*");
    if (open ? rank + 1 < words.size() : rank != words.size()) {
        return axes;
    }
    for (const std::string_view word : words) {
        if (word == "*") {
            axes.resize(axes.size() + rank + 1 - words.size());
        } else {
            axes.push_back(QString::fromUtf8(word.data(), std::ssize(word)));
        }
    }
    return axes;
}

std::string_view withoutPrefix(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::string_view typeOf(const trace::Reader& reader, const trace::Layer& layer) {
    const std::string_view type = reader.text(layer.type);
    return type.ends_with("Impl") ? type.substr(0, type.size() - 4) : type;
}

/// "weight" of "Net.fc.weight.grad", and the layer "Net.fc".
std::vector<QString> ofParameter(const replay::Run& run, std::uint64_t use, std::size_t rank) {
    const trace::Reader& reader = run.reader();
    const std::string_view name = reader.text(run.uses.name[use]);
    for (const trace::Layer& layer : reader.layers()) {
        const std::string_view path = reader.text(layer.path);
        if (name.size() > path.size() && name.starts_with(path) && name[path.size()] == '.') {
            const std::string_view rest = name.substr(path.size() + 1);
            auto axes = axisNames(typeOf(reader, layer), rest.substr(0, rest.find('.')), rank);
            if (!axes.empty()) {
                return axes;
            }
        }
    }
    return {};
}

bool isRowMajor(const replay::Run& run, trace::ValueId value) {
    const auto sizes = run.reader().list(run.values.sizes[value]);
    const auto strides = run.reader().list(run.values.strides[value]);
    std::int64_t dense = 1;
    for (std::size_t d = sizes.size(); d-- > 0; dense *= sizes[d]) {
        if (d >= strides.size() || strides[d] != dense) {
            return false;
        }
    }
    return true;
}

/// May the tensor be another view of the parameter whose name it has?
bool mayBeView(const replay::Run& run, std::uint64_t use) {
    const trace::EventId event = run.uses.event[use];
    const auto kind = static_cast<trace::EventKind>(run.events.kind[event]);
    const auto phase = static_cast<trace::Phase>(run.events.phase[event]);
    return kind != trace::EventKind::Gradient && kind != trace::EventKind::OptimizerStep &&
           !(phase == trace::Phase::Optimizer && isRowMajor(run, run.uses.value[use]));
}

/// The argument of the schema, or of a layer's forward; "out0".
std::string slotOf(const replay::Run& run, std::uint64_t use) {
    const trace::EventId event = run.uses.event[use];
    const std::size_t slot = run.uses.slot[use];
    if (run.isOutput(use)) {
        return replay::slotName(run, use);
    }
    if (static_cast<trace::EventKind>(run.events.kind[event]) == trace::EventKind::Layer) {
        return slot == 0 ? "input" : "";
    }
    const auto names = trace::argumentNames(run.reader().text(run.op(event).schema));
    return slot < names.size() ? names[slot] : "";
}

std::string_view whatOf(const replay::Run& run, trace::EventId event) {
    if (static_cast<trace::EventKind>(run.events.kind[event]) == trace::EventKind::Layer) {
        const auto layer = run.events.layer[event];
        return layer == trace::kNone32 ? "" : typeOf(run.reader(), run.reader().layers()[layer]);
    }
    const auto isTransposed = [](const replay::NamedArgument& argument) {
        return argument.name == "transposed" && argument.value == "true";
    };
    return std::ranges::any_of(replay::argumentsOf(run, event), isTransposed)
               ? "transposed"
               : withoutPrefix(withoutPrefix(run.opName(event), "aten::"), "_");
}

} // namespace

std::vector<QString> axisNames(std::string_view what, std::string_view slot, std::size_t rank) {
    for (const Convention& convention : kConventions) {
        if (!hasWord(convention.of, what) || !hasWord(convention.slots, slot)) {
            continue;
        }
        for (const std::string_view names : splitAt(convention.names, '|')) {
            if (auto axes = spread(names, rank); !axes.empty()) {
                return axes;
            }
        }
    }
    return {};
}

std::vector<QString> axisNames(const replay::Run& run, std::uint64_t use) {
    const std::size_t rank = run.reader().list(run.values.sizes[run.uses.value[use]]).size();
    auto axes = axisNames(whatOf(run, run.uses.event[use]), slotOf(run, use), rank);
    if (axes.empty() && !mayBeView(run, use)) {
        axes = ofParameter(run, use, rank);
    }
    axes.resize(rank);
    return axes;
}

} // namespace repro::gui
