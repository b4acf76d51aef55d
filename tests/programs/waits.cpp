// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <chrono>
#include <thread>
#include <unistd.h>

// waits FILE [STEPS]: trains, says `ready`, waits until FILE is there, trains on. So a test can do
// something to a recording that is half done.
int main(int argc, char** argv) {
    if (argc < 2) {
        return 2;
    }
    Trainer trainer;
    trainer.steps(3);
    std::puts("ready");
    std::fflush(stdout);
    while (access(argv[1], F_OK) != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    trainer.steps(argc > 2 ? std::atoi(argv[2]) : 20);
    printFinalHash(trainer.model());
    return 0;
}
