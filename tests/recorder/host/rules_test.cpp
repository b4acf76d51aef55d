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

/// Is the result of `op` the same whatever the contents of its argument are?
bool readsNothing(at::Tensor (*op)(const at::Tensor&)) {
    at::Tensor results[2];
    for (int i = 0; i < 2; ++i) {
        at::manual_seed(5);
        results[i] = op(at::full({4, 3}, 0.25 + i / 2.0));
    }
    return results[0].equal(results[1]);
}

TEST(RecorderRules, KnowArgumentsOfWhichNoByteIsRead) {
    struct Case {
        const char* op;
        std::size_t argument;
        at::Tensor (*run)(const at::Tensor& x);
    };
    const Case cases[] = {
        {"aten::zeros_like", 0, [](const at::Tensor& x) { return at::zeros_like(x); }},
        {"aten::ones_like", 0, [](const at::Tensor& x) { return at::ones_like(x); }},
        {"aten::full_like", 0, [](const at::Tensor& x) { return at::full_like(x, 2); }},
        {"aten::rand_like", 0, [](const at::Tensor& x) { return at::rand_like(x); }},
        {"aten::randn_like", 0, [](const at::Tensor& x) { return at::randn_like(x); }},
        {"aten::randint_like", 0, [](const at::Tensor& x) { return at::randint_like(x, 9); }},
        {"aten::new_zeros", 0, [](const at::Tensor& x) { return x.new_zeros({2}); }},
        {"aten::new_ones", 0, [](const at::Tensor& x) { return x.new_ones({2}); }},
        {"aten::new_full", 0, [](const at::Tensor& x) { return x.new_full({2}, 3); }},
        {"aten::view_as", 1, [](const at::Tensor& x) { return at::arange(12).view_as(x); }},
        {"aten::expand_as", 1, [](const at::Tensor& x) { return at::arange(3).expand_as(x); }},
        {"aten::reshape_as", 1, [](const at::Tensor& x) { return at::arange(12).reshape_as(x); }},
        {"aten::type_as", 1, [](const at::Tensor& x) { return at::arange(12).type_as(x); }},
        {"aten::to", 1, [](const at::Tensor& x) { return at::arange(12).to(x); }},
        {"aten::is_same_size", 0,
         [](const at::Tensor& x) {
             return at::scalar_tensor(at::zeros({4, 3}).is_same_size(x));
         }},
        {"aten::result_type", 1,
         [](const at::Tensor& x) {
             return at::scalar_tensor(static_cast<int>(at::result_type(at::arange(2), x)));
         }},
    };
    for (const Case& known : cases) {
        EXPECT_TRUE(readsNoBytes(known.op, known.argument)) << known.op;
        EXPECT_TRUE(readsNothing(known.run)) << known.op;
    }
    // Neighbours that read: probabilities, a bound that is a tensor, the tensor that is converted.
    EXPECT_FALSE(readsNothing([](const at::Tensor& x) { return at::bernoulli(x); }));
    for (const auto& [op, argument] : {std::pair<const char*, std::size_t>{"aten::bernoulli", 0},
                                       {"aten::randint_like", 1},
                                       {"aten::view_as", 0},
                                       {"aten::to", 0},
                                       {"aten::item", 0}}) {
        EXPECT_FALSE(readsNoBytes(op, argument)) << op;
    }
}

TEST(RecorderRules, KnowWhatACollectiveWrites) {
    EXPECT_TRUE(overwrites("c10d::allgather_"));
    EXPECT_FALSE(overwrites("c10d::allreduce_")); // adds to what is there
    EXPECT_TRUE(sendsOnly("c10d::send"));
    EXPECT_TRUE(readsNoBytes("c10d::barrier", 0)); // tells the backend by its device
    EXPECT_TRUE(readsNoBytes("_c10d_functional::wait_tensor", 0)); // not there yet
    EXPECT_TRUE(isAsynchronous("_c10d_functional::all_reduce"));
    EXPECT_FALSE(isAsynchronous("_c10d_functional::wait_tensor"));
}

TEST(RecorderRules, KnowOpsThatOnlyAllocate) {
    EXPECT_TRUE(allocatesOnly("aten::empty_like"));
    EXPECT_FALSE(allocatesOnly("aten::zeros"));
    EXPECT_TRUE(overwrites("aten::copy_"));
    EXPECT_FALSE(overwrites("aten::add_"));
}

} // namespace
} // namespace repro::host
