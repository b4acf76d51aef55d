// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/run/run.h"

#include <span>

namespace repro::replay {

/// Judges every row of an alignment in the order of run A and fills the result: classes of the
/// rows (in `alignment`), coverage, origins with their causes, notes, verdict.
void classify(Run& a, Run& b, Alignment& alignment, const DiffOptions& options, DiffResult& result);

} // namespace repro::replay
