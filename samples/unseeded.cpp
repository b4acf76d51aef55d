// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <random>

// Draws its seed from the machine, as many a program does by accident: the weights differ from the
// first one on.
int main() {
    torch::manual_seed(std::random_device{}());
    torch::nn::Sequential model(torch::nn::Linear(8, 32), torch::nn::GELU(),
                                torch::nn::Dropout(0.1), torch::nn::Linear(32, 1));
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 5; ++step) {
        const torch::Tensor input = torch::linspace(-1, 1, 16 * 8).reshape({16, 8});
        optimizer.zero_grad();
        torch::mse_loss(model->forward(input).squeeze(1), input.sum(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
