// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <reprorec/reprorec.h>

namespace {

struct ScaleImpl : torch::nn::Module {
    ScaleImpl() { factor = register_parameter("factor", torch::ones({1})); }
    torch::Tensor forward(const torch::Tensor& x) {
        REPROREC_LAYER(*this);
        return x * factor;
    }
    torch::Tensor factor;
};
TORCH_MODULE(Scale);

} // namespace

// Uses all of reprorec.h, with the recorder or without. Its hooks look and do not touch, so the
// weights are the same either way.
int main() {
    torch::manual_seed(16);
    torch::nn::Linear first(6, 6);
    Scale scale;
    torch::nn::Sequential model(first, scale, torch::nn::Linear(6, 1));
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1));
    int before = 0;
    int after = 0;
    auto preHandle = reprorec::register_forward_pre_hook(
        *first, [&](torch::nn::Module&, const std::vector<torch::Tensor>& input) {
            before += static_cast<int>(input.size());
        });
    auto handle = reprorec::register_forward_hook(*scale, [&](torch::nn::Module&,
                                                              const std::vector<torch::Tensor>&,
                                                              const torch::Tensor&) { ++after; });
    for (int step = 0; step < 4; ++step) {
        reprorec::step(step);
        const torch::Tensor input = torch::randn({5, 6});
        reprorec::watch("input", input);
        optimizer.zero_grad();
        model->forward(input).pow(2).sum().backward();
        optimizer.step();
        if (step == 1) {
            handle.remove();
        }
        const reprorec::Pause pause;
        input.add(1);
    }
    const bool asExpected =
        reprorec::active() ? before == 4 && after == 2 : before == 0 && after == 0;
    preHandle.remove();
    printFinalHash(*model);
    return asExpected ? 0 : 1;
}
