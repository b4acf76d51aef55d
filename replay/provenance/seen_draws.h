// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/provenance/rng.h"
#include "replay/run/run.h"

#include <cstdint>

namespace repro::replay {

/// Leaves the findings of which somebody can see a number. One that rests on a state alone moves to
/// the first row whose numbers are seen; one without any is taken back: weights that a file
/// replaces before anything reads them were drawn for nobody.
/// Returns: rows that drew other numbers for nobody.
std::uint64_t dropUnseenFindings(Run& a, Run& b, const Alignment& alignment, RngComparison& rng);

} // namespace repro::replay
