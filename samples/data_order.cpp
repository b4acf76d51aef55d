// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <vector>

namespace {

constexpr int kExamples = 128;
constexpr int kBatch = 16;

/// The order in which the examples are to be learned. torch::manual_seed has no say in it.
std::vector<std::int64_t> shuffledOrder() {
    std::vector<std::int64_t> order(kExamples);
    std::iota(order.begin(), order.end(), 0);
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    std::shuffle(order.begin(), order.end(), std::mt19937(static_cast<unsigned>(now)));
    return order;
}

} // namespace

int main() {
    torch::manual_seed(20);
    torch::nn::Sequential model(torch::nn::Linear(10, 32), torch::nn::ELU(),
                                torch::nn::Linear(32, 1));
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    const torch::Tensor data = torch::randn({kExamples, 10});
    const torch::Tensor targets = data.select(1, 0) * data.select(1, 1);
    const torch::Tensor order = torch::tensor(shuffledOrder());
    const torch::Tensor shuffledData = data.index_select(0, order);
    const torch::Tensor shuffledTargets = targets.index_select(0, order);
    for (int begin = 0; begin < kExamples; begin += kBatch) {
        optimizer.zero_grad();
        const torch::Tensor output = model->forward(shuffledData.narrow(0, begin, kBatch));
        torch::mse_loss(output.squeeze(1), shuffledTargets.narrow(0, begin, kBatch)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
