// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/run.h"

#include "replay/knowledge/shape_readers.h"
#include "trace/error.h"

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone32;
using trace::kNone64;

constexpr std::uint64_t kNothing = 0x2545F4914F6CDD1DULL;

std::uint64_t hashText(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
}

std::uint64_t at(const std::vector<std::uint64_t>& table, std::uint32_t id) {
    return id < table.size() ? table[id] : kNothing;
}

OpNature natureOf(std::string_view name, std::string_view schema) {
    constexpr std::uint16_t kMostArguments = 8; // no shape is asked of a later one
    OpNature nature;
    nature.isAten = name.starts_with("aten::");
    nature.replacesStorage = name == "aten::set_" || name == "aten::set_data";
    // What LibTorch dispatches of Tensor::set_data, which is no op.
    nature.isReplacement = name == "aten::_has_compatible_shallow_copy_type";
    nature.adoptsStorage =
        schema.substr(0, schema.find(") ->")).find("Storage ") != std::string_view::npos;
    for (std::uint16_t i = 0; i < kMostArguments; ++i) {
        nature.shapeOnly |= static_cast<std::uint64_t>(readsBytes(name, i) ? 0 : 1) << i;
    }
    return nature;
}

std::string_view laneNameOf(const trace::Reader& reader, const trace::Thread& thread) {
    const auto pool = reader.text(thread.pool);
    return pool.empty() ? reader.text(thread.name) : pool;
}

bool isMark(EventKind kind) {
    switch (kind) {
    case EventKind::Layer:
    case EventKind::Gradient:
    case EventKind::OptimizerStep:
    case EventKind::ZeroGrad:
    case EventKind::Mode:
    case EventKind::Watch:
    case EventKind::StepMark:
        return true;
    default:
        return false;
    }
}

} // namespace

std::uint64_t hashOp(std::string_view name, std::string_view overload) {
    return mixHash(hashText(name), hashText(overload));
}

std::uint64_t hashPath(std::string_view path) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::size_t number = std::min(path.rfind('#', end), end);
    return mixHash(hashText(path.substr(0, number)), hashText(path.substr(end)));
}

Run::Run(const trace::Reader& reader)
    : events(reader.events()), uses(reader.uses()), values(reader.values()), m_reader(reader) {
    if (uses.count >= kNone32 || events.count >= kNone32) {
        throw Error(ErrorKind::Format, fmt::format("{}: has more than {} events or uses; record "
                                                   "fewer steps",
                                                   reader.path().string(), kNone32));
    }
    hashTables();
    collectLanes();
}

void Run::hashTables() {
    for (const auto& op : m_reader.ops()) {
        const auto name = m_reader.text(op.name);
        m_opHash.push_back(hashOp(name, m_reader.text(op.overload)));
        m_natures.push_back(natureOf(name, m_reader.text(op.schema)));
    }
    for (const auto& layer : m_reader.layers()) {
        m_layerHash.push_back(hashPath(m_reader.text(layer.path)));
        m_layerTypeHash.push_back(hashText(m_reader.text(layer.type)));
    }
    // Ids run from 0; the highest that a value names bounds the table.
    std::uint32_t lists = 0;
    for (trace::ValueId value = 0; value < values.count; ++value) {
        m_reader.pollAt(value);
        const std::uint32_t id = values.sizes[value];
        lists = id == kNone32 ? lists : std::max(lists, id + 1);
    }
    for (std::uint32_t id = 0; id < lists; ++id) {
        const auto list = m_reader.list(id);
        m_listHash.push_back(XXH3_64bits(list.data(), list.size_bytes()));
    }
    const auto arguments = static_cast<std::uint32_t>(m_reader.argumentsCount());
    for (std::uint32_t id = 0; id < arguments; ++id) {
        const auto bytes = m_reader.arguments(id);
        m_argumentsHash.push_back(XXH3_64bits(bytes.data(), bytes.size()));
    }
}

bool Run::isRow(EventId event) const {
    const auto kind = static_cast<EventKind>(events.kind[event]);
    if (kind == EventKind::Op) {
        return (events.flags[event] & trace::event_flag::Outermost) != 0;
    }
    return isMark(kind);
}

EventId Run::enclosingRow(EventId event) const {
    while (event != kNone64 && event < events.count && !isRow(event)) {
        event = events.parent[event];
    }
    return event < events.count ? event : kNone64;
}

std::string_view Run::threadName(EventId event) const {
    const auto& threads = m_reader.threads();
    const std::uint32_t thread = events.thread[event];
    return thread < threads.size() ? m_reader.text(threads[thread].name) : std::string_view();
}

std::string_view Run::laneName(EventId event) const {
    const auto& threads = m_reader.threads();
    const std::uint32_t thread = events.thread[event];
    return thread < threads.size() ? laneNameOf(m_reader, threads[thread]) : std::string_view();
}

void Run::collectLanes() {
    std::unordered_map<std::string_view, std::size_t> byName;
    const auto& threads = m_reader.threads();
    std::vector<std::size_t> laneOfThread;
    for (const auto& thread : threads) {
        const auto name = laneNameOf(m_reader, thread);
        const auto [found, isNew] = byName.try_emplace(name, m_lanes.size());
        if (isNew) {
            const auto label = m_reader.text(thread.name);
            m_lanes.push_back(
                {std::string(name), std::string(label.substr(0, label.rfind('#'))), false, {}});
        }
        Lane& lane = m_lanes[found->second];
        lane.isPool = lane.isPool || name != m_reader.text(thread.name);
        laneOfThread.push_back(found->second);
    }
    std::size_t unnamed = kNone64;
    for (EventId event = 0; event < events.count; ++event) {
        m_reader.pollAt(event);
        if (!isRow(event)) {
            continue;
        }
        const std::uint32_t thread = events.thread[event];
        std::size_t lane = thread < laneOfThread.size() ? laneOfThread[thread] : unnamed;
        if (lane == kNone64) {
            lane = unnamed = m_lanes.size();
            m_lanes.push_back({});
        }
        m_lanes[lane].events.push_back(event);
        ++m_rowCount;
        m_lastStep = std::max(m_lastStep, events.step[event]);
    }
}

std::uint64_t Run::sizesHash(trace::ValueId value) const {
    return at(m_listHash, values.sizes[value]);
}

/// The layer; of an optimizer's op, which belongs to none, the parameter it works on. A layer that
/// symbols told is none of it: those of the other run may have been elsewhere.
std::uint64_t Run::placeKey(EventId event, std::uint64_t seed) const {
    const bool inferred = (events.flags[event] & trace::event_flag::InferredLayer) != 0;
    const std::uint64_t hash =
        mixHash(seed, at(m_layerHash, inferred ? trace::kNone32 : events.layer[event]));
    if (static_cast<trace::Phase>(events.phase[event]) != trace::Phase::Optimizer) {
        return hash;
    }
    const std::uint32_t parameter = events.parameter[event];
    const auto renamed = m_names.parameters.find(parameter);
    return mixHash(hash, renamed != m_names.parameters.end() ? renamed->second
                                                             : hashPath(m_reader.text(parameter)));
}

void Run::rename(OtherNames names) {
    for (const auto& [id, hash] : names.ops) {
        m_opHash[id] = hash;
    }
    for (const auto& [id, hash] : names.layers) {
        m_layerHash[id] = hash;
    }
    m_names = std::move(names);
}

bool Run::isRenamed(EventId event) const {
    return m_names.ops.contains(events.op[event]) || m_names.layers.contains(events.layer[event]) ||
           (static_cast<trace::Phase>(events.phase[event]) == trace::Phase::Optimizer &&
            m_names.parameters.contains(events.parameter[event]));
}

std::uint64_t Run::shapesKey(EventId event, std::uint64_t seed) const {
    std::uint64_t hash = seed;
    for (const std::uint64_t use : usesOf(event)) {
        const auto value = uses.value[use];
        const std::uint64_t place = (static_cast<std::uint64_t>(uses.direction[use]) << 56U) |
                                    (static_cast<std::uint64_t>(uses.slot[use]) << 40U) |
                                    (static_cast<std::uint64_t>(values.dtype[value]) << 32U) |
                                    uses.item[use];
        hash = mixHash(hash, at(m_listHash, values.sizes[value]) ^ place);
    }
    return hash;
}

std::uint64_t Run::key(EventId event, KeyLevel level) const {
    const auto kind = static_cast<EventKind>(events.kind[event]);
    std::uint64_t hash = mixHash(kNothing, static_cast<std::uint64_t>(kind));
    if (level == KeyLevel::ShapesOnly) {
        return shapesKey(event, hash);
    }
    // The number of an optimizer is that of its first step: chance where threads train.
    if (kind == EventKind::Mode) {
        hash = mixHash(hash, events.extra[event]);
    }
    hash = mixHash(hash, at(m_opHash, events.op[event]));
    if (level != KeyLevel::NoLayer) {
        hash = placeKey(event, hash);
    } else if (kind == EventKind::Layer) {
        hash = mixHash(hash, at(m_layerTypeHash, events.layer[event]));
    }
    return level == KeyLevel::NoShapes ? hash : shapesKey(event, hash);
}

std::uint64_t Run::contentKey(EventId event,
                              const std::unordered_set<std::uint64_t>& chance) const {
    std::uint64_t hash = mixHash(key(event, KeyLevel::Full), argumentsHash(event));
    // A view reads nothing, and whether its contents are known from elsewhere is chance.
    const bool copies = (events.flags[event] & trace::event_flag::Verified) != 0;
    if ((op(event).flags & trace::op_flag::View) != 0 && !copies) {
        return hash;
    }
    bool reads = false;
    bool leftOut = false;
    const auto add = [&](trace::Direction wanted) {
        for (const std::uint64_t use : usesOf(event)) {
            const auto direction = static_cast<trace::Direction>(uses.direction[use]);
            const bool meaningless = (uses.flags[use] & trace::use_flag::Meaningless) != 0;
            const auto value = uses.value[use];
            if (direction != wanted || meaningless) {
                continue;
            }
            if (chance.contains(values.storage[value])) {
                leftOut = true;
            } else {
                hash = mixHash(hash, values.fingerprintLow[value] ^
                                         std::rotl(values.fingerprintHigh[value], 17));
                reads = true;
            }
        }
    };
    add(trace::Direction::In);
    add(trace::Direction::Before);
    if (!reads) {
        add(trace::Direction::Out);
    }
    return reads || !leftOut ? hash : 0;
}

std::uint64_t Run::argumentsHash(EventId event) const {
    return at(m_argumentsHash, events.arguments[event]);
}

trace::Op Run::op(EventId event) const {
    const auto& ops = m_reader.ops();
    const std::uint32_t id = events.op[event];
    return id < ops.size() ? ops[id] : trace::Op{};
}

std::string_view Run::opName(EventId event) const {
    return m_reader.text(op(event).name);
}

const OpNature& Run::nature(EventId event) const {
    static const OpNature kNoOp;
    const std::uint32_t id = events.op[event];
    return id < m_natures.size() ? m_natures[id] : kNoOp;
}

trace::Context Run::context(EventId event) const {
    const auto& contexts = m_reader.contexts();
    const std::uint32_t id = events.context[event];
    return id < contexts.size() ? contexts[id] : trace::Context{};
}

bool isForeign(const trace::Reader& reader, trace::GeneratorId generator) {
    return generator < reader.generators().size() && reader.generators()[generator].isForeign;
}

std::unordered_map<EventId, trace::GeneratorId> drawingRows(const Run& run) {
    std::unordered_map<EventId, trace::GeneratorId> rows;
    std::unordered_map<std::uint32_t, trace::GeneratorId> ofThread;
    for (const trace::Draw& draw : run.reader().draws()) {
        if (isForeign(run.reader(), draw.generator)) {
            continue;
        }
        rows.try_emplace(run.enclosingRow(draw.event), draw.generator);
        ofThread.try_emplace(run.events.thread[draw.event], draw.generator);
    }
    for (EventId event = 0; event < run.events.count && ofThread.size() > 1; ++event) {
        if ((run.events.flags[event] & trace::event_flag::CanDraw) != 0) {
            const auto found = ofThread.find(run.events.thread[event]);
            if (found != ofThread.end()) {
                rows.try_emplace(run.enclosingRow(event), found->second);
            }
        }
    }
    return rows;
}

void Run::indexStorages() {
    std::uint64_t last = 0; // storages are numbered as they appear: as many buckets as there are
    for (trace::ValueId value = 0; value < values.count; ++value) {
        m_reader.pollAt(value);
        const std::uint64_t storage = values.storage[value];
        last = storage == kNone64 ? last : std::max(last, storage);
    }
    const std::uint64_t buckets = std::bit_ceil(std::min(values.count, last) + 1);
    const auto bucketOf = [&](std::uint64_t use) {
        return values.storage[uses.value[use]] & (buckets - 1);
    };
    // Counting sort: linear, and order within a bucket is that of the trace.
    m_bucketStart.assign(buckets + 1, 0);
    const auto eachUse = [&](auto&& visit) {
        for (EventId event = 0; event < events.count; ++event) {
            m_reader.pollAt(event);
            // Ops inside a row's op too: what they leave behind is read by later rows.
            if (isRow(event) || static_cast<EventKind>(events.kind[event]) == EventKind::Op) {
                for (const std::uint64_t use : usesOf(event)) {
                    if (values.storage[uses.value[use]] != kNone64) {
                        visit(use);
                    }
                }
            }
        }
    };
    eachUse([&](std::uint64_t use) { ++m_bucketStart[bucketOf(use) + 1]; });
    for (std::uint64_t b = 0; b < buckets; ++b) {
        m_bucketStart[b + 1] += m_bucketStart[b];
    }
    m_bucketUses.resize(m_bucketStart[buckets]);
    std::vector<std::uint32_t> next(m_bucketStart.begin(), m_bucketStart.end() - 1);
    eachUse([&](std::uint64_t use) {
        m_bucketUses[next[bucketOf(use)]++] = static_cast<std::uint32_t>(use);
    });
}

const Liveness& Run::liveness() {
    if (!m_liveness) {
        m_liveness.emplace(*this);
    }
    return *m_liveness;
}

std::span<const std::uint32_t> Run::usesNearStorage(std::uint64_t storage) {
    if (m_bucketStart.empty()) {
        indexStorages();
    }
    if (storage == kNone64) {
        return {};
    }
    const std::uint64_t bucket = storage & (m_bucketStart.size() - 2);
    const std::uint32_t first = m_bucketStart[bucket];
    return std::span(m_bucketUses).subspan(first, m_bucketStart[bucket + 1] - first);
}

} // namespace repro::replay
