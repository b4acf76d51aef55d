// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"

#include <chrono>
#include <memory>
#include <reprorec/reprorec.h>
#include <vector>

namespace {

constexpr int kWidth = 256;

/// What a longer program leaves on the heap: free blocks, a little larger than the memory below
/// needs and kept apart by blocks in use, full of numbers that come from the clock.
class UsedHeap {
public:
    UsedHeap() {
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        const float number = static_cast<float>(now % 1'000'003) / 1'000'003.0F;
        for (int i = 0; i < 512; ++i) {
            m_blocks.push_back(std::make_unique<float[]>(kWidth + 44));
            // Volatile, or the compiler leaves out writing what is freed unread.
            volatile float* block = m_blocks.back().get();
            for (int j = 0; j < kWidth + 44; ++j) {
                block[j] = number;
            }
        }
        for (std::size_t i = 0; i < m_blocks.size(); i += 2) {
            m_blocks[i].reset();
        }
    }

private:
    std::vector<std::unique_ptr<float[]>> m_blocks;
};

/// Adds a running mean of what it saw. The mistake: the first mean is `empty`, not `zeros`.
struct MemoryImpl : torch::nn::Module {
    MemoryImpl() { m_mean = register_buffer("mean", torch::empty({kWidth})); }

    torch::Tensor forward(const torch::Tensor& x) {
        REPROREC_LAYER(*this);
        const torch::Tensor y = x + m_mean;
        const torch::NoGradGuard noGrad;
        m_mean.mul_(0.9).add_(x.mean(0), 0.1);
        return y;
    }

private:
    torch::Tensor m_mean;
};
TORCH_MODULE(Memory);

} // namespace

int main() {
    torch::manual_seed(16);
    const UsedHeap heap;
    torch::nn::Sequential model({{"input", torch::nn::Linear(12, kWidth).ptr()},
                                 {"memory", Memory().ptr()},
                                 {"head", torch::nn::Linear(kWidth, 1).ptr()}});
    torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(1e-3));
    for (int step = 0; step < 6; ++step) {
        const torch::Tensor x = torch::randn({16, 12});
        optimizer.zero_grad();
        torch::mse_loss(model->forward(x).squeeze(1), x.sum(1)).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}
