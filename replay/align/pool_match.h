// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/alignment_map.h"
#include "replay/result/result.h"
#include "replay/run/run.h"

#include <span>
#include <vector>

namespace repro::replay {

/// Pairs the work of two pools. Which thread did an item is chance, so rows are matched by what
/// they read (where that is unique), then along the threads from there, and the rest, which nothing
/// tells apart, in order. Pairs of `held` come first. Rows of one run alone are in the result too.
/// In no particular order.
std::vector<Row> matchPool(const Run& runA, const Lane& a, const Run& runB, const Lane& b,
                           std::span<const AlignmentMap::Pair> held);

/// Pairs, of rows that a diff in order left over, those that only their place tells apart, and who
/// made what they read.
std::vector<Row> matchReordered(const Run& runA, const Lane& a, const Run& runB, const Lane& b);

} // namespace repro::replay
