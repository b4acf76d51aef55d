// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/known_kernel.h"

#include "replay/run/event_arguments.h"
#include "replay/run/nested.h"

#include <algorithm>
#include <string>
#include <vector>

namespace repro::replay {
namespace {

using trace::EventId;

/// As at::show_config() tells.
bool isBuiltWithMkl(const Run& run) {
    const std::string& environment = run.reader().header().environment;
    return environment.find("Math Kernel Library") != std::string::npos;
}

/// By op: has it a row of a library's first use?
std::vector<bool> opsOfFirstUse(const Run& run) {
    constexpr int kCpu = 0;
    std::vector<bool> uses;
    for (const trace::Op& op : run.reader().ops()) {
        const auto rows =
            knownRows(run.reader().text(op.name), run.reader().text(op.overload), kCpu);
        uses.push_back(std::ranges::any_of(
            rows, [](const KnownOp* row) { return knownKind(row->cause) == KnownKind::FirstUse; }));
    }
    return uses;
}

/// Does it set the library up while another thread calls it too? So it is if no such op had ended
/// before this one began, and this one shares its work or runs beside one of another thread.
bool isRacingFirstUse(const Run& run, EventId event) {
    const trace::EventColumns& events = run.events;
    const std::vector<bool> uses = opsOfFirstUse(run);
    bool races = run.context(run.enclosingRow(event)).threads > 1;
    for (EventId e = 0; e < events.count && events.begin[e] < events.end[event]; ++e) {
        if (events.op[e] >= uses.size() || !uses[events.op[e]]) {
            continue;
        }
        if (events.end[e] < events.begin[event]) {
            return false;
        }
        races = races || events.thread[e] != events.thread[event];
    }
    return races;
}

/// A condition that begins "accumulate=true" must hold of the op's own argument, where it has one;
/// one that begins "first call", of the run and of its LibTorch.
bool conditionHolds(const Run& run, EventId event, std::string_view condition) {
    if (condition.starts_with("first call")) {
        return isBuiltWithMkl(run) && isRacingFirstUse(run, event);
    }
    constexpr std::string_view kLead = "accumulate=";
    if (!condition.starts_with(kLead)) {
        return true;
    }
    const bool wanted = condition.substr(kLead.size()).starts_with("true");
    for (const NamedArgument& argument : argumentsOf(run, event)) {
        if (argument.name == "accumulate") {
            return (argument.value == "true") == wanted;
        }
    }
    return true;
}

/// A row of the table that explains such a difference.
const KnownOp* knownOf(KnownKind kind, const Run& run, EventId event, int deviceType) {
    const trace::Op op = run.op(event);
    const auto name = run.reader().text(op.name);
    for (const KnownOp* known : knownRows(name, run.reader().text(op.overload), deviceType)) {
        if (knownKind(known->cause) == kind && conditionHolds(run, event, known->condition)) {
            return known;
        }
    }
    return nullptr;
}

} // namespace

const KnownOp* findKnown(KnownKind kind, const Run& run, EventId event, int deviceType) {
    if (const KnownOp* known = knownOf(kind, run, event, deviceType)) {
        return known;
    }
    for (const EventId nested : nestedEvents(run, event)) {
        if (const KnownOp* known = knownOf(kind, run, nested, deviceType)) {
            return known;
        }
    }
    return nullptr;
}

} // namespace repro::replay
