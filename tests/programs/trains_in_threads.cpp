// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <thread>
#include <vector>

namespace {

struct Job {
    torch::nn::Sequential model;
    torch::Tensor input;
};

void train(const Job& job) {
    torch::nn::Sequential model = job.model;
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 10; ++step) {
        optimizer.zero_grad();
        torch::mse_loss(model->forward(job.input).squeeze(1), job.input.sum(1)).backward();
        optimizer.step();
    }
}

} // namespace

// Four threads train a model each. Everything random is drawn before they start.
int main() {
    torch::manual_seed(14);
    std::vector<Job> jobs;
    for (int i = 0; i < 4; ++i) {
        jobs.push_back({torch::nn::Sequential(torch::nn::Linear(6, 24 + i), torch::nn::Tanh(),
                                              torch::nn::Linear(24 + i, 1)),
                        torch::randn({32, 6})});
    }
    std::vector<std::thread> threads;
    for (const Job& job : jobs) {
        threads.emplace_back(train, std::cref(job));
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const Job& job : jobs) {
        printFinalHash(*job.model);
    }
    return 0;
}
