// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/cut_off.h"

#include "replay/run/locate.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;
namespace event_flag = trace::event_flag;

bool isUnfinished(const Run& run, EventId event) {
    return (run.events.flags[event] & event_flag::Unfinished) != 0;
}

/// The last rows of each lane in one run.
struct Tails {
    std::unordered_map<std::string_view, EventId> lastPaired;
    std::unordered_set<std::string_view> goOn; ///< ... and have finished rows of their own after it

    Tails(const Run& run, const std::vector<Row>& rows, EventId Row::*side, EventId Row::*other) {
        for (const Row& row : rows) {
            if (row.*side != kNone64 && row.*other != kNone64) {
                EventId& last = lastPaired.try_emplace(run.laneName(row.*side), 0).first->second;
                last = std::max(last, row.*side);
            }
        }
        for (const Row& row : rows) {
            if (row.*other == kNone64 && isAfter(run, row.*side) && !isUnfinished(run, row.*side)) {
                goOn.insert(run.laneName(row.*side));
            }
        }
    }
    [[nodiscard]] bool isAfter(const Run& run, EventId event) const {
        const auto last = lastPaired.find(run.laneName(event));
        return last == lastPaired.end() || event > last->second;
    }
};

void markRows(const Run& run, const Tails& own, const Tails& theirs, EventId Row::*side,
              EventId Row::*other, Alignment& alignment) {
    for (Row& row : alignment.rows) {
        if (row.*other == kNone64 && own.isAfter(run, row.*side) &&
            !theirs.goOn.contains(run.laneName(row.*side))) {
            row.rowClass = RowClass::Unknown;
        }
    }
}

/// The op that was running last, on any thread.
EventId openOp(const Run& run) {
    for (EventId event = run.events.count; event-- > 0;) {
        if (isUnfinished(run, event) && run.isRow(event) && !run.opName(event).empty()) {
            return event;
        }
    }
    return kNone64;
}

} // namespace

bool isCutOff(const Run& run) {
    return !run.reader().header().complete;
}

std::string endingWords(const Run& run) {
    const std::string& ending = run.reader().header().ending;
    const EventId open = openOp(run);
    const std::string in = open == kNone64 ? "" : fmt::format(" in {}", run.opName(open));
    if (ending.empty()) {
        return "is still being written, or was left unfinished";
    }
    if (ending.starts_with("signal")) {
        return fmt::format("was ended by {}{}", ending, in);
    }
    if (ending == "killed") {
        return "was killed" + in;
    }
    return fmt::format("is incomplete ({}){}", ending, in);
}

void markBeyondEnd(const Run& a, const Run& b, Alignment& alignment) {
    if (!isCutOff(a) && !isCutOff(b)) {
        return;
    }
    const Tails inA(a, alignment.rows, &Row::a, &Row::b);
    const Tails inB(b, alignment.rows, &Row::b, &Row::a);
    if (isCutOff(b)) {
        markRows(a, inA, inB, &Row::a, &Row::b, alignment);
    }
    if (isCutOff(a)) {
        markRows(b, inB, inA, &Row::b, &Row::a, alignment);
    }
}

bool isEvidence(const Run& a, const Run& b, const Row& row) {
    if (row.a == kNone64 || row.b == kNone64) {
        return row.rowClass != RowClass::Unknown;
    }
    return !isUnfinished(a, row.a) && !isUnfinished(b, row.b);
}

} // namespace repro::replay
