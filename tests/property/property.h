// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/generate.h"
#include "tests/property/program.h"

#include <string>

namespace repro::property {

/// Runs a program twice under schedules of its seed, compares the traces, and asks the machine.
/// Returns: what is wrong, one line; empty = nothing.
std::string check(const Program& program);

/// What kind of wrong: the line without the places.
std::string kindOf(const std::string& wrong);

/// The smallest program found that fails in the same way.
/// Requires: check(program) fails.
Program shrink(const Program& program);

} // namespace repro::property
