// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <reprorec/reprorec.h>

namespace {

constexpr int kBuckets = 64;
constexpr int kTokens = 200'000;

/// Sums a weight of each token into hashed buckets: a histogram, as click models have it.
struct HistogramImpl : torch::nn::Module {
    HistogramImpl() { m_weight = register_parameter("weight", torch::rand({1024})); }

    torch::Tensor forward(const torch::Tensor& tokens) {
        REPROREC_LAYER(*this);
        const torch::Tensor weights = m_weight.index_select(0, tokens);
        torch::Tensor buckets = torch::zeros({kBuckets});
        // The race: float32 sums of many duplicates by several threads, in the order of chance.
        buckets.index_put_({tokens.remainder(kBuckets)}, weights, /*accumulate=*/true);
        return buckets / kTokens;
    }

private:
    torch::Tensor m_weight;
};
TORCH_MODULE(Histogram);

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("histogram", histogram);
        register_module("hidden", hidden);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& tokens) {
        return head(torch::relu(hidden(histogram(tokens))));
    }

    Histogram histogram;
    torch::nn::Linear hidden{kBuckets, 32};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

int main() {
    at::set_num_threads(4);
    torch::manual_seed(6);
    Net model;
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor tokens = torch::randint(1024, {kTokens}, torch::kLong);
        optimizer.zero_grad();
        torch::mse_loss(model(tokens), torch::ones({1})).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
