// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "samples/fingerprint.h"

/// A small seeded training, for programs whose point is elsewhere.
class Trainer {
public:
    explicit Trainer(std::uint64_t seed = 11) {
        torch::manual_seed(seed);
        m_model = torch::nn::Sequential(torch::nn::Linear(8, 32), torch::nn::ReLU(),
                                        torch::nn::Dropout(0.1), torch::nn::Linear(32, 1));
        m_optimizer = std::make_unique<torch::optim::Adam>(m_model->parameters(),
                                                           torch::optim::AdamOptions(1e-2));
    }

    void steps(int count) {
        for (int step = 0; step < count; ++step) {
            const torch::Tensor input = torch::randn({16, 8});
            m_optimizer->zero_grad();
            torch::mse_loss(m_model->forward(input).squeeze(1), input.sum(1)).backward();
            m_optimizer->step();
        }
    }

    [[nodiscard]] const torch::nn::Module& model() const { return *m_model; }

private:
    torch::nn::Sequential m_model{nullptr};
    std::unique_ptr<torch::optim::Adam> m_optimizer;
};
