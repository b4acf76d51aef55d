// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "trace/reader.h"

#include <optional>

namespace repro::replay {

/// The stack of a site. Nothing where none was recorded, or none of its calls is the program's own.
std::optional<CallStack> stackOf(const trace::Reader& reader, trace::SiteId site);

/// Equal from the innermost call of the program's own code outward: by source line, or where none
/// is known by the place in the module.
bool sameOwnCalls(const CallStack& a, const CallStack& b);

} // namespace repro::replay
