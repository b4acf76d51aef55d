// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/reader.h"

#include <optional>
#include <vector>

namespace repro::cli {

/// Throws: Error (Usage) with the valid range when the trace has no such event.
void requireEvent(const trace::Reader& reader, trace::EventId id);

/// The uses of an event in the order of the file.
std::vector<trace::Use> usesOf(const trace::Reader& reader, trace::EventId id);

/// For each use of `event`, the use that last wrote what it reads: an output with the same contents
/// in the same bytes of the same storage, of an event that ended before `event` began; outermost
/// ops win over what they enclose. None for outputs, and where nobody who was recorded wrote it.
std::vector<std::optional<trace::Use>>
producersOf(const trace::Reader& reader, trace::EventId event, const std::vector<trace::Use>& uses);

} // namespace repro::cli
