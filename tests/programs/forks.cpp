// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <sys/wait.h>
#include <unistd.h>

// A child that computes and leaves in good order, while the parent goes on.
int main() {
    at::set_num_threads(1); // OpenMP does not survive a fork
    Trainer trainer;
    trainer.steps(2);
    const pid_t child = fork();
    if (child == 0) {
        const torch::Tensor x = torch::ones({4, 4}).mm(torch::ones({4, 4}));
        std::exit(x.sum().item<float>() == 64.0F ? 3 : 4);
    }
    trainer.steps(2);
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        return 1;
    }
    std::printf("child %d\n", WEXITSTATUS(status));
    printFinalHash(trainer.model());
    return 0;
}
