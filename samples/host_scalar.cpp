// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <chrono>

namespace {

/// Between 1 and 2, by the fraction of the present second: a stand-in for every factor that depends
/// on how long something took.
double pace() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto fraction = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    return 1 + static_cast<double>(fraction % 1'000'000'000) / 1e9;
}

} // namespace

int main() {
    torch::manual_seed(21);
    torch::nn::Sequential model(torch::nn::Conv1d(torch::nn::Conv1dOptions(2, 6, 3).padding(1)),
                                torch::nn::ReLU(), torch::nn::AdaptiveAvgPool1d(4),
                                torch::nn::Flatten(), torch::nn::Linear(24, 4));
    torch::optim::RMSprop optimizer(model->parameters(), torch::optim::RMSpropOptions(1e-3));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor series = torch::rand({16, 2, 20});
        const torch::Tensor labels = torch::randint(4, {16}, torch::kLong);
        optimizer.zero_grad();
        const torch::Tensor loss =
            torch::nn::functional::cross_entropy(model->forward(series), labels);
        (loss * pace()).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
