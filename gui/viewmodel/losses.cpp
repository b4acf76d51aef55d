// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/losses.h"

#include "gui/viewmodel/elements.h"
#include "replay/diff.h"
#include "trace/error.h"

#include <algorithm>
#include <unordered_map>

namespace repro::gui {

using trace::EventId;
using trace::kNone64;

namespace {

std::optional<trace::OpId> onesLikeOf(const trace::Reader& reader) {
    const auto& ops = reader.ops();
    const auto found = std::ranges::find_if(ops, [&](const trace::Op& op) {
        return reader.text(op.name) == "aten::ones_like" && reader.text(op.overload).empty();
    });
    return found == ops.end() ? std::nullopt : std::optional(trace::OpId(found - ops.begin()));
}

/// Its input, if that has one element; else none.
std::optional<trace::ValueId> scalarOf(const trace::Reader& reader, EventId event) {
    const auto& uses = reader.uses();
    const std::uint64_t first = reader.events().firstUse[event];
    for (std::uint64_t use = first; use < first + reader.events().useCount[event]; ++use) {
        if (uses.slot[use] == 0 &&
            static_cast<trace::Direction>(uses.direction[use]) == trace::Direction::In) {
            const trace::ValueId value = uses.value[use];
            return reader.values().elements[value] == 1 ? std::optional(value) : std::nullopt;
        }
    }
    return std::nullopt;
}

bool isInside(const trace::EventColumns& events, EventId event, EventId outer) {
    EventId parent = events.parent[event];
    while (parent != kNone64 && parent > outer) {
        parent = events.parent[parent];
    }
    return parent == outer;
}

/// Does it say nothing about whether backward nodes follow an op? The engine announces each of its
/// nodes by a text.
bool saysNothing(const trace::EventColumns& events, EventId event, EventId op) {
    return static_cast<trace::EventKind>(events.kind[event]) == trace::EventKind::Text ||
           isInside(events, event, op);
}

bool isBackward(const trace::EventColumns& events, EventId event) {
    return static_cast<trace::Phase>(events.phase[event]) == trace::Phase::Backward ||
           static_cast<trace::EventKind>(events.kind[event]) == trace::EventKind::Node;
}

std::vector<EventId> eventsOfLosses(const trace::Reader& reader, const CancelFlag& cancel) {
    std::vector<EventId> found;
    const auto onesLike = onesLikeOf(reader);
    const auto& events = reader.events();
    std::unordered_map<trace::ThreadId, std::vector<EventId>> waiting; // for a node, by thread
    for (EventId event = 0; onesLike && event < events.count; ++event) {
        if (event % 65536 == 0 && cancel) {
            throw replay::Cancelled();
        }
        if (events.op[event] == *onesLike && !isBackward(events, event) &&
            (events.flags[event] & trace::event_flag::Outermost) != 0 && scalarOf(reader, event)) {
            waiting[events.thread[event]].push_back(event);
            continue;
        }
        const auto mine = waiting.empty() ? waiting.end() : waiting.find(events.thread[event]);
        if (mine == waiting.end() || saysNothing(events, event, mine->second.back())) {
            continue;
        }
        if (isBackward(events, event)) {
            found.insert(found.end(), mine->second.begin(), mine->second.end());
        }
        waiting.erase(mine);
    }
    std::ranges::sort(found); // threads take turns
    return found;
}

std::optional<double> numberOf(const trace::Reader& reader, trace::ValueId id) {
    const trace::Value value = reader.value(id);
    const ElementType& type = elementType(value.dtype);
    if (value.payload == kNone64 || !type.known()) {
        return std::nullopt;
    }
    try {
        return type.read(reader.bytes(value).data());
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Format) {
            throw;
        }
        return std::nullopt; // damaged, which is said where the tensor is shown
    }
}

/// Of a tensor of one element; an infinity's sign is not among them.
std::optional<double> numberOf(const trace::Statistics& statistics) {
    return statistics.inf > 0   ? std::nullopt
           : statistics.nan > 0 ? std::optional(std::numeric_limits<double>::quiet_NaN())
                                : std::optional(statistics.min);
}

} // namespace

std::vector<Loss> findLosses(const trace::Reader& reader, const CancelFlag& cancel) {
    std::vector<Loss> losses;
    std::unordered_map<trace::ValueId, std::vector<std::size_t>> unread;
    std::unordered_map<std::uint32_t, int> perStep;
    for (const EventId event : eventsOfLosses(reader, cancel)) {
        if (cancel) {
            throw replay::Cancelled();
        }
        const trace::ValueId value = *scalarOf(reader, event);
        losses.push_back({event, perStep[reader.events().step[event]]++, numberOf(reader, value)});
        if (!losses.back().value) {
            unread[value].push_back(losses.size() - 1);
        }
    }
    if (!unread.empty()) {
        for (const trace::Statistics& row : reader.statistics()) {
            const auto found = unread.find(row.value);
            for (std::size_t i = 0; found != unread.end() && i < found->second.size(); ++i) {
                losses[found->second[i]].value = numberOf(row);
            }
        }
    }
    return losses;
}

} // namespace repro::gui
