// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <torch/library.h>

#include <csignal>
#include <cstdlib>

namespace {

int lastSignal = SIGKILL;

torch::Tensor perish(const torch::Tensor& self) {
    std::signal(lastSignal, SIG_DFL);
    std::raise(lastSignal);
    return self;
}

TORCH_LIBRARY(reprotest, library) {
    library.def("perish(Tensor self) -> Tensor", &perish);
}

} // namespace

// dies_in_op SIGNAL: trains, then dies of that signal inside an op of its own.
int main(int argc, char** argv) {
    if (argc == 2) {
        lastSignal = std::atoi(argv[1]);
    }
    Trainer trainer;
    trainer.steps(3);
    const auto op = c10::Dispatcher::singleton()
                        .findSchemaOrThrow("reprotest::perish", "")
                        .typed<torch::Tensor(const torch::Tensor&)>();
    op.call(torch::ones({3}));
    return 0;
}
