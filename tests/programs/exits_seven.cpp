// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <cstdlib>

// Leaves with a status of its own, from the middle of its work, by exit.
int main() {
    Trainer trainer;
    trainer.steps(3);
    printFinalHash(trainer.model());
    std::exit(7);
}
