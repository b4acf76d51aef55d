// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

// Tensors of 12 MiB, larger than a small ring, whole and as strided views.
int main() {
    torch::manual_seed(15);
    torch::nn::Sequential model(torch::nn::Linear(2048, 1536), torch::nn::ReLU(),
                                torch::nn::Linear(1536, 4));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(1e-3));
    const torch::Tensor table = torch::randn({1536, 2048});
    for (int step = 0; step < 2; ++step) {
        const torch::Tensor input = table.t().slice(1, step, 1536, 96).t().contiguous();
        optimizer.zero_grad();
        model->forward(input).pow(2).mean().backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
