// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

// A perceptron that learns to tell the sign of a product: seeded, one thread's worth of work, the
// same in every run.
int main() {
    torch::manual_seed(1);
    torch::nn::Sequential model(torch::nn::Linear(16, 64), torch::nn::ReLU(),
                                torch::nn::Linear(64, 64), torch::nn::Tanh(),
                                torch::nn::Linear(64, 2));
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 20; ++step) {
        const torch::Tensor input = torch::randn({32, 16});
        const torch::Tensor label = (input.select(1, 0) * input.select(1, 1) > 0).to(torch::kLong);
        optimizer.zero_grad();
        const torch::Tensor loss =
            torch::nn::functional::cross_entropy(model->forward(input), label);
        loss.backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
