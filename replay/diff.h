// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/options.h"
#include "replay/result/result.h"
#include "trace/reader.h"

/// Comparing two traces: align, classify, name the first divergence and its cause.
namespace repro::replay {

/// Compares two recordings. Threads: safe for readers that no one else moves.
/// Throws: Error when a trace cannot be read, or a line of a map or a rule of a tolerance applies
/// to nothing; Cancelled.
DiffResult diff(const trace::Reader& a, const trace::Reader& b, const DiffOptions& options = {});

class Run;
/// Likewise, of runs that the caller has indexed and keeps: A with the names of the map.
DiffResult diff(Run& a, Run& b, const DiffOptions& options = {});

} // namespace repro::replay
