// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/program.h"

namespace repro::property {

/// Plants none to three causes into one of the runs of a program, or into both where the cause is
/// chance that a program leaves room for (memory that nobody wrote, a shared generator).
void plantCauses(Program& program, Random& random);

/// Is an op one of the table's, that differs between two equal runs?
bool isKnownToDiffer(const std::string& op);

} // namespace repro::property
