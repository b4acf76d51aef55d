// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/call_stack.h"
#include "trace/reader.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace repro::cli {

/// What came from one line of the program, or from several.
struct LineReport {
    struct Kind {
        std::string name;  ///< "aten::addmm", "layer"
        std::string layer; ///< path; may be empty
        std::uint64_t count = 0;
        std::uint32_t firstStep = 0, lastStep = 0;
    };
    std::uint64_t events = 0;
    std::uint64_t ops = 0; ///< outermost
    std::uint64_t draws = 0;
    std::vector<Kind> kinds; ///< in the order of the first event of each
    std::set<std::string> layers, parameters;
    std::map<std::string, std::uint64_t> generators; ///< draws of each
};

/// A line in the order of its first event, and what came from it.
struct ProgramLine {
    const replay::SourceLine* call = nullptr;
    LineReport report;
};
/// All lines of a trace that have an event, with counts alone: no kinds, no parameters.
std::vector<ProgramLine> programLines(const trace::Reader& reader, const replay::OwnCalls& own);

/// All of the events whose call is marked in `calls`, by its index in `own`.
LineReport reportOn(const trace::Reader& reader, const replay::OwnCalls& own,
                    const std::vector<bool>& calls);

} // namespace repro::cli
