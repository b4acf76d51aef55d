// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

constexpr int kWords = 16;
constexpr int kWidth = 8;

/// A word table of its own making, read by indexing: nothing here adds up floats, and yet the
/// gradient of `table.index` is a sum of duplicates, made by several threads.
struct NetImpl : torch::nn::Module {
    NetImpl() {
        table = register_parameter("table", torch::randn({kWords, kWidth}));
        register_module("lookup", lookup);
        register_module("norm", norm);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& words) {
        return head(norm(lookup(words)).mean(1)).squeeze(1);
    }

    torch::Tensor table;
    torch::nn::Functional lookup{
        [this](const torch::Tensor& words) { return table.index({words}); }};
    torch::nn::LayerNorm norm{torch::nn::LayerNormOptions({kWidth})};
    torch::nn::Linear head{kWidth, 1};
};
TORCH_MODULE(Net);

} // namespace

int main() {
    at::set_num_threads(4);
    torch::manual_seed(7);
    Net model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor words = torch::randint(kWords, {64, 512}, torch::kLong);
        const torch::Tensor target = torch::rand({64});
        optimizer.zero_grad();
        torch::mse_loss(model(words), target).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
