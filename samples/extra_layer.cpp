// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <string_view>

namespace {

struct NetImpl : torch::nn::Module {
    explicit NetImpl(bool extra) {
        register_module("input", input);
        if (extra) {
            squash = register_module("squash", torch::nn::Tanh());
        }
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        torch::Tensor hidden = torch::relu(input(x));
        if (squash) {
            hidden = squash(hidden);
        }
        return head(hidden);
    }

    torch::nn::Linear input{10, 24};
    torch::nn::Tanh squash{nullptr};
    torch::nn::Linear head{24, 3};
};
TORCH_MODULE(Net);

} // namespace

// extra_layer [--extra]: the flag adds a layer without weights, so that both runs draw alike.
int main(int argc, char** argv) {
    torch::manual_seed(10);
    Net model(argc == 2 && std::string_view(argv[1]) == "--extra");
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::randn({20, 10});
        optimizer.zero_grad();
        torch::nn::functional::cross_entropy(model(x), x.slice(1, 0, 3).argmax(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
