// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>

namespace repro::replay {

/// What to do about it, one line, for every class.
std::string remedyFor(CauseClass cause);

/// A cause with its first piece of evidence, and the remedy of its class.
Cause makeCause(CauseClass kind, Confidence confidence, Evidence evidence);

/// Is there evidence of this kind for it?
bool rests(const Cause& cause, EvidenceKind kind);

} // namespace repro::replay
