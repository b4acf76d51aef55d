// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/resume.h"

#include "replay/align/align.h"
#include "replay/align/sequence_diff.h"
#include "replay/run/row_compare.h"
#include "replay/run/storage_uses.h"

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

bool isOfOptimizer(const Run& run, EventId event) {
    return static_cast<trace::Phase>(run.events.phase[event]) == trace::Phase::Optimizer;
}

/// The rows of a run's first step from where its parameters have what they were saved with: writes
/// of them before the optimizer's, as load_state_dict() does by copy_, belong to the restoring.
std::span<const EventId> rowsAfterRestoring(const Run& run, std::uint32_t step) {
    const auto rows = rowsOfStep(run, step);
    std::unordered_set<std::uint64_t> parameters; // their storages
    for (const EventId event : rows) {
        for (const std::uint64_t use : run.usesOf(event)) {
            if (isOfOptimizer(run, event) && run.events.parameter[event] != kNone32 &&
                run.uses.name[use] == run.events.parameter[event]) {
                parameters.insert(run.storageOf(use));
            }
        }
    }
    std::size_t first = 0;
    for (std::size_t i = 0; i < rows.size() && !isOfOptimizer(run, rows[i]); ++i) {
        const bool restores = std::ranges::any_of(run.usesOf(rows[i]), [&](std::uint64_t use) {
            return isWrite(run, use) && parameters.contains(run.storageOf(use));
        });
        first = restores ? i + 1 : first;
    }
    return rows.subspan(first);
}

/// The first rows of two steps that do the same, where at least half of the first run's do. From
/// their ends: a run that has just begun set itself up before.
std::optional<Match> firstMatch(const Run& a, std::span<const EventId> inA, const Run& b,
                                std::span<const EventId> inB) {
    const auto keysOf = [](const Run& run, std::span<const EventId> rows) {
        std::vector<std::uint64_t> keys;
        for (auto event = rows.rbegin(); event != rows.rend(); ++event) {
            keys.push_back(run.key(*event, KeyLevel::Full));
        }
        return keys;
    };
    DiffBudget budget;
    const auto matches = diffSequences(keysOf(a, inA), keysOf(b, inB), budget);
    if (matches.empty() || matches.size() * 2 < inA.size()) {
        return std::nullopt;
    }
    Match first = matches.back();
    first.a = static_cast<std::uint32_t>(inA.size()) - 1 - first.a;
    first.b = static_cast<std::uint32_t>(inB.size()) - 1 - first.b;
    return first;
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
    const auto rowsOf = [](const Run& run, std::uint32_t step, bool isLate) {
        return isLate ? rowsAfterRestoring(run, step) : rowsOfStep(run, step);
    };
    const auto rowsA = rowsOf(a, resume.stepA, !resume.inB);
    const auto rowsB = rowsOf(b, resume.stepB, resume.inB);
    const auto first = firstMatch(a, rowsA, b, rowsB);
    if (!first) {
        return std::nullopt;
    }
    resume.eventA = rowsA[first->a];
    resume.eventB = rowsB[first->b];
    return resume;
}

namespace {

bool zeroesGradient(const Run& run, EventId event, std::uint32_t step) {
    const EventId parent = run.events.parent[event];
    return run.events.step[event] == step && parent < run.events.count &&
           static_cast<trace::EventKind>(run.events.kind[parent]) == trace::EventKind::ZeroGrad;
}

} // namespace

void markBeforeResume(const Run& a, const Run& b, Alignment& alignment) {
    if (!alignment.resume) {
        return;
    }
    for (Row& row : alignment.rows) {
        const bool isPair = row.a != trace::kNone64 && row.b != trace::kNone64;
        const Resume& resume = *alignment.resume;
        const bool isBefore = row.b == trace::kNone64
                                  ? row.a < resume.eventA || zeroesGradient(a, row.a, resume.stepA)
                                  : row.b < resume.eventB || zeroesGradient(b, row.b, resume.stepB);
        row.rowClass = !isPair && isBefore ? RowClass::Unknown : row.rowClass;
    }
}

std::vector<std::string> resumeValues(const Resume& resume) {
    return resume.inB ? std::vector<std::string>{"B", std::to_string(resume.stepA), "A"}
                      : std::vector<std::string>{"A", std::to_string(resume.stepB), "B"};
}

} // namespace repro::replay
