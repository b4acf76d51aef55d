// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/definitions.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace repro::collector {
namespace {

constexpr std::size_t kLongestEnvironment = 64U << 20U;

/// The numbers are c10::DeviceType's, which LibTorch keeps stable.
std::string deviceName(std::uint8_t type, std::int8_t index) {
    constexpr const char* kNames[] = {"cpu", "cuda"};
    const std::string name =
        type < std::size(kNames) ? kNames[type] : fmt::format("device{}", type);
    return index >= 0 ? fmt::format("{}:{}", name, index) : name;
}

/// Both are texts of JSON objects. What is not one is left as it is: readers complain of it.
std::string merged(const std::string& host, const std::string& own) {
    using nlohmann::json;
    json all = json::parse(host, nullptr, false);
    const json more = json::parse(own, nullptr, false);
    if (!all.is_object() || !more.is_object()) {
        return host;
    }
    all.update(more);
    return all.dump();
}

/// What the host came to know after it had told its environment: more of its lists and objects.
std::string extended(const std::string& environment, const std::string& addition) {
    using nlohmann::json;
    json all = json::parse(environment, nullptr, false);
    const json more = json::parse(addition, nullptr, false);
    if (!all.is_object() || !more.is_object()) {
        return environment;
    }
    for (const auto& [key, value] : more.items()) {
        json& known = all[key];
        if (value.is_array() && known.is_array()) {
            known.insert(known.end(), value.begin(), value.end());
        } else {
            known.merge_patch(value);
        }
    }
    return all.dump();
}

} // namespace

void Definitions::text(Cursor& cursor) {
    const auto record = cursor.take<wire::TextRecord>();
    m_texts.define(record.id, m_sink.text(cursor.text(record.length)));
}

void Definitions::op(Cursor& cursor) {
    const auto record = cursor.take<wire::OpRecord>();
    trace::Op row;
    const std::string name(cursor.text(record.nameLength));
    row.name = m_sink.text(name);
    row.overload = m_sink.text(cursor.text(record.overloadLength));
    row.schema = m_sink.text(cursor.text(record.schemaLength));
    row.flags = record.flags;
    m_ops.define(record.id, m_sink.add(row));
    if (name.starts_with("autograd::engine::evaluate_function")) {
        m_engineOps.insert(opId(record.id));
    }
}

void Definitions::layer(Cursor& cursor) {
    const auto record = cursor.take<wire::LayerRecord>();
    trace::Layer row;
    row.path = m_sink.text(cursor.text(record.pathLength));
    const std::string type(cursor.text(record.typeLength));
    const std::string bases(cursor.text(record.basesLength));
    row.type = m_sink.text(type);
    row.parent = layerId(record.parent);
    if (m_layers.knows(record.id)) {
        m_sink.update(layerId(record.id), row);
    } else {
        m_layers.define(record.id, m_sink.add(row));
        m_moduleLayers.resize(layerId(record.id) + std::size_t{1});
    }
    m_moduleLayers[layerId(record.id)] = {type, row.parent, bases};
}

void Definitions::context(Cursor& cursor) {
    const auto record = cursor.take<wire::ContextRecord>();
    m_contexts.define(record.id, m_sink.add(trace::Context{record.threads, record.flags}));
}

void Definitions::generator(Cursor& cursor) {
    const auto record = cursor.take<wire::GeneratorRecord>();
    trace::Generator row;
    row.deviceType = record.deviceType;
    row.deviceIndex = record.deviceIndex;
    row.isDefault = record.isDefault != 0;
    row.seed = record.seed;
    const std::string_view name = cursor.text(record.nameLength);
    row.isForeign = !name.empty();
    row.name =
        m_sink.text(row.isForeign   ? std::string(name)
                    : row.isDefault ? "default " + deviceName(row.deviceType, row.deviceIndex)
                                    : fmt::format("own#{}", ++m_ownGenerators));
    m_generators.define(record.id, m_sink.add(row));
}

void Definitions::environment(Cursor& cursor) {
    const auto record = cursor.take<wire::EnvironmentRecord>();
    m_piece += cursor.text(record.length);
    if (m_piece.size() > kLongestEnvironment) {
        throw Error(ErrorKind::Format, "the description of the environment does not end");
    }
    if (record.last != 0) {
        m_environment = m_environment.empty() ? merged(m_piece, m_ownEnvironment)
                                              : extended(m_environment, m_piece);
        m_sink.environment(m_environment);
        m_piece.clear();
    }
}

void Definitions::module(Cursor& cursor) {
    const auto record = cursor.take<wire::ModuleRecord>();
    SiteAddresses::Module module;
    module.path = cursor.text(record.pathLength);
    module.buildId = cursor.text(record.buildIdLength);
    module.function = cursor.text(record.functionLength);
    m_modules.define(record.id, m_sites.module(module));
}

void Definitions::stack(Cursor& cursor) {
    const auto record = cursor.take<wire::StackRecord>();
    if (record.frameCount > wire::kDeepestStack || record.heldCount > wire::kMostHeld) {
        throw Error(ErrorKind::Format, "a stack is too deep");
    }
    std::vector<wire::StackFrame> frames;
    for (std::uint32_t i = 0; i < record.frameCount; ++i) {
        frames.push_back(cursor.take<wire::StackFrame>());
    }
    std::vector<std::vector<HeldLayer>> held(frames.size());
    for (std::uint32_t i = 0; i < record.heldCount; ++i) {
        const auto module = cursor.take<wire::HeldModule>();
        if (module.frame >= frames.size()) {
            throw Error(ErrorKind::Format, "a stack has no such frame");
        }
        held[module.frame].push_back({module.reg, module.slot, layerId(module.layer)});
    }
    trace::SiteId site = trace::kNone32;
    for (std::size_t i = frames.size(); i-- > 0;) {
        const std::uint32_t module = id(m_modules, frames[i].module);
        site = module == trace::kNone32
                   ? site
                   : m_sites.site(site, module, frames[i].offset, std::move(held[i]));
    }
    m_stacks.define(record.id, site);
    m_cutStacks += record.isCut != 0 ? 1 : 0;
}

trace::ThreadId Definitions::thread(const wire::ThreadRecord& record, Cursor& cursor) {
    trace::Thread row;
    row.name = m_sink.text(cursor.text(record.nameLength));
    row.pool = m_sink.text(cursor.text(record.poolLength));
    row.creator = id(m_threads, record.creator);
    row.systemId = record.systemId;
    const trace::ThreadId thread = m_sink.add(row);
    m_threads.define(record.id, thread);
    return thread;
}

} // namespace repro::collector
