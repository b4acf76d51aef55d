// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/programs/bench.h"

// The worst case for a recorder: ops so small that what is done around them is most of the time.
int main(int argc, char** argv) {
    const bench::Options options =
        bench::begin(argc, argv, "A perceptron 64 wide, batch 32, trained by SGD");
    torch::nn::Sequential model(torch::nn::Linear(64, 64), torch::nn::ReLU(),
                                torch::nn::Linear(64, 64), torch::nn::ReLU(),
                                torch::nn::Linear(64, 10));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(1e-2));
    const torch::Tensor input = torch::randn({32, 64});
    const torch::Tensor label = torch::randint(10, {32}, torch::kLong);
    bench::time(options, [&] {
        optimizer.zero_grad();
        torch::nn::functional::cross_entropy(model->forward(input), label).backward();
        optimizer.step();
    });
    printFinalHash(*model);
    return 0;
}
