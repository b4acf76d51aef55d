// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <reprorec/reprorec.h>

namespace {

constexpr int kWords = 1024;
constexpr int kBuckets = 64;
constexpr int kPixels = 65'536;

/// Ops that are known for other results in each run, where they give the same in every run.
struct BucketsImpl : torch::nn::Module {
    BucketsImpl() { m_weight = register_parameter("weight", torch::rand({kWords})); }

    torch::Tensor forward(const torch::Tensor& words) {
        REPROREC_LAYER(*this);
        const torch::Tensor buckets = words.remainder(kBuckets);
        const torch::Tensor weights = m_weight.index_select(0, words);
        // Too few elements for more than one thread.
        torch::Tensor sums = torch::zeros({kBuckets}).index_put_({buckets}, weights, true);
        // One thread whatever the size, on the CPU.
        sums = sums.scatter_add_(0, buckets, weights).index_add_(0, buckets, weights);
        // Integers add up alike in every order.
        const torch::Tensor counts = torch::bincount(buckets, {}, kBuckets);
        return torch::cumsum(sums, 0) / (counts + 1);
    }

private:
    torch::Tensor m_weight;
};
TORCH_MODULE(Buckets);

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("buckets", buckets);
        register_module("hidden", hidden);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& words, const torch::Tensor& order) {
        // Several threads, but every element has one writer.
        const torch::Tensor image = torch::linspace(0, 1, kPixels);
        const torch::Tensor mixed = torch::zeros({kPixels}).index_put_({order}, image);
        const torch::Tensor ranked = std::get<0>(mixed.slice(0, 0, kBuckets).sort(0, true));
        return head(torch::relu(hidden(buckets(words) + ranked)));
    }

    Buckets buckets;
    torch::nn::Linear hidden{kBuckets, 32};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

int main() {
    at::set_num_threads(4);
    torch::manual_seed(26);
    Net model;
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor words = torch::randint(kWords, {8'000}, torch::kLong);
        const torch::Tensor order = torch::randperm(kPixels, torch::kLong);
        optimizer.zero_grad();
        torch::mse_loss(model(words, order), torch::ones({1})).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
