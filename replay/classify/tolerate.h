// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/result/tolerance.h"
#include "replay/run/run.h"

namespace repro::replay {

/// Takes back, from a result that was judged bit by bit, what a tolerance excuses: rows whose
/// differing values are all within it become WithinTolerance, and an origin among them is none. The
/// tolerance is held to every compared value, inherited or not. A value beyond it that was computed
/// from values within it is one origin more: the place where the difference outgrew the tolerance,
/// with the cause of the origin it came from. Arguments, generators and structure are not numbers
/// of a tensor; only a rule that ignores their op excuses them.
///
/// Requires: options.tolerances, and a result with every origin of its own.
/// Throws: Error (Usage) when a rule applies to no compared value of these runs.
void applyTolerances(Run& a, Run& b, Alignment& alignment, const DiffOptions& options,
                     DiffResult& result);

} // namespace repro::replay
