// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <string_view>

namespace {

constexpr int kExamples = 24;

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("hidden", hidden);
        register_module("dropout", dropout);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) {
        return head(dropout(torch::relu(hidden(x)))).squeeze(1);
    }

    torch::nn::Linear hidden{12, 32};
    torch::nn::Dropout dropout{0.2};
    torch::nn::Linear head{32, 1};
};
TORCH_MODULE(Net);

} // namespace

// extra_draw [--extra]: the flag lets step 3 choose an example to look at. Nothing is done with it,
// and yet every later draw of that run is another.
int main(int argc, char** argv) {
    const bool extra = argc == 2 && std::string_view(argv[1]) == "--extra";
    torch::manual_seed(11);
    Net model;
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
    for (int step = 0; step < 6; ++step) {
        if (extra && step == 3) {
            const torch::Tensor watched = torch::randint(kExamples, {1}, torch::kLong);
            std::printf("watching example %" PRId64 "\n", watched.item<std::int64_t>());
        }
        const torch::Tensor x = torch::randn({kExamples, 12});
        optimizer.zero_grad();
        torch::mse_loss(model(x), x.sum(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
