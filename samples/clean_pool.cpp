// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <atomic>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kShards = 12;

struct NetImpl : torch::nn::Module {
    NetImpl() {
        register_module("input", input);
        register_module("head", head);
    }

    torch::Tensor forward(const torch::Tensor& x) { return head(torch::tanh(input(x))); }

    torch::nn::Linear input{10, 32};
    torch::nn::Linear head{32, 3};
};
TORCH_MODULE(Net);

using Gradients = std::vector<torch::Tensor>;

/// The gradients of each shard, by three threads that take the next shard as they come free: which
/// of them has which shard, and in which order they end, is chance.
std::vector<Gradients> gradientsOf(Net& model, const std::vector<torch::Tensor>& shards) {
    std::vector<Gradients> gradients(shards.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t shard = next++; shard < shards.size(); shard = next++) {
            const torch::Tensor& x = shards[shard];
            const torch::Tensor loss =
                torch::nn::functional::cross_entropy(model(x), x.slice(1, 0, 3).argmax(1));
            gradients[shard] = torch::autograd::grad({loss}, model->parameters());
        }
    };
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i) {
        workers.emplace_back(work);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    return gradients;
}

} // namespace

// Data-parallel training: the main thread adds the shards' gradients up in their order.
int main() {
    torch::manual_seed(27);
    Net model;
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
    for (int step = 0; step < 6; ++step) {
        const auto shards = torch::randn({kShards * 16, 10}).chunk(kShards);
        optimizer.zero_grad();
        const std::vector<torch::Tensor> parameters = model->parameters();
        for (const Gradients& shard : gradientsOf(model, shards)) {
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                torch::Tensor& sum = parameters[i].mutable_grad();
                sum = sum.defined() ? sum + shard[i] : shard[i];
            }
        }
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
