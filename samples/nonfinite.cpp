// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <cstdlib>
#include <string_view>

namespace {

struct NetImpl : torch::nn::Module {
    explicit NetImpl(double eps)
        : logs([eps](const torch::Tensor& counts) { return torch::log(counts + eps); }) {
        register_module("logs", logs);
        register_module("hidden", hidden);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& counts) {
        return head(torch::relu(hidden(logs(counts)))).squeeze(1);
    }

    torch::nn::Functional logs;
    torch::nn::Linear hidden{20, 32};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

// nonfinite [--eps VALUE]: with 0, the logarithm of a count of zero is infinite and soon everything
// NaN. The cause is the sum, an op before the first infinity.
int main(int argc, char** argv) {
    const bool given = argc == 3 && std::string_view(argv[1]) == "--eps";
    torch::manual_seed(22);
    Net model(given ? std::atof(argv[2]) : 1e-6);
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 5; ++step) {
        const torch::Tensor counts = torch::randint(6, {32, 20}, torch::kFloat);
        optimizer.zero_grad();
        torch::mse_loss(model(counts), counts.mean(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
