// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <torch/torch.h>

#include <iostream>

// In the manner of the MNIST example of LibTorch's documentation, with digits made by a formula.

struct Net : torch::nn::Module {
    Net()
        : conv1(torch::nn::Conv2dOptions(1, 10, /*kernel_size=*/5)),
          conv2(torch::nn::Conv2dOptions(10, 20, /*kernel_size=*/5)), fc1(320, 50), fc2(50, 10) {
        register_module("conv1", conv1);
        register_module("conv2", conv2);
        register_module("conv2_drop", conv2_drop);
        register_module("fc1", fc1);
        register_module("fc2", fc2);
    }

    torch::Tensor forward(torch::Tensor x) {
        x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
        x = torch::relu(torch::max_pool2d(conv2_drop->forward(conv2->forward(x)), 2));
        x = x.view({-1, 320});
        x = torch::relu(fc1->forward(x));
        x = torch::dropout(x, /*p=*/0.5, /*train=*/is_training());
        x = fc2->forward(x);
        return torch::log_softmax(x, /*dim=*/1);
    }

    torch::nn::Conv2d conv1;
    torch::nn::Conv2d conv2;
    torch::nn::Dropout2d conv2_drop;
    torch::nn::Linear fc1;
    torch::nn::Linear fc2;
};

class Digits : public torch::data::Dataset<Digits> {
public:
    explicit Digits(std::size_t size) : size_(size) {}

    torch::data::Example<> get(std::size_t index) override {
        const auto digit = static_cast<int64_t>(index % 10);
        torch::Tensor image = torch::zeros({1, 28, 28});
        image.slice(1, 2 * digit, 2 * digit + 8).fill_(1.0);
        image.select(2, static_cast<int64_t>(index * 7 % 28)).fill_(0.5);
        return {image, torch::tensor(digit, torch::kLong)};
    }

    torch::optional<std::size_t> size() const override { return size_; }

private:
    std::size_t size_;
};

template <typename DataLoader>
void train(int32_t epoch, Net& model, torch::Device device, DataLoader& data_loader,
           torch::optim::Optimizer& optimizer) {
    model.train();
    size_t batch_idx = 0;
    for (auto& batch : data_loader) {
        auto data = batch.data.to(device), targets = batch.target.to(device);
        optimizer.zero_grad();
        auto output = model.forward(data);
        auto loss = torch::nll_loss(output, targets);
        AT_ASSERT(!std::isnan(loss.template item<float>()));
        loss.backward();
        optimizer.step();
        if (batch_idx++ % 4 == 0) {
            std::cout << "Train Epoch: " << epoch << " Loss: " << loss.template item<float>()
                      << '\n';
        }
    }
}

template <typename DataLoader>
void test(Net& model, torch::Device device, DataLoader& data_loader) {
    torch::NoGradGuard no_grad;
    model.eval();
    double test_loss = 0;
    int64_t correct = 0;
    for (const auto& batch : data_loader) {
        auto data = batch.data.to(device), targets = batch.target.to(device);
        auto output = model.forward(data);
        test_loss += torch::nll_loss(output, targets, /*weight=*/{}, torch::Reduction::Sum)
                         .template item<float>();
        auto pred = output.argmax(1);
        correct += pred.eq(targets).sum().template item<int64_t>();
    }
    std::cout << "Test set: Loss: " << test_loss << " | Correct: " << correct << '\n';
}

auto main() -> int {
    torch::manual_seed(1);
    torch::Device device(torch::kCPU);
    Net model;
    model.to(device);

    auto train_dataset = Digits(256)
                             .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                             .map(torch::data::transforms::Stack<>());
    auto train_loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
        std::move(train_dataset), 32);
    auto test_dataset = Digits(100)
                            .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                            .map(torch::data::transforms::Stack<>());
    auto test_loader = torch::data::make_data_loader(
        std::move(test_dataset), torch::data::DataLoaderOptions().batch_size(50).workers(1));

    torch::optim::SGD optimizer(model.parameters(), torch::optim::SGDOptions(0.01).momentum(0.5));
    for (int32_t epoch = 1; epoch <= 2; ++epoch) {
        train(epoch, model, device, *train_loader, optimizer);
        test(model, device, *test_loader);
    }
    printFinalHash(model);
}
