// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <torch/torch.h>

#include <iostream>
#include <map>
#include <string>
#include <vector>

// In the manner of the character models that circulate as LibTorch tutorials.

struct CharModelImpl : torch::nn::Module {
    CharModelImpl(int64_t vocab, int64_t embed_dim, int64_t hidden)
        : embedding(vocab, embed_dim),
          lstm(torch::nn::LSTMOptions(embed_dim, hidden).num_layers(2).batch_first(true)),
          fc(hidden, vocab) {
        register_module("embedding", embedding);
        register_module("lstm", lstm);
        register_module("fc", fc);
    }

    std::tuple<torch::Tensor, std::tuple<torch::Tensor, torch::Tensor>>
    forward(torch::Tensor x, torch::optional<std::tuple<torch::Tensor, torch::Tensor>> state) {
        auto [out, next] = lstm->forward(embedding->forward(x), state);
        return {fc->forward(out), next};
    }

    torch::nn::Embedding embedding;
    torch::nn::LSTM lstm;
    torch::nn::Linear fc;
};
TORCH_MODULE(CharModel);

int main() {
    torch::manual_seed(42);
    const std::string text = "the quick brown fox jumps over the lazy dog and runs away ";
    std::map<char, int64_t> ids;
    std::vector<char> chars;
    std::vector<int64_t> data;
    for (char c : text + text + text) {
        if (ids.emplace(c, static_cast<int64_t>(ids.size())).second) {
            chars.push_back(c);
        }
        data.push_back(ids[c]);
    }
    const auto vocab = static_cast<int64_t>(ids.size());
    auto corpus = torch::tensor(data, torch::kLong);

    CharModel model(vocab, 16, 48);
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(3e-3));
    torch::nn::CrossEntropyLoss criterion;
    const int64_t seq_len = 24, batch = 4;
    for (int epoch = 0; epoch < 6; ++epoch) {
        std::vector<torch::Tensor> xs, ys;
        for (int64_t b = 0; b < batch; ++b) {
            const int64_t start = (epoch * 17 + b * 31) % (corpus.size(0) - seq_len - 1);
            xs.push_back(corpus.slice(0, start, start + seq_len));
            ys.push_back(corpus.slice(0, start + 1, start + seq_len + 1));
        }
        auto [logits, state] = model->forward(torch::stack(xs), {});
        auto loss = criterion(logits.reshape({-1, vocab}), torch::stack(ys).reshape({-1}));
        optimizer.zero_grad();
        loss.backward();
        torch::nn::utils::clip_grad_norm_(model->parameters(), 5.0);
        optimizer.step();
        std::cout << "epoch " << epoch << " loss " << loss.item<float>() << "\n";
    }

    model->eval();
    torch::NoGradGuard guard;
    torch::optional<std::tuple<torch::Tensor, torch::Tensor>> state;
    int64_t current = ids['t'];
    std::string sample = "t";
    for (int i = 0; i < 12; ++i) {
        auto [logits, next] = model->forward(torch::full({1, 1}, current, torch::kLong), state);
        state = next;
        auto probabilities = torch::softmax(logits.reshape({-1}), 0);
        current = torch::multinomial(probabilities, 1).item<int64_t>();
        sample += chars[static_cast<size_t>(current)];
    }
    std::cout << sample << "\n";
    printFinalHash(*model);
    return 0;
}
