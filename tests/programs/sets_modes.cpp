// SPDX-License-Identifier: BSD-3-Clause
#include <torch/torch.h>

#include <cfenv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <immintrin.h>
#include <thread>

// Changes what decides numbers and is no op's argument, with another op after each change:
// sets_modes LIBRARY [die].
int main(int argc, char** argv) {
    const torch::Tensor x = torch::ones({64});
    torch::sin(x);
    if (argc < 2 || dlopen(argv[1], RTLD_NOW) == nullptr) {
        std::puts("needs a library that can be opened");
        return 1;
    }
    torch::cos(x);
    if (argc > 2 && std::strcmp(argv[2], "die") == 0) {
        std::raise(SIGKILL);
    }
    std::thread([&] {
        _mm_setcsr(_mm_getcsr() & ~0x8040U);
        torch::tan(x);
    }).join();
    std::fesetround(FE_UPWARD);
    torch::exp(x);
    std::fesetround(FE_TONEAREST);
    const auto& engines = at::Context::supportedQEngines();
    at::globalContext().setQEngine(engines.back());
    torch::erf(x);
    std::printf("engine %d\n", static_cast<int>(at::globalContext().qEngine()));
    torch::sinh(x.slice(0, 1));
    return 0;
}
