// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <iostream>
#include <unistd.h>

// Writes to stdout and stderr in every way there is, bytes that are no text included.
int main() {
    Trainer trainer;
    std::cout << "training\n";
    for (int i = 0; i < 3; ++i) {
        trainer.steps(1);
        std::cout << "step " << i << std::endl;
        std::cerr << "warning " << i << '\n';
        std::fprintf(stderr, "note %d\n", i);
        const char raw[] = {'\0', '\xFF', '\x1B', '\n'};
        if (write(STDOUT_FILENO, raw, sizeof raw) != sizeof raw) {
            return 1;
        }
    }
    printFinalHash(trainer.model());
    return 0;
}
