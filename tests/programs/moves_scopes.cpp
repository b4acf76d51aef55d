// SPDX-License-Identifier: BSD-3-Clause
#include <torch/torch.h>

#include <cstdio>
#include <memory>
#include <thread>

// Scopes that begin here and end on other threads, while ops draw.
int main() {
    torch::manual_seed(1);
    for (int i = 0; i < 20; ++i) {
        auto scope = std::make_shared<at::RecordFunction>(at::RecordScope::USER_SCOPE);
        if (scope->isActive()) {
            scope->before("moved");
        }
        const torch::Tensor x = torch::randn({64});
        std::thread([ended = std::move(scope)] { ended->end(); }).join();
        std::printf("%.6f\n", torch::dropout(x, 0.5, true).sum().item<float>());
    }
    return 0;
}
