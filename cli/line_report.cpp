// SPDX-License-Identifier: BSD-3-Clause
#include "cli/line_report.h"

#include "cli/event_text.h"

#include <algorithm>

namespace repro::cli {
namespace {

using trace::kNone32;

bool isOutermostOp(const trace::EventColumns& events, trace::EventId id) {
    return events.kind[id] == static_cast<std::uint8_t>(trace::EventKind::Op) &&
           (events.flags[id] & trace::event_flag::Outermost) != 0;
}

void count(const trace::Reader& reader, trace::EventId id, LineReport& report) {
    const trace::EventColumns& events = reader.events();
    ++report.events;
    report.ops += isOutermostOp(events, id) ? 1 : 0;
    if (const auto layer = layerPath(reader, events.layer[id]); !layer.empty()) {
        report.layers.emplace(layer);
    }
}

void addParameters(const trace::Reader& reader, const trace::Event& event, LineReport& report) {
    const auto add = [&](trace::TextId name) {
        if (name != kNone32) {
            report.parameters.emplace(reader.text(name));
        }
    };
    add(event.parameter);
    for (std::uint64_t row = event.firstUse; row < event.firstUse + event.useCount; ++row) {
        add(reader.use(row).name);
    }
}

} // namespace

std::vector<ProgramLine> programLines(const trace::Reader& reader, const replay::OwnCalls& own) {
    std::vector<ProgramLine> lines;
    std::vector<std::size_t> ofCall(own.calls.size(), SIZE_MAX);
    for (trace::EventId id = 0; id < reader.events().count; ++id) {
        const std::uint32_t call = own.indexOf(id);
        if (call == kNone32) {
            continue;
        }
        if (ofCall[call] == SIZE_MAX) {
            ofCall[call] = lines.size();
            lines.push_back({&own.calls[call], {}});
        }
        count(reader, id, lines[ofCall[call]].report);
    }
    for (const trace::Draw& draw : reader.draws()) {
        const std::uint32_t call = own.indexOf(draw.event);
        if (call != kNone32 && ofCall[call] != SIZE_MAX) {
            ++lines[ofCall[call]].report.draws;
        }
    }
    return lines;
}

LineReport reportOn(const trace::Reader& reader, const replay::OwnCalls& own,
                    const std::vector<bool>& calls) {
    LineReport report;
    std::map<std::pair<std::string, std::string>, std::size_t> known;
    const auto isWanted = [&](std::uint32_t call) { return call != kNone32 && calls[call]; };
    for (trace::EventId id = 0; id < reader.events().count; ++id) {
        if (!isWanted(own.indexOf(id))) {
            continue;
        }
        count(reader, id, report);
        const trace::Event event = reader.event(id);
        addParameters(reader, event, report);
        const std::pair name(eventName(reader, event), std::string(layerPath(reader, event.layer)));
        const auto [kind, isNew] = known.try_emplace(name, report.kinds.size());
        if (isNew) {
            report.kinds.push_back({name.first, name.second, 0, event.step, event.step});
        }
        LineReport::Kind& same = report.kinds[kind->second];
        ++same.count;
        same.firstStep = std::min(same.firstStep, event.step);
        same.lastStep = std::max(same.lastStep, event.step);
    }
    for (const trace::Draw& draw : reader.draws()) {
        if (isWanted(own.indexOf(draw.event))) {
            ++report.draws;
            const bool isNamed = draw.generator < reader.generators().size();
            ++report.generators[isNamed ? std::string(
                                              reader.text(reader.generators()[draw.generator].name))
                                        : "?"];
        }
    }
    return report;
}

} // namespace repro::cli
