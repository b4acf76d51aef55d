// SPDX-License-Identifier: BSD-3-Clause
// Calls ops from everywhere that C++ lets it, and says before each call which op it is, and on
// which line: "aten::relu 42".
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using torch::Tensor;

void say(const char* op, int line) {
    std::printf("aten::%s %d\n", op, line);
}

/// The expression calls `op`, and no other outermost op.
#define SAID(op, expression) (say(#op, __LINE__), expression)

Tensor plainly(const Tensor& x) {
    return SAID(relu, x.relu());
}

[[gnu::always_inline]] inline Tensor inlined(const Tensor& x) {
    return SAID(tanh, x.tanh());
}

[[gnu::noinline]] Tensor inlinedThrice(const Tensor& x) {
    Tensor y = inlined(x);
    y = inlined(y);
    return inlined(y);
}

template <class T>
Tensor generic(const Tensor& x, T factor) {
    return SAID(mul, x.mul(factor));
}

Tensor recursively(const Tensor& x, int depth) {
    if (depth == 0) {
        return SAID(sigmoid, x.sigmoid());
    }
    const Tensor inner = recursively(x, depth - 1);
    return SAID(sin, inner.sin());
}

} // namespace

// With -g1 the functions of an unnamed namespace have no class.
namespace model {

struct BaseImpl : torch::nn::Module {
    Tensor inBase(const Tensor& x) { return SAID(exp, x.exp()); }
};

struct BlockImpl : BaseImpl {
    BlockImpl() { fc = register_module("fc", torch::nn::Linear(4, 4)); }
    Tensor forward(const Tensor& x) {
        const Tensor y = SAID(cos, x.cos());
        return inBase(y);
    }
    torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(Block);

struct NetImpl : torch::nn::Module {
    NetImpl() : blocks(Block(), Block()) { register_module("blocks", blocks); }
    Tensor forward(const Tensor& x) {
        const Tensor y = blocks->forward(x);
        const auto halve = [](const Tensor& z) { return SAID(div, z.div(2)); };
        const std::function<Tensor(const Tensor&)> kept = halve;
        return kept(halve(y));
    }
    torch::nn::Sequential blocks;
};
TORCH_MODULE(Net);

} // namespace model

namespace {

struct Squared : torch::autograd::Function<Squared> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x) {
        context->save_for_backward({x});
        return SAID(square, x.square());
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& grads) {
        const Tensor x = context->get_saved_variables()[0];
        const Tensor grad = SAID(hypot, x.hypot(grads[0]));
        return {grad};
    }
};

void caught(const Tensor& x) {
    try {
        SAID(mm, x.mm(torch::Tensor(x)));
        throw std::runtime_error("left");
    } catch (const std::exception&) {
        SAID(abs, x.abs());
    }
}

struct AtExit {
    ~AtExit() { SAID(neg, held.neg()); }
    Tensor held;
};

} // namespace

int main() {
    torch::manual_seed(1);
    const Tensor x = SAID(full, torch::full({4, 4}, 0.5));
    plainly(x);
    inlinedThrice(x);
    generic(x, 2);
    generic(x, 0.5);
    recursively(x, 3);
    for (int i = 0; i < 3; ++i) {
        SAID(floor, x.floor());
        SAID(ceil, x.ceil());
    }
    caught(x);
    model::Net net;
    net->eval(); // a member function shows the recorder whose the modules are
    net->forward(x);
    std::thread([&] { SAID(erf, x.erf()); }).join();
    Tensor leaf = x.detach().clone().requires_grad_();
    leaf.register_hook([](const Tensor& grad) { return SAID(round, grad.round()); });
    Squared::apply(leaf).sum().backward();
    const AtExit last{x};
    return 0;
}
