// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

// randperm and bernoulli(p) dispatch ops while they hold the generator's mutex: a recorder that
// waits for it there waits for ever. Draws from a generator of its own as well.
int main() {
    torch::manual_seed(13);
    at::Generator own = at::detail::createCPUGenerator(99);
    torch::nn::Sequential model(torch::nn::Linear(10, 10));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.01));
    for (int step = 0; step < 3; ++step) {
        const torch::Tensor order = torch::randperm(40);
        const torch::Tensor keep = torch::bernoulli(torch::full({40, 10}, 0.5));
        const torch::Tensor kept = torch::empty({40, 10}).bernoulli_(0.25);
        const torch::Tensor noise = torch::randn({40, 10}, own);
        const torch::Tensor some = torch::multinomial(torch::ones({40}), 5);
        optimizer.zero_grad();
        (model->forward(noise.index_select(0, order)) * keep + kept)
            .index_select(0, some)
            .sum()
            .backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
