// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <sstream>

namespace {

struct Training {
    Training()
        : model(torch::nn::Linear(8, 32), torch::nn::BatchNorm1d(32), torch::nn::Tanh(),
                torch::nn::Linear(32, 1)),
          optimizer(model->parameters(), torch::optim::AdamOptions(1e-2).amsgrad(true)) {}

    void steps(int count) {
        for (int step = 0; step < count; ++step) {
            const torch::Tensor input = torch::randn({16, 8});
            optimizer.zero_grad();
            torch::mse_loss(model->forward(input).squeeze(1), input.sum(1)).backward();
            optimizer.step();
        }
    }

    torch::nn::Sequential model;
    torch::optim::Adam optimizer;
};

} // namespace

// A model and its optimizer go through files half way. LibTorch keeps an optimizer's state by the
// address of each parameter, so the order in which it is saved and loaded is chance.
int main() {
    torch::manual_seed(3);
    Training first;
    first.steps(3);
    std::stringstream model;
    std::stringstream optimizer;
    torch::save(first.model, model);
    torch::save(first.optimizer, optimizer);

    Training second;
    torch::load(second.model, model);
    torch::load(second.optimizer, optimizer);
    second.steps(3);
    printFinalHash(*second.model);
    return 0;
}
