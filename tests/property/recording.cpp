// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/recording.h"

#include "trace/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace repro::property {
namespace {

using namespace trace; // NOLINT: makes every kind of row

constexpr std::string_view kAten = "aten::";

std::string schemaOf(const std::string& name, std::size_t tensors) {
    std::string text = name + "(";
    for (std::size_t k = 0; k < tensors; ++k) {
        text += fmt::format("Tensor t{}, ", k);
    }
    return text + "bool accumulate, int n) -> Tensor";
}

} // namespace

bool Recording::isOutermost(const Lane& lane) const {
    return std::none_of(lane.open.begin(), lane.open.end(),
                        [](const Open& open) { return open.aten; });
}

std::string Recording::layerOf(const Open& open) const {
    for (const auto& [path, id] : m_layers) {
        if (id == open.layer) {
            return path;
        }
    }
    return {};
}

OpId Recording::opId(const std::string& name, std::uint32_t flags, std::size_t tensors) {
    const auto [found, isNew] = m_ops.try_emplace(name, kNone32);
    if (isNew) {
        const bool aten = name.starts_with(kAten);
        // But the one by which a program reads a number: what it does is known by its name.
        const bool other = m_renaming.ops && aten && name != "aten::item";
        const std::string shown = other ? name + "_renamed" : name;
        found->second = m_sink.add(
            Op{m_sink.text(shown), m_sink.text(""), m_sink.text(schemaOf(shown, tensors)),
               flags | op_flag::Schema | (aten ? op_flag::Aten : op_flag::Draws)});
    }
    return found->second;
}

LayerId Recording::layerId(const std::string& path) {
    const auto [found, isNew] = m_layers.try_emplace(path, kNone32);
    if (isNew) {
        const std::string shown = m_renaming.layers ? "other." + path : path;
        found->second = m_sink.add(Layer{m_sink.text(shown), m_sink.text("BlockImpl"), kNone32});
    }
    return found->second;
}

Open& Recording::begin(Lane& lane, Event row, bool aten) {
    if (lane.id == kNone32) {
        Thread thread;
        thread.name = m_sink.text(lane.name);
        thread.pool = m_sink.text(lane.pool);
        lane.id = m_sink.add(thread);
    }
    row.begin = ++m_ordinal;
    row.beginNs = m_ordinal * 1000;
    row.thread = lane.id;
    if (!lane.open.empty()) {
        row.parent = lane.open.back().id;
        row.layer = row.layer == kNone32 ? lane.open.back().layer : row.layer;
        row.phase = lane.open.back().phase;
    }
    row.phase = row.kind == EventKind::Node            ? Phase::Backward
                : row.kind == EventKind::Layer         ? Phase::Forward
                : row.kind == EventKind::OptimizerStep ? Phase::Optimizer
                                                       : row.phase;
    lane.open.push_back({m_sink.begin(row),
                         row.kind,
                         row.begin,
                         row.flags,
                         row.layer,
                         row.phase,
                         aten,
                         kNone32,
                         {}});
    ++m_events;
    return lane.open.back();
}

Open& Recording::beginOp(Lane& lane, const OpCall& call) {
    Event row;
    row.kind = EventKind::Op;
    row.op = opId(call.op, call.opFlags, call.tensors);
    const bool view = (call.opFlags & op_flag::View) != 0;
    const bool outermost = isOutermost(lane);
    row.flags = call.eventFlags | (outermost ? event_flag::Outermost : 0U) |
                (outermost && !view ? event_flag::Verified : 0U);
    const auto [context, isNew] = m_contexts.try_emplace(call.contextFlags, kNone32);
    if (isNew) {
        context->second = m_sink.add(Context{static_cast<std::uint32_t>(m_threads),
                                             context_flag::GradMode | call.contextFlags});
    }
    row.context = context->second;
    std::vector<std::byte> bytes;
    ArgumentEncoder encoder(bytes);
    for (std::size_t k = 0; k < call.tensors; ++k) {
        encoder.tag(ArgumentTag::Tensor);
    }
    encoder.boolean(true);
    encoder.integer(call.argument);
    row.arguments = m_sink.arguments(bytes);
    return begin(lane, row, call.op.starts_with(kAten));
}

void Recording::parameter(Lane& lane, const std::string& name) {
    lane.open.back().parameter = name.empty() ? kNone32 : m_sink.text(name);
}

Open& Recording::beginMark(Lane& lane, EventKind kind, const std::string& name, int optimizer) {
    Event row;
    row.kind = kind;
    if (kind == EventKind::Layer) {
        row.layer = layerId(name);
    } else if (kind == EventKind::Node) {
        row.op = opId(name, 0, 0);
    } else if (kind == EventKind::OptimizerStep) {
        row.extra = static_cast<std::uint64_t>(optimizer);
    }
    return begin(lane, row, false);
}

void Recording::use(Lane& lane, Direction direction, int slot, int item, std::uint8_t flags,
                    const View& view, Hashing hashing, std::uint64_t since) {
    Open& open = lane.open.back();
    const bool blind = (flags & use_flag::Meaningless) != 0 && direction == Direction::Before;
    const Observation seen =
        m_memory.observe(view, blind ? Hashing::None : hashing, since, m_ordinal);
    Value value;
    value.fingerprint = seen.fingerprint.value_or(Fingerprint{});
    value.flags = seen.fingerprint ? std::uint16_t{0} : value_flag::NoBytes;
    value.dtype = DType::Float32;
    const std::array<std::int64_t, 1> sizes{view.count};
    const std::array<std::int64_t, 1> strides{1};
    value.sizes = m_sink.list(sizes);
    value.strides = m_sink.list(strides);
    value.elements = static_cast<std::uint64_t>(view.count);
    value.storage = m_memory.numberOf(view.storage);
    value.spanBegin = static_cast<std::uint64_t>(view.first) * sizeof(float);
    value.spanEnd = value.spanBegin + value.elements * sizeof(float);
    Use row;
    row.event = open.id;
    row.value = m_sink.add(value, {});
    row.slot = static_cast<std::uint16_t>(slot);
    row.item = static_cast<std::uint32_t>(item);
    row.direction = direction;
    row.flags =
        static_cast<std::uint8_t>(flags | (seen.verified ? use_flag::Verified : use_flag::Assumed) |
                                  (seen.unwritten ? use_flag::Unwritten : 0));
    open.uses.push_back(row);
}

void Recording::probe(int generator, std::uint64_t seed) {
    const auto [found, isNew] = m_generators.try_emplace(generator, kNone32);
    if (isNew) {
        Generator row;
        row.isDefault = generator == 0;
        row.seed = seed;
        row.name =
            m_sink.text(generator == 0 ? "default cpu" : fmt::format("own#{}", ++m_ownGenerators));
        found->second = m_sink.add(row);
    }
}

void Recording::draw(Lane& lane, int generator, std::uint64_t before, std::uint64_t after) {
    lane.open.back().flags |= event_flag::Drew;
    m_sink.add(
        Draw{lane.open.back().id, m_generators.at(generator), {before, ~before}, {after, ~after}});
}

void Recording::end(Lane& lane) {
    Open open = std::move(lane.open.back());
    lane.open.pop_back();
    EventEnd end;
    end.end = ++m_ordinal;
    end.endNs = m_ordinal * 1000;
    end.flags = open.flags;
    end.phase = open.phase;
    end.layer = open.layer;
    end.parameter = open.parameter;
    end.firstUse = open.uses.empty() ? 0 : m_sink.add(open.uses);
    end.useCount = static_cast<std::uint32_t>(open.uses.size());
    m_sink.end(open.id, end);
}

void Recording::finish(const std::string& environment) {
    Header header;
    header.complete = true;
    header.ending = "exit 0";
    header.capture = "fingerprints";
    header.verifyInputs = "top";
    header.environment = environment;
    m_sink.environment(environment);
    m_sink.finish(header, m_stepStarts);
}

} // namespace repro::property
