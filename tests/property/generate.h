// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/program.h"

namespace repro::property {

/// A random program with up to three planted causes; the same for the same seed.
Program generate(std::uint64_t seed);

} // namespace repro::property
