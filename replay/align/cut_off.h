// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/run/run.h"

#include <string>

namespace repro::replay {

/// Was the run ended before it ended itself, or is it still being written?
bool isCutOff(const Run& run);

/// "was ended by signal 9 in aten::addmm": how a run that was cut off ended, and the op that it was
/// in, where it was in one.
std::string endingWords(const Run& run);

/// Marks (RowClass::Unknown) the rows that one run has only because the other was cut off before:
/// they are evidence for nothing. Of threads that went different ways before, none.
void markBeyondEnd(const Run& a, const Run& b, Alignment& alignment);

/// Does the row speak of both runs? Not a row of one run alone that was marked, nor an op that one
/// of the runs was cut off in.
bool isEvidence(const Run& a, const Run& b, const Row& row);

} // namespace repro::replay
