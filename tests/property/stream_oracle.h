// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/oracle.h"

#include <set>
#include <vector>

namespace repro::property {

/// What is to be said of the generators' streams. `alone`: instructions of one run only. `certain`:
/// the course of the program does not hang on a number that differs.
std::vector<Expectation> expectStreams(const Program& program, const Execution& a,
                                       const Execution& b, const std::set<int>& alone,
                                       bool certain);

/// What is planted at an instruction.
const Planted* plantedAt(const Program& program, int id);

bool isInput(const Slot& slot);
bool isWrittenBy(const Slot& slot, int instruction);

} // namespace repro::property
