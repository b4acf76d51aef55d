// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <unistd.h>

// closes_descriptors FILE: closes every descriptor it has, as daemons do, trains, and writes its
// hash to FILE.
int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    for (int descriptor = 0; descriptor < 4096; ++descriptor) {
        close(descriptor);
    }
    Trainer trainer;
    trainer.steps(3);
    // The lowest free descriptor is 0: the output goes by the stream, not by the number.
    if (std::freopen(argv[1], "w", stdout) == nullptr) {
        return 3;
    }
    printFinalHash(trainer.model());
    return 0;
}
