// SPDX-License-Identifier: BSD-3-Clause
#include "replay/diff.h"

#include "replay/align.h"
#include "replay/alignment_map.h"
#include "replay/classify.h"
#include "replay/run.h"
#include "replay/tolerate.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace repro::replay {
namespace {

/// Why the runs cannot be compared, before any value is looked at; empty = they can.
std::string refuse(const Coverage& coverage) {
    const std::uint64_t fewer = std::min(coverage.eventsA, coverage.eventsB);
    if (fewer == 0) {
        return fmt::format("run {} holds no events to align", coverage.eventsA == 0 ? "A" : "B");
    }
    if (coverage.matched * 2 < fewer) {
        return fmt::format("only {} of {} events of the shorter run have a partner in the other",
                           coverage.matched, fewer);
    }
    return {};
}

void noteEnding(const trace::Reader& reader, const char* side, DiffResult& result) {
    const trace::Header& header = reader.header();
    if (!header.complete) {
        result.notes.push_back(fmt::format(
            "run {} is not complete: {}", side,
            header.ending.empty() ? "still being written, or orphaned" : header.ending));
    }
    if (header.drops + header.gaps > 0) {
        result.notes.push_back(fmt::format("run {} lost records: {} dropped, {} never arrived",
                                           side, header.drops, header.gaps));
    }
}

/// What is missing may differ: the rest alone is not the same.
std::string whyNotSame(const trace::Reader& reader, const char* side) {
    const trace::Header& header = reader.header();
    return !header.complete || header.drops + header.gaps > 0
               ? fmt::format("nothing differs in what was recorded, but run {} is not whole", side)
               : "";
}

/// What a verdict rests on beyond the recordings.
void applyMap(const AlignmentMap& map, Run& a, const Run& b, DiffResult& result) {
    a.rename(namesInB(map, a, b));
    result.notes.push_back(fmt::format("aligned by a map with {} names and {} pairs of events",
                                       map.layers.size() + map.ops.size(), map.pairs.size()));
}

/// Of runs that are not compared only the alignment is known.
void leaveUnknown(Alignment& alignment) {
    for (Row& row : alignment.rows) {
        const bool oneSided = row.a == trace::kNone64 || row.b == trace::kNone64;
        row.rowClass = oneSided                         ? RowClass::Structural
                       : row.rowClass == RowClass::Same ? RowClass::Unknown
                                                        : row.rowClass;
    }
}

void judge(Run& a, Run& b, Alignment& alignment, const DiffOptions& options, DiffResult& result) {
    if (options.tolerances == nullptr) {
        classify(a, b, alignment, options, result);
        return;
    }
    DiffOptions all = options; // which of the origins remain is known at the end
    all.maxOrigins = SIZE_MAX;
    classify(a, b, alignment, all, result);
    applyTolerances(a, b, alignment, options, result);
}

} // namespace

DiffResult diff(const trace::Reader& a, const trace::Reader& b, const DiffOptions& options) {
    options.report({.stage = DiffStage::Index});
    auto first = std::async(std::launch::async, [&] { return Run(a); });
    Run runB(b);
    Run runA = first.get();
    return diff(runA, runB, options);
}

DiffResult diff(Run& runA, Run& runB, const DiffOptions& options) {
    const trace::Reader& a = runA.reader();
    const trace::Reader& b = runB.reader();
    DiffResult result;
    result.pathA = a.path().string();
    result.pathB = b.path().string();
    result.environment = diffEnvironments(a.header().environment, b.header().environment);
    noteEnding(a, "A", result);
    noteEnding(b, "B", result);
    if (options.map != nullptr && !options.map->isEmpty()) {
        applyMap(*options.map, runA, runB, result);
    }
    options.report({.stage = DiffStage::Align});
    Alignment alignment = align(runA, runB, options);
    result.coverage.eventsA = runA.rowCount();
    result.coverage.eventsB = runB.rowCount();
    result.coverage.matched = alignment.matched;
    result.reason = refuse(result.coverage);
    if (result.reason.empty()) {
        judge(runA, runB, alignment, options, result);
        if (result.coverage.valuesCompared == 0) {
            result.reason = "no value was hashed in both runs";
        }
    } else {
        leaveUnknown(alignment);
    }
    if (result.reason.empty() && result.verdict == Verdict::Same) {
        result.reason = whyNotSame(a, "A");
        result.reason += result.reason.empty() ? whyNotSame(b, "B") : "";
    }
    if (!result.reason.empty()) {
        result.verdict = Verdict::NotComparable;
        result.origins.clear();
        result.originCount = 0;
    }
    result.notes.insert(result.notes.end(), result.damaged.begin(), result.damaged.end());
    if (options.keepRows) {
        result.rows = std::move(alignment.rows);
    }
    return result;
}

} // namespace repro::replay
