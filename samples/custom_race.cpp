// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"
#include "samples/unordered_sum.h"

#include <reprorec/reprorec.h>

namespace {

constexpr int kWords = 1024;
constexpr int kBuckets = 64;
constexpr int kLength = 512;

/// The weight of each word as its share in all the words of its bucket. The totals, which count as
/// constants for the gradient, are summed by threads of its own, behind LibTorch's back.
struct ShareImpl : torch::nn::Module {
    ShareImpl() { m_weight = register_parameter("weight", torch::rand({kWords}) + 0.5); }

    torch::Tensor forward(const torch::Tensor& words) {
        REPROREC_LAYER(*this);
        const torch::Tensor flat = words.flatten();
        const torch::Tensor buckets = flat.remainder(kBuckets);
        const torch::Tensor weights = m_weight.index_select(0, flat);
        const torch::Tensor totals = torch::zeros({kBuckets});
        addUnordered(weights.data_ptr<float>(), buckets.data_ptr<std::int64_t>(), buckets.numel(),
                     totals.data_ptr<float>());
        return (weights / totals.index_select(0, buckets)).reshape(words.sizes());
    }

private:
    torch::Tensor m_weight;
};
TORCH_MODULE(Share);

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("share", share);
        register_module("hidden", hidden);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& words) {
        return head(torch::relu(hidden(share(words)))).squeeze(1);
    }

    Share share;
    torch::nn::Linear hidden{kLength, 16};
    torch::nn::Linear head{16, 1};
};
TORCH_MODULE(Net);

} // namespace

int main() {
    torch::manual_seed(17);
    Net model;
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor words = torch::randint(kWords, {256, kLength}, torch::kLong);
        optimizer.zero_grad();
        torch::mse_loss(model(words), torch::ones({256})).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
