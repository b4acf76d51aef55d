// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"
#include "tests/property/machine.h"

#include <set>
#include <string>
#include <vector>

/// What a comparison of two runs has to say, told by the machine, which knows what it planted and
/// who wrote every element. Shares nothing with replay but the names of the classes.
namespace repro::property {

struct Expectation {
    std::set<replay::CauseClass> classes; ///< any of them
    std::set<int> instructions;           ///< the origin is at one of them
    bool required = true;                 ///< else nobody could tell: may be listed
};

std::vector<Expectation> expect(const Program& program, const Execution& a, const Execution& b);

/// Compares with what replay says. Returns: what is wrong, one line; empty = nothing.
std::string judge(const std::vector<Expectation>& expected, const Execution& a, const Execution& b,
                  const replay::DiffResult& result);

} // namespace repro::property
