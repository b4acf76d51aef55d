// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <torch/torch.h>

#include <iostream>

// In the manner of the DCGAN example of LibTorch's documentation, on images of 16 x 16.

const int64_t kNoiseSize = 32;
const int64_t kBatchSize = 8;
const int64_t kSteps = 6;

struct DCGANGeneratorImpl : torch::nn::Module {
    DCGANGeneratorImpl(int noise)
        : conv1(torch::nn::ConvTranspose2dOptions(noise, 32, 4).bias(false)), batch_norm1(32),
          conv2(torch::nn::ConvTranspose2dOptions(32, 16, 4).stride(2).padding(1).bias(false)),
          batch_norm2(16),
          conv3(torch::nn::ConvTranspose2dOptions(16, 1, 4).stride(2).padding(1).bias(false)) {
        register_module("conv1", conv1);
        register_module("conv2", conv2);
        register_module("conv3", conv3);
        register_module("batch_norm1", batch_norm1);
        register_module("batch_norm2", batch_norm2);
    }

    torch::Tensor forward(torch::Tensor x) {
        x = torch::relu(batch_norm1(conv1(x)));
        x = torch::relu(batch_norm2(conv2(x)));
        return torch::tanh(conv3(x));
    }

    torch::nn::ConvTranspose2d conv1;
    torch::nn::BatchNorm2d batch_norm1;
    torch::nn::ConvTranspose2d conv2;
    torch::nn::BatchNorm2d batch_norm2;
    torch::nn::ConvTranspose2d conv3;
};
TORCH_MODULE(DCGANGenerator);

int main() {
    torch::manual_seed(7);
    torch::Device device(torch::kCPU);
    DCGANGenerator generator(kNoiseSize);
    generator->to(device);
    torch::nn::Sequential discriminator(
        torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 16, 4).stride(2).padding(1).bias(false)),
        torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
        torch::nn::Conv2d(torch::nn::Conv2dOptions(16, 32, 4).stride(2).padding(1).bias(false)),
        torch::nn::BatchNorm2d(32),
        torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.2)),
        torch::nn::Conv2d(torch::nn::Conv2dOptions(32, 1, 4).stride(1).padding(0).bias(false)),
        torch::nn::Sigmoid());
    discriminator->to(device);

    torch::optim::Adam generator_optimizer(
        generator->parameters(), torch::optim::AdamOptions(2e-4).betas(std::make_tuple(0.5, 0.5)));
    torch::optim::Adam discriminator_optimizer(
        discriminator->parameters(),
        torch::optim::AdamOptions(2e-4).betas(std::make_tuple(0.5, 0.5)));
    torch::nn::BCELoss criterion;

    for (int64_t step = 0; step < kSteps; ++step) {
        discriminator->zero_grad();
        torch::Tensor real_images = torch::rand({kBatchSize, 1, 16, 16}, device).mul(2).sub(1);
        torch::Tensor real_labels = torch::empty(kBatchSize, device).uniform_(0.8, 1.0);
        torch::Tensor real_output =
            discriminator->forward(real_images).reshape(real_labels.sizes());
        torch::Tensor d_loss_real = criterion(real_output, real_labels);
        d_loss_real.backward();

        torch::Tensor noise = torch::randn({kBatchSize, kNoiseSize, 1, 1}, device);
        torch::Tensor fake_images = generator->forward(noise);
        torch::Tensor fake_labels = torch::zeros(kBatchSize, device);
        torch::Tensor fake_output =
            discriminator->forward(fake_images.detach()).reshape(fake_labels.sizes());
        torch::Tensor d_loss_fake = criterion(fake_output, fake_labels);
        d_loss_fake.backward();
        torch::Tensor d_loss = d_loss_real + d_loss_fake;
        discriminator_optimizer.step();

        generator->zero_grad();
        fake_labels.fill_(1);
        fake_output = discriminator->forward(fake_images).reshape(fake_labels.sizes());
        torch::Tensor g_loss = criterion(fake_output, fake_labels);
        g_loss.backward();
        generator_optimizer.step();
        std::cout << "[" << step << "/" << kSteps << "] D_loss: " << d_loss.item<float>()
                  << " | G_loss: " << g_loss.item<float>() << std::endl;
    }
    printFinalHash(*generator);
    printFinalHash(*discriminator);
    return 0;
}
