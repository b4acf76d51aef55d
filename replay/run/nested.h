// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <vector>

namespace repro::replay {

/// Events nested below one, of the same thread.
std::vector<trace::EventId> nestedEvents(const Run& run, trace::EventId event);

} // namespace repro::replay
