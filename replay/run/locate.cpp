// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/locate.h"

#include "replay/numbers/values.h"
#include "replay/run/call_stack.h"
#include "trace/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone32;
using trace::kNone64;

std::optional<std::string> textOrNone(const trace::Reader& reader, trace::TextId id) {
    const auto text = reader.text(id);
    return text.empty() ? std::nullopt : std::optional(std::string(text));
}

std::optional<EventId> idOrNone(EventId id) {
    return id == kNone64 ? std::nullopt : std::optional(id);
}

std::optional<std::string> nodeOf(const Run& run, EventId event) {
    const auto& reader = run.reader();
    for (EventId up = run.events.parent[event]; up != kNone64 && up < run.events.count;
         up = run.events.parent[up]) {
        if (static_cast<EventKind>(run.events.kind[up]) == EventKind::Node) {
            return textOrNone(reader, run.op(up).name);
        }
    }
    return std::nullopt;
}

void describeEvent(const Run& run, EventId id, Location& place) {
    const trace::Reader& reader = run.reader();
    const trace::Event event = reader.event(id);
    const trace::Op op = run.op(id);
    place.op = reader.text(op.name);
    place.overload = reader.text(op.overload);
    if (event.layer < reader.layers().size()) {
        const trace::Layer& layer = reader.layers()[event.layer];
        place.layer = textOrNone(reader, layer.path);
        place.layerType = textOrNone(reader, layer.type);
        constexpr std::uint32_t kOnStack =
            trace::event_flag::InferredLayer | trace::event_flag::ExactLayer;
        place.layerInferred = (event.flags & kOnStack) == trace::event_flag::InferredLayer;
    }
    place.parameter = textOrNone(reader, event.parameter);
    place.node = nodeOf(run, id);
    place.step = event.step;
    place.phase = event.phase;
    if (event.thread < reader.threads().size()) {
        place.thread = textOrNone(reader, reader.threads()[event.thread].name);
    }
    place.site = stackOf(reader, event.site);
}

void describeSlot(const Run& a, const Run& b, UsePair slot, Location& place,
                  std::vector<std::string>& damaged) {
    place.slot = slotName(a, slot.a);
    place.valueA = a.uses.value[slot.a];
    place.valueB = b.uses.value[slot.b];
    const trace::Value value = a.reader().value(*place.valueA);
    place.dtype = value.dtype;
    const auto sizes = a.reader().list(value.sizes);
    place.shape = std::vector<std::int64_t>(sizes.begin(), sizes.end());
    place.difference = compareUses(a, b, slot, damaged);
}

} // namespace

std::string argumentName(const Run& run, std::uint64_t use) {
    std::vector<std::string> names;
    const auto schema = trace::argumentNames(run.reader().text(run.op(run.uses.event[use]).schema));
    const bool isArgument =
        !run.isOutput(use) || (run.uses.flags[use] & trace::use_flag::Written) != 0;
    if (isArgument && run.uses.slot[use] < schema.size()) {
        names.push_back(schema[run.uses.slot[use]]);
    }
    if (const auto owner = run.reader().text(run.uses.name[use]); !owner.empty()) {
        names.emplace_back(owner);
    }
    return names.empty() ? slotName(run, use)
                         : fmt::format("{} ({})", slotName(run, use), fmt::join(names, ", "));
}

std::string_view nameOf(const Run& run, EventId event) {
    switch (static_cast<EventKind>(run.events.kind[event])) {
    case EventKind::Layer:
        return "layer call";
    case EventKind::Gradient:
        return "gradient";
    case EventKind::OptimizerStep:
        return "Optimizer::step";
    case EventKind::ZeroGrad:
        return "zero_grad";
    case EventKind::Mode:
        return "Module::train";
    case EventKind::Watch:
        return "watch";
    case EventKind::StepMark:
        return "step mark";
    case EventKind::Fork:
        return "fork";
    case EventKind::Stream:
        return "random numbers";
    case EventKind::Batch:
        return "batch";
    default:
        return run.opName(event);
    }
}

std::string eventName(const Run& run, EventId event) {
    return fmt::format("{} (event {})", nameOf(run, event), event);
}

EventRef eventRef(const Run& run, EventId event, char side) {
    return {side, event, event == kNone64 ? std::string() : std::string(nameOf(run, event))};
}

Location locate(const Run& a, const Run& b, const Row& row, std::optional<UsePair> slot,
                std::vector<std::string>& damaged) {
    Location place;
    place.eventA = idOrNone(row.a);
    place.eventB = idOrNone(row.b);
    const bool inA = row.a != kNone64;
    describeEvent(inA ? a : b, inA ? row.a : row.b, place);
    if (inA && place.eventB) {
        const auto other = stackOf(b.reader(), b.events.site[row.b]);
        place.siteB =
            place.site && other && !sameOwnCalls(*place.site, *other) ? other : std::nullopt;
    }
    if (slot) {
        describeSlot(a, b, *slot, place, damaged);
    }
    return place;
}

Difference compareUses(const Run& a, const Run& b, UsePair pair,
                       std::vector<std::string>& damaged) {
    try {
        return compareValues(a.reader(), a.uses.value[pair.a], b.reader(), b.uses.value[pair.b]);
    } catch (const Error& error) {
        noteDamage(a, pair, error, damaged);
        return {};
    }
}

void noteDamage(const Run& a, UsePair pair, const Error& error, std::vector<std::string>& damaged) {
    if (error.kind() != ErrorKind::Format) {
        throw;
    }
    std::string line = fmt::format("{}; it is {} of {}", error.what(), slotName(a, pair.a),
                                   eventName(a, a.uses.event[pair.a]));
    if (std::find(damaged.begin(), damaged.end(), line) == damaged.end()) {
        damaged.push_back(std::move(line));
    }
}

} // namespace repro::replay
