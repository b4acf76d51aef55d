// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"
#include "symbols/units.h"

namespace repro::symbols {

/// The functions around an address, innermost first: those that were inlined, and the one that they
/// were inlined into. One frame without a name where debug information has only the line.
/// `cfi`: may be null.
std::vector<SourceFrame> framesAt(const Place& place, Dwarf_Addr address, Dwarf_CFI* cfi);

} // namespace repro::symbols
