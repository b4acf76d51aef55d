// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <string>

namespace repro::replay {

/// The recorded program and its arguments for a shell, each with a blank before it.
std::string programWords(const trace::Header& header);

/// The command that records the program again with the bytes of this event's op in this step, ready
/// for a shell: what a user needs where a recording has fingerprints only.
std::string rerecordCommand(const trace::Reader& reader, trace::EventId event);

} // namespace repro::replay
