// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("lstm", lstm);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& series) {
        const torch::Tensor output = std::get<0>(lstm(series));
        return head(output.select(1, -1)).squeeze(1);
    }

    torch::nn::LSTM lstm{
        torch::nn::LSTMOptions(3, 24).num_layers(2).batch_first(true).dropout(0.2)};
    torch::nn::Linear head{24, 1};
};
TORCH_MODULE(Net);

} // namespace

// Forecasts the next value of noisy sines with a recurrent net.
int main() {
    torch::manual_seed(4);
    Net model;
    torch::nn::MSELoss criterion;
    torch::optim::RMSprop optimizer(model->parameters(), torch::optim::RMSpropOptions(1e-3));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor phase = torch::rand({16, 1, 3}) * 6.28;
        const torch::Tensor time = torch::arange(21, torch::kFloat).reshape({1, 21, 1}) * 0.3;
        const torch::Tensor series = torch::sin(time + phase) + torch::randn({16, 21, 3}) * 0.05;
        const torch::Tensor target = series.select(1, 20).select(1, 0);
        optimizer.zero_grad();
        criterion(model(series.slice(1, 0, 20)), target).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
