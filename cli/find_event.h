// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/reader.h"

#include <optional>
#include <string>
#include <vector>

namespace repro::cli {

/// Throws: Error (Usage) with the valid range when the trace has no such event.
void requireEvent(const trace::Reader& reader, trace::EventId id);

/// The row of `uses` of a tensor, by the name that reports give its slot: "out0", "in1[3]".
/// Throws: Error (Usage) with the slots that the event has.
std::uint64_t findSlot(const trace::Reader& reader, trace::EventId id, const std::string& slot);

/// For each use of `event`, the row of the use that last wrote what it reads: an output with the
/// same contents in the same bytes of the same storage, of an event that ended before `event`
/// began; outermost ops win over what they enclose. None for outputs, and where nobody who was
/// recorded wrote it.
std::vector<std::optional<std::uint64_t>> producersOf(const trace::Reader& reader,
                                                      trace::EventId event);

} // namespace repro::cli
