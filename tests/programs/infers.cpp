// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <reprorec/reprorec.h>
#include <string>

namespace {

struct BlockImpl : torch::nn::Module {
    BlockImpl() { second = register_module("second", torch::nn::Linear(4, 2)); }
    torch::Tensor forward(const torch::Tensor& x) { return second->forward(x); }
    torch::nn::Linear second{nullptr};
};
TORCH_MODULE(Block);

struct Net : torch::nn::Module {
    Net() {
        first = register_module("first", torch::nn::Linear(4, 4));
        block = register_module("block", Block());
    }
    torch::Tensor forward(const torch::Tensor& x) { return block->forward(first->forward(x)); }
    torch::nn::Linear first{nullptr};
    Block block{nullptr};
};

struct Telling : Net {
    torch::Tensor forward(const torch::Tensor& x) {
        REPROREC_LAYER(*this);
        return Net::forward(x);
    }
};

} // namespace

// Only calls forward, of a module that is owned as the argument says: no member that would show the
// recorder a living root.
int main(int, char** argv) {
    const torch::NoGradGuard noGrad;
    const std::string how = argv[1];
    const torch::Tensor x = torch::ones({3, 4});
    if (how == "shared") {
        std::make_shared<Net>()->forward(x);
    } else if (how == "local") {
        Net net;
        net.forward(x);
    } else if (how == "static") {
        static Net net;
        net.forward(x);
    } else if (how == "one-after-another") {
        for (int i = 0; i < 2; ++i) {
            std::make_shared<Net>()->forward(x);
        }
    } else if (how == "sequential") {
        torch::nn::Sequential(torch::nn::Linear(4, 4), torch::nn::ReLU(), Block())->forward(x);
    } else if (how == "telling") {
        Telling net;
        net.forward(x);
    } else if (how == "unique") {
        std::make_unique<Net>()->forward(x);
    } else if (how == "survivor") {
        const torch::nn::Linear kept = std::make_shared<Net>()->first;
        const torch::nn::Linear twice = kept; // as many owners as it had
        kept.ptr()->forward(x);
    } else if (how == "free") {
        torch::nn::Linear linear(4, 4);
        linear->forward(x);
    }
    std::puts("done");
    return 0;
}
