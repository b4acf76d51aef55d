// SPDX-License-Identifier: BSD-3-Clause
#include "cli/summary.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace repro::cli {

namespace {

/// What comes after the last step of an optimizer has a number of its own and is no step.
std::uint64_t countSteps(const trace::EventColumns& events) {
    std::uint64_t numbers = 0;
    std::uint64_t optimized = 0;
    bool marked = false;
    for (trace::EventId id = 0; id < events.count; ++id) {
        const auto kind = static_cast<trace::EventKind>(events.kind[id]);
        const std::uint64_t number = events.step[id] + 1ULL;
        numbers = std::max(numbers, number);
        marked = marked || kind == trace::EventKind::StepMark;
        optimized =
            kind == trace::EventKind::OptimizerStep ? std::max(optimized, number) : optimized;
    }
    return marked || optimized == 0 ? numbers : optimized;
}

void countEvents(const trace::Reader& reader, Summary& summary) {
    const trace::EventColumns& events = reader.events();
    summary.events = events.count;
    summary.steps = countSteps(events);
    for (trace::EventId id = 0; id < events.count; ++id) {
        const std::uint32_t flags = events.flags[id];
        summary.unfinished += (flags & trace::event_flag::Unfinished) != 0 ? 1 : 0;
        if (events.kind[id] == static_cast<std::uint8_t>(trace::EventKind::Op)) {
            ++summary.ops;
            summary.outermost += (flags & trace::event_flag::Outermost) != 0 ? 1 : 0;
        }
    }
}

void countUses(const trace::Reader& reader, Summary& summary) {
    summary.uses = reader.uses().count;
    for (std::uint64_t row = 0; row < summary.uses; ++row) {
        const std::uint8_t flags = reader.uses().flags[row];
        if ((flags & trace::use_flag::Meaningless) != 0) {
            ++summary.meaninglessUses;
        } else if ((flags & trace::use_flag::Assumed) != 0) {
            ++summary.assumedUses;
        } else if ((flags & trace::use_flag::Verified) != 0) {
            ++summary.verifiedUses;
        }
    }
}

void countValues(const trace::Reader& reader, Summary& summary) {
    const trace::ValueColumns& values = reader.values();
    summary.values = values.count;
    std::set<std::pair<std::uint8_t, std::uint64_t>> stored;
    for (trace::ValueId id = 0; id < values.count; ++id) {
        if (values.payload[id] == trace::kNone64) {
            continue;
        }
        ++summary.valuesWithBytes;
        if (stored.emplace(values.dtype[id], values.payload[id]).second) {
            summary.payloadBytes +=
                values.elements[id] * trace::dtypeSize(static_cast<trace::DType>(values.dtype[id]));
        }
    }
}

} // namespace

Summary summarise(const trace::Reader& reader) {
    Summary summary;
    countEvents(reader, summary);
    countUses(reader, summary);
    countValues(reader, summary);
    summary.threads = reader.threads().size();
    summary.layers = reader.layers().size();
    summary.generators = reader.generators().size();
    summary.draws = reader.draws().size();
    return summary;
}

nlohmann::ordered_json toJson(const Summary& summary) {
    return {{"events", summary.events},
            {"ops", summary.ops},
            {"outermost_ops", summary.outermost},
            {"unfinished", summary.unfinished},
            {"uses", summary.uses},
            {"uses_verified", summary.verifiedUses},
            {"uses_assumed", summary.assumedUses},
            {"uses_meaningless", summary.meaninglessUses},
            {"values", summary.values},
            {"values_with_bytes", summary.valuesWithBytes},
            {"payload_bytes", summary.payloadBytes},
            {"steps", summary.steps},
            {"threads", summary.threads},
            {"layers", summary.layers},
            {"generators", summary.generators},
            {"draws", summary.draws}};
}

} // namespace repro::cli
