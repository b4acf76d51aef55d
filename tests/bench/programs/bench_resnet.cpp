// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/programs/bench.h"

namespace {

torch::nn::Conv2d conv(int in, int out, int kernel, int stride) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

struct BlockImpl : torch::nn::Module {
    BlockImpl(int in, int out, int stride) {
        body = register_module(
            "body", torch::nn::Sequential(conv(in, out, 3, stride), torch::nn::BatchNorm2d(out),
                                          torch::nn::ReLU(), conv(out, out, 3, 1),
                                          torch::nn::BatchNorm2d(out)));
        if (in != out || stride != 1) {
            shortcut =
                register_module("shortcut", torch::nn::Sequential(conv(in, out, 1, stride),
                                                                  torch::nn::BatchNorm2d(out)));
        }
    }
    torch::Tensor forward(const torch::Tensor& x) {
        return torch::relu(body->forward(x) + (shortcut.is_empty() ? x : shortcut->forward(x)));
    }

    torch::nn::Sequential body{nullptr};
    torch::nn::Sequential shortcut{nullptr};
};
TORCH_MODULE(Block);

struct ResNet18Impl : torch::nn::Module {
    ResNet18Impl() {
        features = register_module(
            "features",
            torch::nn::Sequential(
                conv(3, 64, 7, 2), torch::nn::BatchNorm2d(64), torch::nn::ReLU(),
                torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(3).stride(2).padding(1)),
                Block(64, 64, 1), Block(64, 64, 1), Block(64, 128, 2), Block(128, 128, 1),
                Block(128, 256, 2), Block(256, 256, 1), Block(256, 512, 2), Block(512, 512, 1)));
        head = register_module("head", torch::nn::Linear(512, 1000));
    }
    torch::Tensor forward(const torch::Tensor& x) {
        return head->forward(torch::mean(features->forward(x), {2, 3}));
    }

    torch::nn::Sequential features{nullptr};
    torch::nn::Linear head{nullptr};
};
TORCH_MODULE(ResNet18);

} // namespace

int main(int argc, char** argv) {
    const bench::Options options =
        bench::begin(argc, argv, "ResNet-18, batch 8 of 64 x 64, trained by SGD with momentum");
    ResNet18 model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(1e-2).momentum(0.9));
    const torch::Tensor input = torch::randn({8, 3, 64, 64});
    const torch::Tensor label = torch::randint(1000, {8}, torch::kLong);
    bench::time(options, [&] {
        optimizer.zero_grad();
        torch::nn::functional::cross_entropy(model(input), label).backward();
        optimizer.step();
    });
    printFinalHash(*model);
    return 0;
}
