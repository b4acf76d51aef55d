// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"
#include "trace/reader.h"

#include <string>
#include <vector>

namespace repro::replay::exec {

/// A recorded op, ready to be run again.
struct Plan {
    Job job; ///< under its recorded conditions
    /// It draws from a generator whose recorded state is not in the trace: its runs begin alike,
    /// but not as the recorded one did.
    bool isReseeded = false;
};

/// Throws: Error (Usage) that says why this event cannot be run again and what to do: not an op, a
/// view, bytes that were not kept, a device other than the CPU, ...
Plan planOf(const trace::Reader& reader, trace::EventId event);

/// Conditions to run it under, the recorded ones first; then one thread, and deterministic
/// algorithms, where that is another.
struct Conditions {
    std::string name; ///< "as recorded", "1 thread", "deterministic"
    std::uint32_t threads = 0;
    std::uint32_t flags = 0;
};
std::vector<Conditions> usualConditions(const Job& job);
/// Those that an event was recorded under; of one without a context, 0 threads.
Conditions recordedConditions(const trace::Reader& reader, trace::EventId event, std::string name);

} // namespace repro::replay::exec
