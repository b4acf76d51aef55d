// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"
#include "replay/run.h"

#include <cstdint>
#include <optional>

namespace repro::replay {

/// An op that uses bytes while an op of another thread writes them.
struct Race {
    std::uint64_t which = 0; ///< of the op's uses
    trace::EventId writer = trace::kNone64;
    bool isA = true; ///< seen in run A, else in B
};

/// What a row's op shares with ops of other threads that write at the same time, in either run.
std::optional<Race> raceOf(const Run& a, const Run& b, const Row& row);

} // namespace repro::replay
