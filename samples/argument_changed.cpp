// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <cstdlib>
#include <string_view>

namespace {

struct NetImpl : torch::nn::Module {
    explicit NetImpl(double eps) : norm(torch::nn::LayerNormOptions({32}).eps(eps)) {
        register_module("input", input);
        register_module("norm", norm);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) { return head(torch::relu(norm(input(x)))); }

    torch::nn::Linear input{12, 32};
    torch::nn::LayerNorm norm;
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

// argument_changed [--eps VALUE]: two runs differ in one scalar argument of one layer.
int main(int argc, char** argv) {
    const bool given = argc == 3 && std::string_view(argv[1]) == "--eps";
    const double eps = given ? std::atof(argv[2]) : 1e-5;
    torch::manual_seed(9);
    Net model(eps);
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::randn({24, 12});
        optimizer.zero_grad();
        torch::mse_loss(model(x).squeeze(1), x.sum(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
