// SPDX-License-Identifier: BSD-3-Clause
// Does the same in one way or another: `two_ways KIND WAY [FILE]`, WAY 0 or 1. Two runs of each
// have one right answer.
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using torch::Tensor;

struct Call {
    bool other = false;
    std::string file;
};

Tensor wave(const std::vector<std::int64_t>& sizes, double phase = 0) {
    const std::int64_t count =
        std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
    return torch::sin(torch::arange(count) * 0.1 + phase).reshape(sizes);
}

void train(torch::nn::Sequential& net, const Tensor& x, int steps,
           const std::vector<Tensor>& parameters) {
    torch::optim::Adam adam(parameters, 1e-2);
    for (int step = 0; step < steps; ++step) {
        adam.zero_grad();
        torch::mse_loss(net->forward(x), x.mean(1, true)).backward();
        torch::nn::utils::clip_grad_norm_(parameters, 0.5);
        adam.step();
    }
}

torch::nn::Sequential small() {
    return torch::nn::Sequential(torch::nn::Linear(6, 12), torch::nn::Tanh(),
                                 torch::nn::Linear(12, 1));
}

/// Random weights that nobody seeds, all of them replaced; one layer keeps them if `other`.
void replaces(const Call& call) {
    torch::nn::Linear layer(6, 4);
    torch::nn::Linear stale(4, 2);
    layer->weight.set_data(wave({4, 6}));
    const torch::NoGradGuard noGrad;
    layer->bias.copy_(wave({4}));
    if (!call.other) {
        stale->weight.copy_(wave({2, 4}));
        stale->bias.zero_();
    }
    std::printf("%f\n", stale(layer(wave({3, 6}))).sum().item<double>());
}

void batch(const Call& call) {
    torch::manual_seed(1);
    torch::nn::Linear layer(6, 4);
    const torch::NoGradGuard noGrad;
    const Tensor x = wave({8, 6});
    for (int i = 0; i < (call.other ? 8 : 1); ++i) {
        layer(call.other ? x.slice(0, i, i + 1) : x);
    }
}

void format(const Call& call) {
    torch::manual_seed(1);
    torch::nn::BatchNorm2d norm(8);
    for (int step = 0; step < 2; ++step) {
        Tensor x = wave({4, 8, 17, 17}, step);
        if (call.other) {
            x = x.contiguous(torch::MemoryFormat::ChannelsLast);
        }
        norm(x).square().mean().backward();
    }
}

/// Parameters in another order, as a set that is ordered by address gives them.
void permutes(const Call& call) {
    torch::manual_seed(1);
    torch::nn::Sequential net = small();
    std::vector<Tensor> parameters = net->parameters();
    if (call.other) {
        std::reverse(parameters.begin(), parameters.end());
    }
    train(net, wave({5, 6}), 3, parameters);
}

/// Six steps, or the last three of them from the file that the first run leaves.
void resumes(const Call& call) {
    torch::manual_seed(1);
    torch::nn::Sequential net = small();
    torch::optim::Adam adam(net->parameters(), 1e-2);
    if (call.other) {
        torch::load(net, call.file + ".net");
        torch::load(adam, call.file + ".adam");
    }
    for (int step = call.other ? 3 : 0; step < 6; ++step) {
        if (step == 3 && !call.other) {
            torch::save(net, call.file + ".net");
            torch::save(adam, call.file + ".adam");
        }
        const Tensor x = torch::randn({5, 6});
        adam.zero_grad();
        torch::mse_loss(net->forward(x), x.mean(1, true)).backward();
        adam.step();
    }
}

/// The same op, on another thread.
void moves(const Call& call) {
    torch::manual_seed(1);
    torch::nn::Linear layer(6, 4);
    const Tensor x = wave({3, 6});
    Tensor y;
    const auto run = [&] { y = layer(x); };
    call.other ? std::thread(run).join() : run();
    std::printf("%f\n", y.sum().item<double>());
}

/// The same numbers at an address that is aligned otherwise.
void shifts(const Call& call) {
    at::set_num_threads(1);
    constexpr std::size_t kCount = 517 * 213;
    const std::size_t offset = call.other ? 17 : 16;
    const std::unique_ptr<float, void (*)(void*)> memory(
        static_cast<float*>(std::aligned_alloc(64, (kCount + 32) * sizeof(float) / 64 * 64)),
        std::free);
    float* first = memory.get() + offset;
    for (std::size_t i = 0; i < kCount; ++i) {
        first[i] = 0.001F * static_cast<float>(i * 2654435761U % 2003) - 1.0F;
    }
    const Tensor weight = torch::from_blob(first, {213, 517});
    for (int i = 0; i < 3; ++i) {
        torch::mv(weight, wave({517}, i));
        weight.sum(1);
    }
}

/// Tensors that an op made fresh and a pointer filled, with other data in each run.
void fills(const Call& /*call*/) {
    std::random_device entropy;
    torch::manual_seed(1);
    torch::nn::Linear layer(4, 2);
    for (int i = 0; i < 40; ++i) {
        const double state[4] = {1.0 * entropy(), 1.0 * entropy(), i * 1.0, 1};
        const Tensor x = torch::zeros({1, 4}, torch::kDouble);
        std::memcpy(x.data_ptr(), state, sizeof state);
        layer(x.to(torch::kFloat));
    }
}

/// Threads that share a norm in training mode.
void shares(const Call& /*call*/) {
    torch::manual_seed(1);
    at::set_num_threads(1);
    torch::nn::BatchNorm1d norm(64);
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k) {
        threads.emplace_back([&norm, k] {
            const torch::NoGradGuard noGrad;
            for (int i = 0; i < 60; ++i) {
                norm(wave({32, 64}, k * 100 + i));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    norm->eval();
    std::printf("%.9g\n", norm(torch::ones({4, 64})).sum().item<double>());
}

} // namespace

int main(int argc, char** argv) {
    const std::map<std::string, std::function<void(const Call&)>> kinds = {
        {"replaces", replaces}, {"batch", batch},     {"format", format},
        {"permutes", permutes}, {"resumes", resumes}, {"moves", moves},
        {"shifts", shifts},     {"fills", fills},     {"shares", shares}};
    kinds.at(argv[1])({std::string(argv[2]) == "1", argc > 3 ? argv[3] : ""});
    return 0;
}
