// SPDX-License-Identifier: BSD-3-Clause
#include "cli/find_event.h"

#include "cli/terminal.h"
#include "trace/error.h"
#include "trace/slots.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

namespace repro::cli {

namespace {

bool sameContents(const trace::ValueColumns& values, trace::ValueId a, trace::ValueId b) {
    return a == b ||
           (values.storage[a] != trace::kNone64 && values.storage[a] == values.storage[b] &&
            values.fingerprintLow[a] == values.fingerprintLow[b] &&
            values.fingerprintHigh[a] == values.fingerprintHigh[b] &&
            values.spanBegin[a] == values.spanBegin[b] && values.spanEnd[a] == values.spanEnd[b]);
}

/// What makes one writer a better answer than another: outermost first, then the later one.
using Rank = std::pair<bool, std::uint64_t>;

Rank rankOf(const trace::EventColumns& events, trace::EventId event) {
    return {(events.flags[event] & trace::event_flag::Outermost) != 0, events.end[event]};
}

} // namespace

void requireEvent(const trace::Reader& reader, trace::EventId id) {
    const std::uint64_t count = reader.events().count;
    const std::string path = reader.path().string();
    if (id >= count) {
        throw Error(ErrorKind::Usage,
                    count == 0
                        ? fmt::format("{}: no event {}; the recording has no events", path, id)
                        : fmt::format("{}: no event {}; it has 0 to {}, list them with: "
                                      "reprorec ls {}",
                                      path, id, count - 1, shellWord(path)));
    }
}

std::uint64_t findSlot(const trace::Reader& reader, trace::EventId id, const std::string& slot) {
    const auto wanted = trace::parseSlot(slot);
    if (!wanted) {
        throw Error(ErrorKind::Usage,
                    fmt::format("--slot '{}': not a slot; write out0, in1, arg2 (an argument after "
                                "the op wrote it) or in1[3] (of a list)",
                                slot));
    }
    const trace::Event event = reader.event(id);
    std::string all;
    for (std::uint64_t row = event.firstUse; row < event.firstUse + event.useCount; ++row) {
        if (trace::slotOf(reader.uses(), row) == *wanted) {
            return row;
        }
        all += (all.empty() ? "" : ", ") + trace::slotName(reader.uses(), row);
    }
    throw Error(ErrorKind::Usage,
                fmt::format("{}: event {} has no slot {}; it has {}", reader.path().string(), id,
                            slot, all.empty() ? "no tensors" : all));
}

std::vector<std::optional<std::uint64_t>> producersOf(const trace::Reader& reader,
                                                      trace::EventId event) {
    const trace::EventColumns& events = reader.events();
    const trace::ValueColumns& values = reader.values();
    const trace::UseColumns& all = reader.uses();
    const std::uint64_t first = events.firstUse[event];
    const auto isOut = [&](std::uint64_t use) {
        return all.direction[use] == static_cast<std::uint8_t>(trace::Direction::Out);
    };
    std::unordered_multimap<std::uint64_t, std::size_t> wanted;
    for (std::uint32_t i = 0; i < events.useCount[event]; ++i) {
        if (!isOut(first + i)) {
            wanted.emplace(values.fingerprintLow[all.value[first + i]], i);
        }
    }
    std::vector<std::optional<std::uint64_t>> best(events.useCount[event]);
    const std::uint64_t began = events.begin[event];
    for (std::uint64_t row = 0; row < all.count; ++row) {
        const std::uint64_t ended = events.end[all.event[row]];
        if (!isOut(row) || ended == 0 || ended >= began) {
            continue;
        }
        const auto [match, last] = wanted.equal_range(values.fingerprintLow[all.value[row]]);
        for (auto it = match; it != last; ++it) {
            auto& known = best[it->second];
            if (sameContents(values, all.value[row], all.value[first + it->second]) &&
                (!known || rankOf(events, all.event[row]) > rankOf(events, all.event[*known]))) {
                known = row;
            }
        }
    }
    return best;
}

} // namespace repro::cli
