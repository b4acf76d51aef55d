// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// A run that goes on where the other was at a later step: its first step finds the parameters that
/// the other run's step found.
struct Resume {
    bool inB = true;         ///< run B was resumed, else A
    std::uint32_t stepA = 0; ///< the steps that do the same
    std::uint32_t stepB = 0;
    trace::EventId eventA = trace::kNone64; ///< their first rows that have each other's key
    trace::EventId eventB = trace::kNone64;
};

/// By the parameters as the optimizer finds them in each step. Nothing where the first steps of
/// both runs find the same, where no step of the other run does, or where they go on with other
/// ops. Of steps that find the same the first counts.
std::optional<Resume> findResume(const Run& a, const Run& b);

struct Alignment;
/// Marks (RowClass::Unknown) what one run alone did before the place where the resumed one goes on,
/// and gradients that it set to zero there: a process that has just begun has none.
void markBeforeResume(const Run& a, const Run& b, Alignment& alignment);

/// Who goes on, at which step, of whom: {"B", "9", "A"}.
std::vector<std::string> resumeValues(const Resume& resume);

} // namespace repro::replay
