// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/knowledge/knowledge.h"
#include "replay/run/run.h"

namespace repro::replay {

/// The row of the table, of this kind, whose condition holds of an op or of one nested in it; or
/// null.
const KnownOp* findKnown(KnownKind kind, const Run& run, trace::EventId event, int deviceType);

} // namespace repro::replay
