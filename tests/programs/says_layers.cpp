// SPDX-License-Identifier: BSD-3-Clause
// Calls ops from modules in every way that C++ lets it, and says before each call which op it is
// and in which module: "aten::relu Net.blocks.1", or "-" in none.
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <string>
#include <thread>

namespace {

using torch::Tensor;

void say(const char* op, const std::string& path) {
    std::printf("aten::%s %s\n", op, path.c_str());
}

/// The expression calls `op`, and no other outermost op.
#define SAID(op, path, expression) (say(#op, path), expression)

Tensor helper(const Tensor& x, const std::string& path) {
    return SAID(floor, path, x.floor());
}

} // namespace

namespace model {

struct Told {
    std::string path = "?";
};

struct GateImpl : torch::nn::Cloneable<GateImpl>, Told {
    GateImpl() { scale = SAID(full, "-", torch::full({1}, 0.5)); }
    void reset() override {}
    Tensor forward(const Tensor& x) { return SAID(tanh, path, x.tanh()); }
    Tensor scale;
};
TORCH_MODULE(Gate);

struct BaseImpl : torch::nn::Module, Told {
    [[gnu::noinline]] Tensor inBase(const Tensor& x) const { return SAID(exp, path, x.exp()); }
};

struct BlockImpl : BaseImpl {
    BlockImpl() { register_module("gate", gate); }
    Tensor forward(const Tensor& x) {
        const Tensor y = SAID(cos, path, x.cos());
        const auto halve = [this](const Tensor& z) { return SAID(div, path, z.div(2)); };
        const std::function<Tensor(const Tensor&)> kept = halve;
        const Tensor last = helper(gate->forward(inBase(kept(halve(y)))), path);
        say("sin", path);
        return last.sin(); // `this` is dead by now
    }
    Gate gate;
};
TORCH_MODULE(Block);

template <int kWidth>
struct WideImpl : torch::nn::Module, Told {
    Tensor forward(const Tensor& x) { return SAID(mul, path, x.mul(kWidth)); }
};

struct TreeImpl : torch::nn::Module, Told {
    explicit TreeImpl(int depth) {
        for (int i = 0; depth > 0 && i < 2; ++i) {
            branches->push_back(std::make_shared<TreeImpl>(depth - 1));
        }
        register_module("branches", branches);
    }
    Tensor forward(const Tensor& x) {
        Tensor y = SAID(sinh, path, x.sinh());
        for (const auto& branch : *branches) {
            y = branch->as<TreeImpl>()->forward(y);
            y = SAID(asinh, path, y.asinh());
        }
        return y;
    }
    torch::nn::ModuleList branches;
};

struct NetImpl : torch::nn::Module, Told {
    NetImpl() : row(Block(), Block()) {
        for (int i = 0; i < 3; ++i) {
            blocks->push_back(Block());
        }
        register_module("blocks", blocks);
        register_module("row", row);
        register_module("two", two);
        register_module("three", three);
        register_module("tree", tree);
        register_module("shared", shared);
    }
    Tensor forward(const Tensor& x) {
        Tensor y = SAID(relu, path, x.relu());
        for (const auto& block : *blocks) {
            y = block->as<BlockImpl>()->forward(y);
            y = SAID(erf, path, y.erf());
        }
        y = row->forward(y);
        y = shared->forward(three->forward(two->forward(y)));
        y = shared->forward(tree->forward(y));
        return finish(y);
    }
    Tensor finish(const Tensor& y) { return SAID(sigmoid, path, y.sigmoid()); }
    torch::nn::ModuleList blocks;
    torch::nn::Sequential row;
    std::shared_ptr<WideImpl<2>> two = std::make_shared<WideImpl<2>>();
    std::shared_ptr<WideImpl<3>> three = std::make_shared<WideImpl<3>>();
    std::shared_ptr<TreeImpl> tree = std::make_shared<TreeImpl>(2);
    Gate shared;
};
TORCH_MODULE(Net);

struct SmallImpl : torch::nn::Module, Told {
    Tensor forward(const Tensor& x) { return SAID(log1p, path, x.log1p()); }
};

/// Begins where its module does.
struct Trainer {
    [[gnu::noinline]] Tensor step(const Tensor& x) {
        return small.forward(SAID(abs, "-", x.abs()));
    }
    SmallImpl small;
};

void tell(torch::nn::Module& root, const std::string& name) {
    for (const auto& module : root.named_modules(name)) {
        if (auto* told = dynamic_cast<Told*>(module.value().get())) {
            told->path = module.key();
        }
    }
}

} // namespace model

int main() {
    torch::manual_seed(1);
    const Tensor x = SAID(full, "-", torch::full({4}, 0.5));
    model::Net net, other;
    model::tell(*net, "Net");
    model::tell(*other, "Net#1");
    net->train(); // a member function shows the recorder whose the modules are
    other->train();
    net->forward(x);
    std::thread([&] { other->forward(x); }).join();
    for (const auto& block : *net->blocks) { // without the module around them
        block->as<model::BlockImpl>()->forward(x);
    }
    model::Trainer trainer;
    trainer.small.path = "Small";
    trainer.small.train();
    trainer.step(x);
    return 0;
}
