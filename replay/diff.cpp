// SPDX-License-Identifier: BSD-3-Clause
#include "replay/diff.h"

#include "replay/align/align.h"
#include "replay/align/alignment_map.h"
#include "replay/align/cut_off.h"
#include "replay/classify/classify.h"
#include "replay/classify/tolerate.h"
#include "replay/run/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>

namespace repro::replay {
namespace {

/// Do most of the first rows have a partner that does the same?
bool beginAlike(const Alignment& alignment) {
    constexpr std::size_t kFirstRows = 32;
    const std::size_t count = std::min(alignment.rows.size(), kFirstRows);
    const auto isAlike = [](const Row& row) {
        return row.a != trace::kNone64 && row.b != trace::kNone64 &&
               row.strategy != Strategy::Reshaped && row.strategy != Strategy::Renamed &&
               row.strategy != Strategy::Order;
    };
    const auto end = alignment.rows.begin() + static_cast<std::ptrdiff_t>(count);
    const auto alike = std::count_if(alignment.rows.begin(), end, isAlike);
    return static_cast<std::size_t>(alike) * 4 >= count * 3;
}

bool haveMostInCommon(const Coverage& coverage) {
    return coverage.matched * 2 >= std::min(coverage.eventsA, coverage.eventsB);
}

/// Why the runs cannot be compared, before any value is looked at; empty = they can.
std::string refuse(const Coverage& coverage, const Alignment& alignment) {
    const std::uint64_t fewer = std::min(coverage.eventsA, coverage.eventsB);
    if (fewer == 0) {
        return fmt::format("run {} holds no events to align", coverage.eventsA == 0 ? "A" : "B");
    }
    if (!haveMostInCommon(coverage) && !beginAlike(alignment)) {
        return fmt::format("the runs do not begin alike, and only {} of {} events of the shorter "
                           "one have a partner in the other",
                           coverage.matched, fewer);
    }
    return {};
}

/// Of runs that begin alike and then go different ways, all that follows the first origin may be
/// its consequence.
void keepFirstOrigin(DiffResult& result) {
    if (haveMostInCommon(result.coverage) || result.originCount < 2) {
        return;
    }
    const Coverage& c = result.coverage;
    result.notes.push_back({EvidenceKind::GoDifferentWays,
                            {},
                            {std::to_string(c.matched), std::to_string(c.eventsA),
                             std::to_string(c.eventsB), std::to_string(result.originCount - 1)}});
    result.origins.resize(1);
    result.originCount = 1;
}

void noteEnding(const trace::Reader& reader, const char* side, DiffResult& result) {
    const trace::Header& header = reader.header();
    if (!header.complete) {
        const bool isOpen = header.ending.empty();
        result.notes.push_back({isOpen ? EvidenceKind::RunOpen : EvidenceKind::RunIncomplete,
                                {},
                                {side, header.ending}});
    }
    if (header.drops + header.gaps > 0) {
        result.notes.push_back({EvidenceKind::RecordsLost,
                                {},
                                {side, std::to_string(header.drops), std::to_string(header.gaps)}});
    }
    if (header.unrecordedChildren > 0) {
        result.notes.push_back({EvidenceKind::ChildrenUnrecorded,
                                {},
                                {side, std::to_string(header.unrecordedChildren)}});
    }
}

/// What is missing may differ: the rest alone is not the same. Empty = nothing is missing.
std::string whyNotSame(const Run& a, const Run& b, std::uint64_t matched,
                       const DiffOptions& options) {
    std::vector<std::string> endings;
    const auto add = [&](const Run& run, const char* side) {
        const trace::Header& header = run.reader().header();
        if (isCutOff(run)) {
            endings.push_back(fmt::format("{} {}", side, endingWords(run)));
        } else if (header.drops + header.gaps > 0) {
            endings.push_back(fmt::format("{} lost records", side));
        }
        if (header.unrecordedChildren > 0 && !options.allowUnrecordedChildren) {
            endings.push_back(fmt::format("of {} {} (--allow-unrecorded-children accepts that)",
                                          side, trace::unrecordedText(header.unrecordedChildren)));
        }
    };
    add(a, "a");
    add(b, "b");
    return endings.empty() ? ""
                           : fmt::format("equal in all {} events that both recorded; {}", matched,
                                         fmt::join(endings, ", "));
}

/// What a verdict rests on beyond the recordings.
void applyMap(const AlignmentMap& map, Run& a, const Run& b, DiffResult& result) {
    a.rename(namesInB(map, a, b));
    result.notes.push_back(
        {EvidenceKind::AlignedByMap,
         {},
         {std::to_string(map.layers.size() + map.ops.size()), std::to_string(map.pairs.size())}});
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
    result.reason = refuse(result.coverage, alignment);
    if (result.reason.empty()) {
        markBeyondEnd(runA, runB, alignment);
        markBeforeResume(runA, runB, alignment);
        if (alignment.resume) {
            result.notes.push_back(
                {EvidenceKind::AlignedAtResume, {}, resumeValues(*alignment.resume)});
        }
        judge(runA, runB, alignment, options, result);
        keepFirstOrigin(result);
        if (result.coverage.valuesCompared == 0) {
            result.reason = "no value was hashed in both runs";
        }
    } else {
        leaveUnknown(alignment);
    }
    if (result.reason.empty() && result.verdict == Verdict::Same) {
        result.reason = whyNotSame(runA, runB, result.coverage.matched, options);
    }
    if (!result.reason.empty()) {
        result.verdict = Verdict::NotComparable;
        result.origins.clear();
        result.originCount = 0;
    }
    for (const std::string& line : result.damaged) {
        result.notes.push_back({EvidenceKind::Damaged, {}, {line}});
    }
    const bool inPython = isOfPython(a.header().environment);
    for (Origin& origin : result.origins) {
        origin.cause.inPython = inPython;
    }
    if (options.keepRows) {
        result.rows = std::move(alignment.rows);
    }
    return result;
}

} // namespace repro::replay
