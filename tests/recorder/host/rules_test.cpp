// SPDX-License-Identifier: BSD-3-Clause
// The lists of recorder/host/rules.h against what LibTorch does: a sweep of ops under a callback of
// the test's own, which looks for arguments whose bytes change although the schema does not say so.
#include "recorder/host/rules.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace repro::host {
namespace {

std::set<std::string> g_unannotated; ///< "op:argument" seen to be written against the schema
bool g_busy = false;

struct Copy {
    at::Tensor tensor;
    std::vector<char> bytes;
    std::string key;
};

struct Context : at::ObserverContext {
    std::vector<Copy> copies;
    std::vector<const void*> written; ///< storages that the schema says are written
};

std::vector<char> bytesOf(const at::Tensor& tensor) {
    const char* data = static_cast<const char*>(tensor.data_ptr());
    return {data, data + tensor.nbytes()};
}

std::unique_ptr<at::ObserverContext> onStart(const at::RecordFunction& fn) {
    if (g_busy || !fn.operator_name()) {
        return nullptr;
    }
    g_busy = true;
    auto context = std::make_unique<Context>();
    const auto schema = *fn.operator_schema();
    for (std::size_t i = 0; i < fn.inputs().size() && i < schema.arguments().size(); ++i) {
        const auto& value = fn.inputs()[i];
        const auto* alias = schema.arguments()[i].alias_info();
        const bool annotated = alias != nullptr && alias->isWrite();
        if (annotated && value.isTensor() && value.toTensor().defined()) {
            context->written.push_back(value.toTensor().storage().data());
        }
        if (!annotated && value.isTensor() && value.toTensor().defined() &&
            value.toTensor().is_contiguous()) {
            context->copies.push_back({value.toTensor(), bytesOf(value.toTensor()),
                                       std::string(fn.name()) + ":" + std::to_string(i)});
        }
    }
    g_busy = false;
    return context;
}

void onEnd(const at::RecordFunction&, at::ObserverContext* given) {
    if (given == nullptr) {
        return;
    }
    const auto& context = *static_cast<Context*>(given);
    for (const Copy& copy : context.copies) {
        // mul_out(x, 2, x): the argument is written as `out`, which the schema tells.
        const bool told = std::count(context.written.begin(), context.written.end(),
                                     copy.tensor.storage().data()) > 0;
        if (!told && copy.bytes != bytesOf(copy.tensor)) {
            g_unannotated.insert(copy.key);
        }
    }
}

void sweep() {
    namespace F = torch::nn::functional;
    const auto handle = at::addGlobalCallback(
        at::RecordFunctionCallback(onStart, onEnd).needsInputs(true).needsOutputs(true));
    torch::manual_seed(1);
    const auto x = torch::randn({4, 6, 8, 8}).set_requires_grad(true);
    torch::nn::BatchNorm2d batch(6);
    torch::nn::InstanceNorm2d instance(
        torch::nn::InstanceNorm2dOptions(6).track_running_stats(true));
    torch::nn::GroupNorm group(2, 6);
    torch::nn::LayerNorm layer(torch::nn::LayerNormOptions({8}));
    torch::nn::Conv2d convolution(6, 5, 3);
    (batch(x) + instance(x) + group(x) + layer(x)).sum().backward();
    F::max_pool2d(F::relu(convolution(x)), F::MaxPool2dFuncOptions(2)).mean().backward();
    torch::nn::LSTM lstm(torch::nn::LSTMOptions(8, 8).num_layers(2).dropout(0.5));
    torch::nn::GRU gru(8, 8);
    const auto sequence = torch::randn({5, 3, 8});
    (std::get<0>(lstm(sequence)).sum() + std::get<0>(gru(sequence)).sum()).backward();
    torch::nn::Embedding embedding(torch::nn::EmbeddingOptions(10, 4).max_norm(0.5));
    torch::nn::EmbeddingBag bag(torch::nn::EmbeddingBagOptions(10, 4).max_norm(0.5));
    const auto ids = torch::randint(10, {3, 2}, torch::kLong);
    (embedding(ids).sum() + bag(ids).sum()).backward();
    torch::nn::MultiheadAttention attention(8, 2);
    std::get<0>(attention(sequence, sequence, sequence)).sum().backward();
    F::dropout(F::rrelu(F::alpha_dropout(sequence)), F::DropoutFuncOptions().p(0.5)).sum();
    torch::nn::Linear fc(8, 3);
    torch::optim::Adam adam(fc->parameters());
    torch::optim::SGD sgd(lstm->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
    F::cross_entropy(fc(sequence).view({15, 3}), torch::zeros({15}, torch::kLong)).backward();
    adam.step();
    sgd.step();
    at::sort(sequence);
    at::index_put(sequence, {torch::tensor({0, 1})}, torch::zeros({}));
    at::linalg_qr(torch::randn({5, 5}));
    at::removeCallback(handle);
}

TEST(RecorderRules, NameEveryArgumentThatIsWrittenAgainstTheSchema) {
    sweep();
    ASSERT_FALSE(g_unannotated.empty());
    for (const std::string& key : g_unannotated) {
        const std::size_t colon = key.find(':', key.find("::") + 2);
        const std::string op = key.substr(0, colon);
        const std::size_t argument = std::stoul(key.substr(colon + 1));
        EXPECT_TRUE(writesUnannotated(op, argument) || takesWorkspace(op, argument)) << key;
    }
}

TEST(RecorderRules, NameNormalisationsThatReallyWrite) {
    sweep();
    for (const char* key : {"aten::batch_norm:3", "aten::batch_norm:4", "aten::instance_norm:3",
                            "aten::instance_norm:4", "aten::native_batch_norm:3"}) {
        EXPECT_TRUE(g_unannotated.contains(key)) << key;
    }
}

TEST(RecorderRules, KnowOpsThatOnlyAllocate) {
    EXPECT_TRUE(allocatesOnly("aten::empty_like"));
    EXPECT_FALSE(allocatesOnly("aten::zeros"));
    EXPECT_TRUE(overwrites("aten::copy_"));
    EXPECT_FALSE(overwrites("aten::add_"));
}

} // namespace
} // namespace repro::host
