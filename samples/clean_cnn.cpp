// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

// A small image classifier with batch norm and dropout: running statistics are written behind the
// dispatcher's back and dropout draws in every step, and still both runs agree.
int main() {
    torch::manual_seed(2);
    torch::nn::Sequential model(
        torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 8, 3).padding(1)), torch::nn::BatchNorm2d(8),
        torch::nn::ReLU(), torch::nn::MaxPool2d(2),
        torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 16, 3).padding(1)),
        torch::nn::BatchNorm2d(16), torch::nn::ReLU(), torch::nn::AdaptiveAvgPool2d(4),
        torch::nn::Flatten(), torch::nn::Dropout(0.25), torch::nn::Linear(16 * 4 * 4, 10),
        torch::nn::LogSoftmax(1));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.05).momentum(0.9));
    for (int step = 0; step < 10; ++step) {
        const torch::Tensor images = torch::rand({16, 1, 16, 16});
        const torch::Tensor labels = torch::randint(10, {16}, torch::kLong);
        optimizer.zero_grad();
        torch::nll_loss(model->forward(images), labels).backward();
        optimizer.step();
    }
    model->eval();
    torch::NoGradGuard noGrad;
    model->forward(torch::rand({4, 1, 16, 16}));
    printFinalHash(*model);
    return 0;
}
