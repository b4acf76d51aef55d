// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"

#include <cstddef>

namespace repro::replay {

/// Consecutive rows [first, last) of an alignment that only one run has.
struct StructureBlock {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t representative = 0; ///< the row that stands for it: the first whose values matter
    bool callsLayer = false;        ///< the program's own doing, not LibTorch's
    bool changesMode = false;       ///< train() or eval(): later ops follow it
    bool onlyRelays = false;        ///< its values are those that it read, with other strides
    bool matters = false; ///< its values reach a row of both runs, or it is (part of) a step
    Evidence what;        ///< how many rows of each run
};

/// Judges the block that begins at a row of one run alone. Rows that are evidence for nothing
/// (RowClass::Unknown) are in no block.
StructureBlock judgeStructure(const Sides& sides, std::size_t first);

} // namespace repro::replay
