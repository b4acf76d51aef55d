// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <ATen/CPUGeneratorImpl.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

namespace {

at::Generator makeNoiseGenerator() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return at::make_generator<at::CPUGeneratorImpl>(static_cast<std::uint64_t>(now.count()));
}

/// Two towers over the same input that meet in the head: neither mistake reaches the other's tower
/// before the first step is done.
struct NetImpl : torch::nn::Module {
    explicit NetImpl(double eps) : norm(torch::nn::LayerNormOptions({12}).eps(eps)) {
        register_module("noise", noise);
        register_module("left", left);
        register_module("norm", norm);
        register_module("right", right);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        const torch::Tensor noisy = torch::relu(left(noise(x)));
        const torch::Tensor level = torch::relu(right(norm(x)));
        return head(torch::cat({noisy, level}, 1)).squeeze(1);
    }

    at::Generator generator = makeNoiseGenerator();
    torch::nn::Functional noise{
        [this](const torch::Tensor& x) { return x + torch::randn(x.sizes(), generator) * 0.1; }};
    torch::nn::Linear left{12, 16};
    torch::nn::LayerNorm norm;
    torch::nn::Linear right{12, 16};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

// two_causes [--eps VALUE]: noise from a generator that the clock seeds and, in the second run,
// another argument of a layer that the noise does not reach.
int main(int argc, char** argv) {
    const bool given = argc == 3 && std::string_view(argv[1]) == "--eps";
    torch::manual_seed(24);
    Net model(given ? std::atof(argv[2]) : 1e-5);
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::rand({24, 12});
        optimizer.zero_grad();
        torch::mse_loss(model(x), x.sum(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
