// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

struct NamedArgument {
    std::string name; ///< of the schema; "argument 3" where it does not tell
    std::string value;
};

/// Arguments of an event as text, tensors among them.
std::vector<NamedArgument> argumentsOf(const Run& run, trace::EventId event);

/// Do the arguments that both events have by name agree? Their schemas may be of two LibTorchs.
bool sameByName(const Run& a, trace::EventId inA, const Run& b, trace::EventId inB);

} // namespace repro::replay
