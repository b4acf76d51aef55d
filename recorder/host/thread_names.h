// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/preload/hooks.h"

#include <cstdint>
#include <string>

namespace repro::host {

struct ThreadName {
    std::uint32_t id = 0; ///< number of the recording thread, in the order of their first ops
    std::uint32_t creator =
        0;            ///< id of the thread that made it; kNone32 when that never dispatched
    std::string name; ///< "main", "main/worker#2"
    std::string pool; ///< creator's pool and start function: "main/worker@train+0x4f10"
};

/// Names the calling thread. Only threads that dispatch ops are numbered, per creator and start
/// function. `origin` null: the main thread, or one that was made before the stub could see it.
ThreadName nameThread(const ReproOrigin* origin);

} // namespace repro::host
