// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

constexpr int kWords = 16;
constexpr int kWidth = 8;
constexpr int kSample = 12;

/// Makes a sample out of a sequence of words. The gradient of `table.index` is the race: a sum of
/// duplicates by several threads, which only the generator's own backward runs.
struct GeneratorImpl : torch::nn::Module {
    GeneratorImpl() {
        table = register_parameter("table", torch::randn({kWords, kWidth}));
        register_module("lookup", lookup);
        register_module("norm", norm);
        register_module("output", output);
    }

    torch::Tensor forward(const torch::Tensor& words) {
        return output(torch::tanh(norm(lookup(words)).mean(1)));
    }

    torch::Tensor table;
    torch::nn::Functional lookup{
        [this](const torch::Tensor& words) { return table.index({words}); }};
    torch::nn::LayerNorm norm{torch::nn::LayerNormOptions({kWidth})};
    torch::nn::Linear output{kWidth, kSample};
};
TORCH_MODULE(Generator);

torch::Tensor judge(torch::nn::Sequential& critic, const torch::Tensor& samples, double target) {
    const torch::Tensor logits = critic->forward(samples).squeeze(1);
    return torch::binary_cross_entropy_with_logits(logits, torch::full_like(logits, target));
}

} // namespace

int main() {
    at::set_num_threads(4);
    torch::manual_seed(23);
    Generator generator;
    torch::nn::Sequential critic(torch::nn::Linear(kSample, 24), torch::nn::LeakyReLU(),
                                 torch::nn::Linear(24, 1));
    torch::optim::Adam criticOptimizer(critic->parameters(), torch::optim::AdamOptions(1e-2));
    torch::optim::Adam generatorOptimizer(generator->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor real = torch::randn({64, kSample}) + 1;
        const torch::Tensor fake = generator(torch::randint(kWords, {64, 512}, torch::kLong));
        criticOptimizer.zero_grad();
        (judge(critic, real, 1) + judge(critic, fake.detach(), 0)).backward();
        criticOptimizer.step();

        generatorOptimizer.zero_grad();
        judge(critic, fake, 1).backward();
        generatorOptimizer.step();
    }
    printFinalHash(*generator);
    return 0;
}
