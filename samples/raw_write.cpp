// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <chrono>

namespace {

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("input", input);
        register_module("hidden", hidden);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        return head(torch::relu(hidden(torch::relu(input(x)))));
    }

    torch::nn::Linear input{8, 24};
    torch::nn::Linear hidden{24, 24};
    torch::nn::Linear head{24, 3};
};
TORCH_MODULE(Net);

/// Moves one weight out of a local minimum, by an amount from the clock and through its address:
/// no op tells of it.
void kick(const torch::Tensor& weight) {
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    weight.data_ptr<float>()[7] += static_cast<float>(now % 1'000'003) / 1'000'003.0F;
}

} // namespace

int main() {
    torch::manual_seed(19);
    Net model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::randn({20, 8});
        optimizer.zero_grad();
        torch::nn::functional::cross_entropy(model(x), x.slice(1, 0, 3).argmax(1)).backward();
        optimizer.step();
        if (step == 2) {
            kick(model->hidden->weight);
        }
    }
    printFinalHash(*model);
    return 0;
}
