// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <torch/library.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace {

int lastSignal = SIGKILL;

torch::Tensor perish(const torch::Tensor& self) {
    if (lastSignal != 0) {
        std::signal(lastSignal, SIG_DFL);
        std::raise(lastSignal);
    }
    return self;
}

TORCH_LIBRARY(reprotest, library) {
    library.def("perish(Tensor self) -> Tensor", &perish);
}

/// From now on there is room for a little more than what is mapped.
void limitMemory() {
    constexpr rlim_t kHeadroom = 64 << 20;
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + kHeadroom;
    const rlimit limit{most, most};
    setrlimit(RLIMIT_AS, &limit);
}

} // namespace

// dies_in_op SIGNAL [SEED]: trains, then dies of that signal inside an op of its own; of 0 not at
// all. SIGNAL "memory": of the exception of an op that gets no memory.
int main(int argc, char** argv) {
    const std::string how = argc > 1 ? argv[1] : "9";
    lastSignal = how == "memory" ? 0 : std::stoi(how);
    Trainer trainer(argc > 2 ? std::stoull(argv[2]) : 11);
    trainer.steps(3);
    if (how == "memory") {
        limitMemory();
    }
    const torch::Tensor ones = torch::ones({32 << 20});
    const auto op = c10::Dispatcher::singleton()
                        .findSchemaOrThrow("reprotest::perish", "")
                        .typed<torch::Tensor(const torch::Tensor&)>();
    op.call(ones.narrow(0, 0, 3));
    trainer.steps(2);
    return 0;
}
