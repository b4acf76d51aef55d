// SPDX-License-Identifier: BSD-3-Clause
#include "cli/find_event.h"

#include "trace/error.h"

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
                                      path, id, count - 1, path));
    }
}

std::vector<trace::Use> usesOf(const trace::Reader& reader, trace::EventId id) {
    const trace::Event event = reader.event(id);
    std::vector<trace::Use> uses;
    for (std::uint64_t row = event.firstUse; row < event.firstUse + event.useCount; ++row) {
        uses.push_back(reader.use(row));
    }
    return uses;
}

std::vector<std::optional<trace::Use>> producersOf(const trace::Reader& reader,
                                                   trace::EventId event,
                                                   const std::vector<trace::Use>& uses) {
    const trace::EventColumns& events = reader.events();
    const trace::ValueColumns& values = reader.values();
    std::unordered_multimap<std::uint64_t, std::size_t> wanted;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        if (uses[i].direction != trace::Direction::Out) {
            wanted.emplace(values.fingerprintLow[uses[i].value], i);
        }
    }
    std::vector<std::optional<std::uint64_t>> best(uses.size());
    const std::uint64_t began = events.begin[event];
    const trace::UseColumns& all = reader.uses();
    for (std::uint64_t row = 0; row < all.count; ++row) {
        const std::uint64_t ended = events.end[all.event[row]];
        if (all.direction[row] != static_cast<std::uint8_t>(trace::Direction::Out) || ended == 0 ||
            ended >= began) {
            continue;
        }
        const auto [first, last] = wanted.equal_range(values.fingerprintLow[all.value[row]]);
        for (auto match = first; match != last; ++match) {
            auto& known = best[match->second];
            if (sameContents(values, all.value[row], uses[match->second].value) &&
                (!known || rankOf(events, all.event[row]) > rankOf(events, all.event[*known]))) {
                known = row;
            }
        }
    }
    std::vector<std::optional<trace::Use>> producers(uses.size());
    for (std::size_t i = 0; i < uses.size(); ++i) {
        producers[i] = best[i] ? std::optional(reader.use(*best[i])) : std::nullopt;
    }
    return producers;
}

} // namespace repro::cli
