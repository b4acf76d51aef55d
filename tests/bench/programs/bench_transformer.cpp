// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/programs/bench.h"

int main(int argc, char** argv) {
    const bench::Options options =
        bench::begin(argc, argv, "A transformer block, d = 256, batch 8 of 64, trained by AdamW");
    const auto shape =
        torch::nn::TransformerEncoderLayerOptions(256, 8).dim_feedforward(1024).dropout(0.1);
    torch::nn::TransformerEncoderLayer block(shape);
    torch::optim::AdamW optimizer(block->parameters(), torch::optim::AdamWOptions(1e-3));
    // The block wants the sequence first.
    const torch::Tensor input = torch::randn({64, 8, 256});
    const torch::Tensor target = torch::randn({64, 8, 256});
    bench::time(options, [&] {
        optimizer.zero_grad();
        torch::mse_loss(block->forward(input), target).backward();
        optimizer.step();
    });
    printFinalHash(*block);
    return 0;
}
