// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <cstdlib>

namespace {

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("input", input);
        register_module("norm", norm);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        return head(torch::relu(norm(input(x)))).squeeze(1);
    }

    torch::nn::Linear input{12, 32};
    // Its backward sums the gradients of weight and bias in as many parts as there are threads.
    torch::nn::LayerNorm norm{torch::nn::LayerNormOptions({32})};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

// thread_count [THREADS]: any one number of threads gives the same in every run, another number
// something else.
int main(int argc, char** argv) {
    at::set_num_threads(argc == 2 ? std::atoi(argv[1]) : 4);
    torch::manual_seed(14);
    Net model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.05).momentum(0.9));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::rand({64, 12}) - 0.5;
        const torch::Tensor target = torch::sin(x.select(1, 0) * 3);
        optimizer.zero_grad();
        torch::mse_loss(model(x), target).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
