// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("input", input);
        register_module("gate", gate);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) { return head(gate(input(x))).squeeze(1); }

    // Powers of four: the bounds of the first weights are powers of two, and drawing between them
    // rounds alike with and without fused multiply-add.
    torch::nn::Linear input{16, 64};
    torch::nn::SiLU gate;
    // Without a bias: no gradient is so small that chance could make it equal in both runs.
    torch::nn::Linear head{torch::nn::LinearOptions(64, 1).bias(false)};
};
TORCH_MODULE(Net);

} // namespace

// To be run a second time with ATEN_CPU_CAPABILITY=default: the sigmoid in SiLU has one kernel
// for vectors and another for plain floats, and they round differently.
int main() {
    torch::manual_seed(15);
    Net model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.05));
    for (int step = 0; step < 6; ++step) {
        // Not randn, which has a kernel for each instruction set, too.
        const torch::Tensor x = torch::rand({32, 16});
        const torch::Tensor target = x.select(1, 0) * x.select(1, 1);
        optimizer.zero_grad();
        torch::mse_loss(model(x), target).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
