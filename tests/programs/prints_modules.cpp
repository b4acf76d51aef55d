// SPDX-License-Identifier: BSD-3-Clause
#include <torch/torch.h>

#include <iostream>

namespace {

/// Its constructor asks for the parameters, as those of LibTorch's recurrent layers do.
struct BaseImpl : torch::nn::Module {
    BaseImpl() {
        weight = register_parameter("weight", torch::ones({2, 2}));
        for (torch::Tensor& parameter : parameters()) {
            torch::nn::init::constant_(parameter, 0.5);
        }
    }
    torch::Tensor weight;
};

struct DerivedImpl : BaseImpl {
    DerivedImpl() { inner = register_module("inner", torch::nn::Linear(2, 2)); }
    torch::Tensor forward(const torch::Tensor& x) { return inner->forward(x).mm(weight); }
    torch::nn::Linear inner{nullptr};
};
TORCH_MODULE(Derived);

} // namespace

// Prints modules, of which LibTorch keeps the name that it gave first.
int main() {
    torch::manual_seed(3);
    const torch::Tensor x = torch::ones({3, 2});
    torch::nn::RNNCell rnnCell(2, 2);
    torch::nn::LSTMCell lstmCell(2, 2);
    torch::nn::GRUCell gruCell(2, 2);
    torch::nn::RNN rnn(2, 2);
    torch::nn::GRU gru(2, 2);
    torch::nn::ModuleList list(torch::nn::LSTM(2, 2));
    torch::nn::ModuleDict dict(
        std::vector<std::pair<std::string, std::shared_ptr<torch::nn::Module>>>{
            {"lstm", torch::nn::LSTM(2, 2).ptr()}});
    Derived derived;
    rnnCell->forward(x);
    lstmCell->forward(x);
    gruCell->forward(x);
    rnn->forward(x.unsqueeze(1));
    derived->forward(x);
    std::cout << rnnCell << '\n'
              << lstmCell << '\n'
              << gruCell << '\n'
              << rnn << '\n'
              << gru << '\n';
    std::cout << *list << '\n' << *dict << '\n' << *derived << '\n' << derived->name() << '\n';
    return 0;
}
