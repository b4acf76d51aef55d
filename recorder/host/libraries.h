// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <nlohmann/json_fwd.hpp>

/// The libraries that the host maps, each told to the collector once.
namespace repro::host {

/// Those that were not told yet, under the key "libraries". Not while tellOpenedLibraries runs.
void addLibraries(nlohmann::json& environment);

/// A dlopen returned. Does nothing yet: constructors may run around it, and the loader's lock be
/// held.
void librariesOpened();

/// Tells what was opened since; before the next op, which is the first that it can matter to.
void tellOpenedLibraries(ThreadState& state);

} // namespace repro::host
