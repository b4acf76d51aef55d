// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <string>
#include <string_view>

namespace repro::host {

/// The host's environment as a JSON object; trace/FORMAT.md names its keys. Values of environment
/// variables are stored for a list of names that matter to results; of others nothing is kept.
std::string environmentJson();

/// In pieces that fit the ring. After the first text, a further one adds to its lists and objects.
void sendEnvironment(ThreadState& state, std::string_view json);

} // namespace repro::host
