// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/axis_names.h"
#include "tests/gui/fixture.h"
#include "trace/arguments.h"
#include "trace/writer.h"

#include <QStringList>

#include <array>
#include <filesystem>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

QString joined(const std::vector<QString>& axes) {
    QStringList words;
    for (const QString& axis : axes) {
        words += axis.isEmpty() ? QStringLiteral("?") : axis;
    }
    return words.join(u' ');
}

/// The name of an op in a declaration: "conv2d" of "aten::conv2d(...".
std::string opOf(const std::string& schema) {
    const std::string name = schema.substr(6, schema.find('(') - 6);
    return name.substr(0, name.find('.'));
}

// Declarations as LibTorch 2.13 has them.
constexpr const char* kConv2d =
    "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], "
    "SymInt[2] padding=[0, 0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor";
constexpr const char* kConvTranspose3d =
    "aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] "
    "stride=1, SymInt[3] padding=0, SymInt[3] output_padding=0, SymInt groups=1, SymInt[3] "
    "dilation=1) -> Tensor";
constexpr const char* kConvolutionBackward =
    "aten::convolution_backward(Tensor grad_output, Tensor input, Tensor weight, SymInt[]? "
    "bias_sizes, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] "
    "output_padding, SymInt groups, bool[3] output_mask) -> (Tensor, Tensor, Tensor)";
constexpr const char* kBatchNorm =
    "aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
    "running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor";
constexpr const char* kLinear = "aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> "
                                "Tensor";
constexpr const char* kAddmm = "aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar "
                               "beta=1, Scalar alpha=1) -> Tensor";
constexpr const char* kLayerNorm =
    "aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? "
    "bias=None, float eps=1e-05, bool cudnn_enable=True) -> Tensor";
constexpr const char* kMaxPool =
    "aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] "
    "padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)";
constexpr const char* kEmbedding =
    "aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool "
    "scale_grad_by_freq=False, bool sparse=False) -> Tensor";
constexpr const char* kAttention =
    "aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? "
    "attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, bool "
    "enable_gqa=False) -> Tensor";
constexpr const char* kRelu = "aten::relu(Tensor self) -> Tensor";

TEST(AxisNames, AreThoseThatLibTorchDocuments) {
    constexpr int kOut = -1; // the first output
    struct Case {
        const char* schema;
        int argument;
        std::size_t rank;
        const char* names;
    };
    for (const Case& c : {
             Case{kConv2d, 0, 4, "N C H W"},
             Case{kConv2d, 0, 3, "C H W"}, // without a batch
             Case{kConv2d, 1, 4, "O I kH kW"},
             Case{kConv2d, 2, 1, "O"},
             Case{kConv2d, kOut, 4, "N C H W"},
             Case{kConv2d, 0, 5, ""},
             Case{kConvTranspose3d, 1, 5, "I O kD kH kW"},
             Case{kConvolutionBackward, 0, 3, "N C L"},
             Case{kConvolutionBackward, 2, 3, "O I kW"},
             Case{kConvolutionBackward, kOut, 5, "N C D H W"},
             Case{kBatchNorm, 0, 2, "N C"},
             Case{kBatchNorm, kOut, 4, "N C H W"},
             Case{kBatchNorm, 3, 1, "C"},
             Case{kLinear, 0, 3, "? ? in"},
             Case{kLinear, 0, 1, "in"},
             Case{kLinear, 0, 0, ""},
             Case{kLinear, 1, 2, "out in"},
             Case{kLinear, kOut, 2, "? out"},
             Case{kAddmm, 0, 1, "p"},
             Case{kAddmm, 1, 2, "n m"},
             Case{kAddmm, 2, 2, "m p"},
             Case{kLayerNorm, 0, 3, "? ? normalized"},
             Case{kLayerNorm, 2, 1, "normalized"},
             Case{kMaxPool, kOut, 4, "N C H W"},
             Case{kEmbedding, 0, 2, "V E"},
             Case{kEmbedding, 1, 2, ""},
             Case{kEmbedding, kOut, 3, "? ? E"},
             Case{kAttention, 0, 4, "N Hq L E"},
             Case{kAttention, 1, 3, "? S E"},
             Case{kAttention, 3, 2, "L S"},
             Case{kAttention, kOut, 4, "N Hq L Ev"},
             Case{kRelu, 0, 4, ""},
         }) {
        const auto names = trace::argumentNames(c.schema);
        const std::string slot =
            c.argument == kOut ? "out0" : names.at(static_cast<std::size_t>(c.argument));
        EXPECT_EQ(joined(axisNames(opOf(c.schema), slot, c.rank)), QString::fromLatin1(c.names))
            << c.schema << " " << slot << " of rank " << c.rank;
    }
}

class AxisNamesOfRun : public test::ViewerTest {
protected:
    /// Of each tensor that an event reads and writes, in order.
    [[nodiscard]] QStringList of(std::string_view notation, trace::EventId event) const {
        const trace::Reader reader = repro::test::buildTrace(path("a.h5").toStdString(), notation);
        const replay::Run run(reader);
        QStringList all;
        for (const std::uint64_t use : run.usesOf(event)) {
            all += joined(axisNames(run, use));
        }
        return all;
    }
};

TEST_F(AxisNamesOfRun, FollowTheSchemaOfTheOp) {
    const std::string schema = std::string("schema conv2d ") + kConv2d + "\n";
    const std::string op = "conv2d %x:f32[2,3,8,8]=x %w:f32[4,3,3,3]=w -> %y:f32[2,4,6,6]=y\n";
    EXPECT_EQ(of(schema + op, 0), (QStringList{u"N C H W"_s, u"O I kH kW"_s, u"N C H W"_s}));
    // Without its declaration nothing says what an argument is; an output is one all the same.
    EXPECT_EQ(of(op, 0), (QStringList{u"? ? ? ?"_s, u"? ? ? ?"_s, u"N C H W"_s}));
    EXPECT_EQ(of("own::conv2d %x:f32[2,3,8,8]=x -> %y:f32[2,4,6,6]=y\n", 0),
              (QStringList{u"? ? ? ?"_s, u"? ? ? ?"_s}));
}

TEST_F(AxisNamesOfRun, OfATransposedConvolutionHaveTheInputFirst) {
    const std::string text = std::string("schema convolution_backward ") + kConvolutionBackward +
                             "\nconvolution_backward %g:f32[1,2,4,4]=g %x:f32[1,3,2,2]=x "
                             "%w:f32[3,2,3,3]=w -> %d:f32[1,3,2,2]=d | ";
    EXPECT_EQ(of(text + "args:T,T,T,0,0,0,0,true,0,1,0", 0)[2], u"I O kH kW"_s);
    EXPECT_EQ(of(text + "args:T,T,T,0,0,0,0,false,0,1,0", 0)[2], u"O I kH kW"_s);
}

/// An event of a layer "Net.fc" whose one use has a name.
struct Named {
    trace::EventKind kind = trace::EventKind::OptimizerStep;
    trace::Phase phase = trace::Phase::Optimizer;
    std::string name = "Net.fc.weight";
    std::array<std::int64_t, 2> strides = {3, 1};
};
QString ofNamed(const std::filesystem::path& path, const Named& named) {
    trace::Writer writer(path);
    trace::Layer layer;
    layer.path = writer.text("Net.fc");
    layer.type = writer.text("LinearImpl");
    writer.add(layer);
    writer.add(trace::Thread{});
    trace::Value value;
    value.dtype = trace::DType::Float32;
    value.sizes = writer.list(std::array<std::int64_t, 2>{2, 3});
    value.strides = writer.list(named.strides);
    value.elements = 6;
    trace::Use use;
    use.event = 0;
    use.value = writer.add(value, {});
    use.name = writer.text(named.name);
    trace::Event event;
    event.kind = named.kind;
    event.phase = named.phase;
    event.begin = 1;
    event.thread = 0;
    writer.begin(event);
    trace::EventEnd end;
    end.end = 2;
    end.phase = named.phase;
    end.firstUse = writer.add(std::array{use});
    end.useCount = 1;
    writer.end(0, end);
    writer.environment("{}");
    writer.finish({}, {});
    const trace::Reader reader(path);
    const replay::Run run(reader);
    return joined(axisNames(run, 0));
}

TEST_F(AxisNamesOfRun, OfAParameterAreThoseOfItsLayer) {
    const std::filesystem::path file = path("a.h5").toStdString();
    const auto of = [&](const Named& named) {
        std::filesystem::remove(file);
        return ofNamed(file, named);
    };
    const auto gradient = trace::EventKind::Gradient;
    const auto op = trace::EventKind::Op;
    EXPECT_EQ(of({}), u"out in"_s);
    EXPECT_EQ(of({.name = "Net.fc.weight.momentum_buffer"}), u"out in"_s);
    EXPECT_EQ(of({.kind = gradient, .name = "Net.fc.weight.grad"}), u"out in"_s);
    EXPECT_EQ(of({.name = "Net.fc.bias"}), u"? ?"_s);   // has another rank
    EXPECT_EQ(of({.name = "Net.fc2weight"}), u"? ?"_s); // is one of Net
    EXPECT_EQ(of({.kind = op}), u"out in"_s);
    // What may be the transposed weight has its name, too.
    EXPECT_EQ(of({.kind = op, .strides = {1, 2}}), u"? ?"_s);
    EXPECT_EQ(of({.kind = op, .phase = trace::Phase::Forward}), u"? ?"_s);
}

} // namespace
} // namespace repro::gui
