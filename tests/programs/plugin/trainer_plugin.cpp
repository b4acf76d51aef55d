// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

extern "C" int trainPlugin() {
    Trainer trainer;
    trainer.steps(3);
    printFinalHash(trainer.model());
    return 0;
}
