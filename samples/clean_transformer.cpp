// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

namespace {

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("embed", embed);
        register_module("encoder", encoder);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& tokens) {
        // The encoder wants the sequence first.
        const torch::Tensor mask = torch::nn::TransformerImpl::generate_square_subsequent_mask(12);
        return head(encoder(embed(tokens).transpose(0, 1), mask)).transpose(0, 1);
    }

    torch::nn::Embedding embed{50, 32};
    torch::nn::TransformerEncoder encoder{
        torch::nn::TransformerEncoderLayer(
            torch::nn::TransformerEncoderLayerOptions(32, 4).dim_feedforward(64).dropout(0.1)),
        2};
    torch::nn::Linear head{32, 50};
};
TORCH_MODULE(Net);

} // namespace

// A causal language model of two encoder layers, with dropout in its attention.
int main() {
    torch::manual_seed(3);
    Net model;
    torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(1e-3));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor tokens = torch::randint(50, {8, 13}, torch::kLong);
        const torch::Tensor logits = model(tokens.slice(1, 0, 12));
        const torch::Tensor loss = torch::nn::functional::cross_entropy(
            logits.reshape({-1, 50}), tokens.slice(1, 1, 13).reshape({-1}));
        optimizer.zero_grad();
        loss.backward();
        torch::nn::utils::clip_grad_norm_(model->parameters(), 1.0);
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
