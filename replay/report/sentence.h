// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/evidence.h"

#include <string>

namespace repro::replay {

/// "argument eps is 0.5 in A, 0.25 in B": the only place where a fact becomes words.
std::string sentence(const Evidence& evidence);
/// The same without the subject, for where that stands before it: "two threads draw from it ...".
std::string statement(const Evidence& evidence);

const char* evidenceName(EvidenceKind kind); ///< "argument", as JSON has it

} // namespace repro::replay
