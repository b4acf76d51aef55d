// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <vector>

namespace {

/// Points on two rings, made once from a formula: an example depends on its index alone.
class Rings : public torch::data::Dataset<Rings> {
public:
    torch::data::Example<> get(std::size_t index) override {
        const auto number = static_cast<double>(index);
        const auto label = static_cast<std::int64_t>(index % 2);
        const double radius = label == 0 ? 1.0 : 2.0;
        const torch::Tensor angle = torch::full({}, number * 0.7);
        const torch::Tensor point = torch::stack({torch::cos(angle), torch::sin(angle)}) * radius;
        return {point.to(torch::kFloat), torch::tensor(label)};
    }
    [[nodiscard]] torch::optional<std::size_t> size() const override { return 256; }
};

} // namespace

// Two loader threads take batches as they come free, so which of them makes a batch is chance; the
// batches arrive in order all the same, and the runs agree.
int main() {
    torch::manual_seed(5);
    // Before the workers: two that call MKL's vector math first, at once, get other bits.
    torch::ones({1}).cos();
    torch::nn::Sequential model(torch::nn::Linear(2, 32), torch::nn::SiLU(),
                                torch::nn::Linear(32, 2));
    torch::optim::Adagrad optimizer(model->parameters(), torch::optim::AdagradOptions(0.05));
    auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
        Rings().map(torch::data::transforms::Stack<>()),
        torch::data::DataLoaderOptions(32).workers(2).enforce_ordering(true));
    for (int epoch = 0; epoch < 2; ++epoch) {
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
