// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <stdexcept>

namespace {

struct MoodyImpl : torch::nn::Module {
    torch::Tensor forward(const torch::Tensor& x) {
        if (x.size(0) == 1) {
            throw std::runtime_error("a batch of one");
        }
        return x * 2;
    }
};
TORCH_MODULE(Moody);

} // namespace

// Exceptions leave layers through hooked frames: LibTorch's own from a Linear, the user's from a
// module inside a Sequential, and one that an op in the middle of the backward pass throws.
int main() {
    Trainer trainer;
    torch::nn::Sequential model(torch::nn::Linear(4, 4), Moody(), torch::nn::Linear(4, 2));
    try {
        model->forward(torch::ones({2, 5}));
    } catch (const c10::Error&) {
        std::puts("caught a shape");
    }
    try {
        model->forward(torch::ones({1, 4}));
    } catch (const std::runtime_error& error) {
        std::printf("caught %s\n", error.what());
    }
    try {
        const torch::Tensor x = torch::ones({2, 4});
        torch::Tensor y = model->forward(x).exp();
        const torch::Tensor loss = y.sum();
        y.add_(1); // the gradient of exp wants what it was
        loss.backward();
    } catch (const c10::Error&) {
        std::puts("caught a backward");
    }
    try {
        torch::empty({4}).fill_(torch::ones({2})); // takes one number
    } catch (const c10::Error&) {
        std::puts("caught a fill");
    }
    try {
        at::_foreach_add_({torch::ones({4})}, {torch::ones({3})}); // returns nothing
    } catch (const c10::Error&) {
        std::puts("caught a sum");
    }
    trainer.steps(3);
    printFinalHash(trainer.model());
    return 0;
}
