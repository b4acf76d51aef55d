// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <ATen/CPUGeneratorImpl.h>

#include <chrono>

namespace {

/// The default generator is seeded, as it should be. This one, which only makes noise, is not.
at::Generator makeNoiseGenerator() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return at::make_generator<at::CPUGeneratorImpl>(static_cast<std::uint64_t>(now.count()));
}

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("encoder", encoder);
        register_module("noise", noise);
        register_module("decoder", decoder);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        return decoder(noise(torch::tanh(encoder(x))));
    }

    at::Generator generator = makeNoiseGenerator();
    torch::nn::Linear encoder{16, 6};
    torch::nn::Functional noise{[this](const torch::Tensor& code) {
        return code + torch::randn(code.sizes(), generator) * 0.1;
    }};
    torch::nn::Linear decoder{6, 16};
};
TORCH_MODULE(Net);

} // namespace

// A denoising autoencoder.
int main() {
    torch::manual_seed(13);
    Net model;
    torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(1e-2));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::rand({32, 16});
        optimizer.zero_grad();
        torch::mse_loss(model(x), x).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
