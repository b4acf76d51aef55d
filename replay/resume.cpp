// SPDX-License-Identifier: BSD-3-Clause
#include "replay/resume.h"

#include "replay/align.h"
#include "replay/row_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone32;

/// A hash of all parameters as the optimizer finds them, by step; steps without one are left out.
std::map<std::uint32_t, std::uint64_t> parametersByStep(const Run& run, std::size_t most) {
    std::map<std::uint32_t, std::uint64_t> found;
    std::unordered_set<std::uint32_t> seen; // in the step at hand
    std::uint32_t step = 0;
    for (EventId event = 0; event < run.events.count; ++event) {
        const std::uint32_t parameter = run.events.parameter[event];
        if (parameter == kNone32 || !run.isRow(event) ||
            static_cast<trace::Phase>(run.events.phase[event]) != trace::Phase::Optimizer) {
            continue;
        }
        if (run.events.step[event] != step) {
            if (found.size() >= most) {
                break;
            }
            step = run.events.step[event];
            seen.clear();
        }
        for (const std::uint64_t use : run.usesOf(event)) {
            if (run.isOutput(use) || (run.uses.flags[use] & trace::use_flag::Written) == 0 ||
                run.uses.name[use] != parameter || !isMeaningful(run, use) ||
                !seen.insert(parameter).second) {
                continue;
            }
            const auto value = run.uses.value[use];
            const std::uint64_t contents =
                run.values.fingerprintLow[value] ^ std::rotl(run.values.fingerprintHigh[value], 17);
            // A sum: parameters may be visited in any order.
            found[step] += mixHash(hashPath(run.reader().text(parameter)), contents);
        }
    }
    return found;
}

const Lane* firstLane(const Run& run) {
    return run.lanes().empty() ? nullptr : &run.lanes().front();
}

/// The rows of a step in the run's first lane.
std::span<const EventId> rowsOfStep(const Run& run, std::uint32_t step) {
    const std::vector<EventId>& rows = firstLane(run)->events;
    const auto stepOf = [&](EventId event) { return run.events.step[event]; };
    const auto range = std::ranges::equal_range(rows, step, {}, stepOf);
    return {range.begin(), range.end()};
}

/// How many rows at the end of two steps do the same.
std::size_t commonEnd(const Run& a, std::span<const EventId> inA, const Run& b,
                      std::span<const EventId> inB) {
    std::size_t n = 0;
    while (n < std::min(inA.size(), inB.size()) &&
           a.key(inA[inA.size() - 1 - n], KeyLevel::Full) ==
               b.key(inB[inB.size() - 1 - n], KeyLevel::Full)) {
        ++n;
    }
    return n;
}

/// Is `late` a run that goes on where `whole` was? Returns: the steps of both.
std::optional<std::pair<std::uint32_t, std::uint32_t>>
goesOn(const std::map<std::uint32_t, std::uint64_t>& whole,
       const std::map<std::uint32_t, std::uint64_t>& late) {
    const auto found = std::ranges::find_if(
        whole, [&](const auto& entry) { return entry.second == late.begin()->second; });
    return found == whole.end() ? std::nullopt
                                : std::optional(std::pair{found->first, late.begin()->first});
}

} // namespace

std::optional<Resume> findResume(const Run& a, const Run& b) {
    if (firstLane(a) == nullptr || firstLane(b) == nullptr) {
        return std::nullopt;
    }
    const auto firstA = parametersByStep(a, 1);
    const auto firstB = parametersByStep(b, 1);
    if (firstA.empty() || firstB.empty() || firstA.begin()->second == firstB.begin()->second) {
        return std::nullopt;
    }
    const auto inA = parametersByStep(a, SIZE_MAX);
    const auto inB = parametersByStep(b, SIZE_MAX);
    Resume resume;
    if (const auto steps = goesOn(inA, inB)) {
        std::tie(resume.stepA, resume.stepB) = *steps;
    } else if (const auto reverse = goesOn(inB, inA)) {
        std::tie(resume.stepB, resume.stepA) = *reverse;
        resume.inB = false;
    } else {
        return std::nullopt;
    }
    const auto rowsA = rowsOfStep(a, resume.stepA);
    const auto rowsB = rowsOfStep(b, resume.stepB);
    const std::size_t common = commonEnd(a, rowsA, b, rowsB);
    if (common == 0) {
        return std::nullopt;
    }
    resume.eventA = rowsA[rowsA.size() - common];
    resume.eventB = rowsB[rowsB.size() - common];
    return resume;
}

void markBeforeResume(Alignment& alignment) {
    if (!alignment.resume) {
        return;
    }
    for (Row& row : alignment.rows) {
        const bool isPair = row.a != trace::kNone64 && row.b != trace::kNone64;
        const bool isBefore = row.b == trace::kNone64 ? row.a < alignment.resume->eventA
                                                      : row.b < alignment.resume->eventB;
        row.rowClass = !isPair && isBefore ? RowClass::Unknown : row.rowClass;
    }
}

std::string resumeWords(const Resume& resume) {
    return resume.inB ? fmt::format("run B goes on at step {} of run A", resume.stepA)
                      : fmt::format("run A goes on at step {} of run B", resume.stepB);
}

} // namespace repro::replay
