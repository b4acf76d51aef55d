// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>

namespace repro::replay {

/// What to do about it, in the language that the program is written in.
std::string remedyWords(const Cause& cause);

} // namespace repro::replay
