// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <csignal>
#include <cstring>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

int compute() {
    const torch::Tensor x = torch::ones({4, 4}).mm(torch::ones({4, 4}));
    return x.sum().item<float>() == 64.0F ? 3 : 4;
}

/// Returns: the child's wait status.
int forkAndWait(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) {
        std::exit(body());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

int perish() {
    compute();
    return raise(SIGKILL);
}

int execute() {
    execl("/bin/sh", "sh", "-c", "exit 3", nullptr);
    return 4;
}

int forkAgain() {
    compute();
    return WEXITSTATUS(forkAndWait(compute));
}

/// Returns: false when there is no such way.
bool run(std::string_view way) {
    if (way == "train") {
        Trainer trainer;
        trainer.steps(2);
        std::printf("child %d\n", WEXITSTATUS(forkAndWait(compute)));
        trainer.steps(2);
        printFinalHash(trainer.model());
    } else if (way == "thread") {
        std::thread([] {
            compute();
            std::printf("child %d\n", WEXITSTATUS(forkAndWait(compute)));
        }).join();
    } else if (way == "twice") {
        std::printf("child %d\n", WEXITSTATUS(forkAndWait(forkAgain)));
    } else if (way == "killed") {
        std::printf("signal %d\n", WTERMSIG(forkAndWait(perish)));
    } else if (way == "exec") {
        std::printf("child %d, %d\n", WEXITSTATUS(forkAndWait(execute)),
                    WEXITSTATUS(std::system("exit 3")));
    } else {
        return false;
    }
    return true;
}

} // namespace

// forks WAY...: children that compute and leave in good order, or not, one after the other.
int main(int argc, char** argv) {
    at::set_num_threads(1); // OpenMP does not survive a fork
    for (int i = 1; i < argc; ++i) {
        if (!run(argv[i])) {
            return 2;
        }
        std::fflush(stdout); // a child's exit() would print it again
    }
    return 0;
}
