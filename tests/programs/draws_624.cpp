// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

// Draws exactly as many numbers as the state of the Mersenne twister holds words: afterwards seed
// and position are what they were, and only the words tell that it moved.
int main() {
    torch::manual_seed(12);
    torch::nn::Sequential model(torch::nn::Linear(48, 48), torch::nn::Dropout(0.5),
                                torch::nn::Linear(48, 1));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.01));
    for (int step = 0; step < 3; ++step) {
        const torch::Tensor input = torch::rand(624).reshape({13, 48}); // and 13 x 48 of dropout
        optimizer.zero_grad();
        model->forward(input).sum().backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
