// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/run/run.h"

#include <cstddef>
#include <cstdint>

namespace repro::replay {

/// What ran in another order in run B.
struct Reordered {
    std::uint64_t count = 0;
    Row first;
};

/// Pairs work that both runs did in another order, as a loop over a hash table does: from row
/// `from` on, rows that read other contents than their partners, or have none, take the row of the
/// same thread and step that does the same on the same contents. Rows of pools, which were matched
/// so, and rows that draw random numbers keep their partners. Rows before `from` stay as they are.
Reordered pairReordered(const Run& a, const Run& b, Alignment& alignment, std::size_t from);

} // namespace repro::replay
