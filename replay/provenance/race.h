// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"

#include <cstdint>
#include <optional>

namespace repro::replay {

/// An op that uses bytes while an op of another thread writes them.
struct Race {
    std::uint64_t which = 0; ///< of the op's uses
    trace::EventId writer = trace::kNone64;
    char run = 'A'; ///< in which it was seen
};

/// What a row's op shares with ops of other threads that write at the same time, in either run.
std::optional<Race> raceOf(const Sides& sides, const Row& row);

/// Two ops of a run, of different threads, that used bytes of one storage at the same time, one of
/// them writing: what any op finds there is then chance, also where it ran alone.
struct Contest {
    trace::EventId writer = trace::kNone64;
    trace::EventId other = trace::kNone64;
};

/// Nothing where no two are seen to have, among the first uses of the storage.
std::optional<Contest> contestFor(Run& run, std::uint64_t storage);

} // namespace repro::replay
