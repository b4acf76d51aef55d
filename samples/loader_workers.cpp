// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

constexpr int kLength = 1024;

/// Rising and falling lines, each with a slope of its own. Each example gets noise when it is asked
/// for, by whichever loader thread asks: the threads share the default generator, and chance
/// decides who draws next.
class NoisyLines : public torch::data::Dataset<NoisyLines> {
public:
    torch::data::Example<> get(std::size_t index) override {
        const auto label = static_cast<std::int64_t>(index % 2);
        const double slope = (label == 0 ? 1 : -1) * (1 + static_cast<double>(index) / 256);
        const torch::Tensor line = torch::linspace(-1, 1, kLength) * slope;
        return {line + torch::randn({kLength}) * 0.5, torch::tensor(label)};
    }
    [[nodiscard]] torch::optional<std::size_t> size() const override { return 256; }
};

} // namespace

int main() {
    torch::manual_seed(12);
    torch::nn::Sequential model(torch::nn::Linear(kLength, 32), torch::nn::ReLU(),
                                torch::nn::Linear(32, 2));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(1e-3).momentum(0.9));
    auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
        NoisyLines().map(torch::data::transforms::Stack<>()),
        torch::data::DataLoaderOptions(32).workers(2).enforce_ordering(true));
    for (int epoch = 0; epoch < 3; ++epoch) {
        for (const torch::data::Example<>& batch : *loader) {
            optimizer.zero_grad();
            torch::nn::functional::cross_entropy(model->forward(batch.data), batch.target)
                .backward();
            optimizer.step();
        }
    }
    printFinalHash(*model);
    return 0;
}
