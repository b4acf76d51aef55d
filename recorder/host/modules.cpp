// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/modules.h"

#include "recorder/host/capture.h"
#include "recorder/host/events.h"
#include "recorder/host/family.h"
#include "recorder/host/guard.h"
#include "recorder/host/module_addresses.h"
#include "recorder/host/optimizers.h"
#include "recorder/host/tensors.h"
#include "recorder/host/type_names.h"

#include <torch/nn/modules/linear.h>

#include <mutex>
#include <typeinfo>
#include <unordered_map>

namespace repro::host {
namespace {

using torch::nn::Module;

struct Known {
    LayerName name;
    std::string path;
    const std::type_info* type = nullptr; ///< as it was when the path was found
    const void* object = nullptr;         ///< all of it, of which the Module may be a part
    std::weak_ptr<const Module> alive;    ///< empty for a module that no shared_ptr owns
    bool isRoot = false;
    std::uint64_t walkedAt = 0; ///< count of constructed modules when its tree was walked
};

/// Names of types not by Module::name(): it keeps its first answer, which is wrong while the
/// constructor of a base class runs, and the program would print it for ever after.
class Modules {
public:
    LayerName find(ThreadState& state, const Module* module, bool ofUser) {
        const std::lock_guard lock(m_mutex);
        const auto known = m_known.find(module);
        if (known != m_known.end() && isNamed(known->second, &typeid(*module), module)) {
            return known->second.name;
        }
        // Who calls it has one reference, and a module that holds it another.
        const bool mayBeHeld = module->weak_from_this().use_count() > 1;
        const auto ancestors = mayBeHeld ? m_family.ancestors(module) : std::vector<Parent>();
        if (!ancestors.empty()) {
            const Known& parent = putAncestors(state, ancestors);
            return settle(state, module, parent.path + "." + ancestors.front().key, parent.name.id)
                .name;
        }
        // A layer of torch::nn that nobody is seen to hold may be held all the same.
        const std::string plain = withoutImpl(typeName(typeid(*module)));
        Known& entry =
            settle(state, module,
                   ofUser ? rootPath(plain) : plain + "#" + std::to_string(m_orphans[plain]++),
                   trace::kNone32);
        entry.isRoot = ofUser;
        return entry.name;
    }

    LayerName named(ThreadState& state, const std::string& path, const std::string& type,
                    const std::string& parent) {
        const std::lock_guard lock(m_mutex);
        const auto [id, isNew] = m_ids.try_emplace(path, m_nextId);
        if (isNew) {
            ++m_nextId;
            const auto above = m_ids.find(parent);
            send(state, id->second, path, type, {},
                 above == m_ids.end() ? trace::kNone32 : above->second);
        }
        return {id->second, matchesLayer(path), capturesLayer(path)};
    }

    void forget(const Module* module) {
        const std::lock_guard lock(m_mutex);
        m_family.constructed(module);
        if (const auto known = m_known.find(module); known != m_known.end()) {
            moduleAddresses().remove(module);
            moduleAddresses().remove(known->second.object);
            m_known.erase(known);
        }
    }

    void walk(ThreadState& state, const Module* root) {
        const std::lock_guard lock(m_mutex);
        auto known = m_known.find(root);
        const bool valid = known != m_known.end() && isNamed(known->second, &typeid(*root), root);
        if (valid && (!known->second.isRoot || known->second.walkedAt == m_family.count())) {
            return;
        }
        const std::string path =
            valid ? known->second.path : rootPath(withoutImpl(typeName(typeid(*root))));
        Known& entry = settle(state, root, path, trace::kNone32);
        entry.isRoot = true;
        entry.walkedAt = m_family.count();
    }

private:
    static bool isStill(const Known& known, const Module* module) {
        const bool owned = known.alive.owner_before(std::weak_ptr<const Module>()) ||
                           std::weak_ptr<const Module>().owner_before(known.alive);
        return !owned || known.alive.lock().get() == module;
    }
    /// Else it was found while the constructor of a base class ran.
    static bool isNamed(const Known& known, const std::type_info* type, const Module* module) {
        return isStill(known, module) && known.type == type;
    }

    static std::string withoutImpl(std::string type) {
        if (type.size() > 4 && type.ends_with("Impl")) {
            type.resize(type.size() - 4);
        }
        return type;
    }

    std::string rootPath(const std::string& type) {
        const int number = m_roots[type]++;
        return number == 0 ? type : type + "#" + std::to_string(number);
    }

    /// A living module and all below it.
    Known& settle(ThreadState& state, const Module* module, const std::string& path,
                  std::uint32_t parent) {
        Known& entry = putLiving(state, module, path, parent);
        walkChildren(state, module, path, entry.name.id);
        nameParameters(state, module, path);
        return entry;
    }

    /// Modules that are not to be touched. Returns: the first, the parent.
    Known& putAncestors(ThreadState& state, const std::vector<Parent>& ancestors) {
        Known* above = nullptr;
        for (std::size_t i = ancestors.size(); i-- > 0;) {
            const Parent& next = ancestors[i];
            Known& known = m_known[next.module];
            if (known.path.empty() || !isNamed(known, next.type, next.module)) {
                const std::string path = above == nullptr
                                             ? rootPath(withoutImpl(typeName(*next.type)))
                                             : above->path + "." + ancestors[i + 1].key;
                put(state, next.module, path, *next.type, {},
                    above == nullptr ? trace::kNone32 : above->name.id);
                known.isRoot = above == nullptr;
            }
            above = &known;
        }
        return *above;
    }

    Known& putLiving(ThreadState& state, const Module* module, const std::string& path,
                     std::uint32_t parent) {
        return put(state, module, path, typeid(*module), module->weak_from_this(), parent);
    }

    Known& put(ThreadState& state, const Module* module, const std::string& path,
               const std::type_info& type, std::weak_ptr<const Module> alive,
               std::uint32_t parent) {
        Known& known = m_known[module];
        const bool sameLayer = !known.path.empty() && isStill(known, module);
        const auto* object = dynamic_cast<const void*>(module);
        if (sameLayer && known.path == path) {
            known.type = &type;
            known.object = object;
            rememberAddresses(module, known);
            return known;
        }
        // One layer for one path, also when a module is replaced by another of the same place; a
        // layer whose path became known later keeps its id.
        const auto [id, isNew] = m_ids.try_emplace(path, sameLayer ? known.name.id : m_nextId);
        m_nextId += isNew && !sameLayer ? 1 : 0;
        known = Known{{id->second, matchesLayer(path), capturesLayer(path)},
                      path,
                      &type,
                      object,
                      std::move(alive),
                      known.isRoot,
                      0};
        if (isNew) {
            send(state, id->second, path, typeName(type), baseNames(type), parent);
        }
        rememberAddresses(module, known);
        return known;
    }

    /// A member function of a class that derives from Module virtually gets the object's.
    static void rememberAddresses(const Module* module, const Known& known) {
        moduleAddresses().put(module, known.name.id);
        moduleAddresses().put(known.object, known.name.id);
    }

    static void send(ThreadState& state, std::uint32_t id, const std::string& path,
                     const std::string& type, const std::string& bases, std::uint32_t parent) {
        wire::LayerRecord record;
        record.id = id;
        record.parent = parent;
        record.pathLength = static_cast<std::uint32_t>(path.size());
        record.typeLength = static_cast<std::uint32_t>(type.size());
        record.basesLength = static_cast<std::uint32_t>(bases.size());
        sendDefinition(state, wire::RecordKind::Layer, record, path, type, bases);
    }

    void walkChildren(ThreadState& state, const Module* root, const std::string& path,
                      std::uint32_t rootId) {
        std::unordered_map<std::string, std::uint32_t> ids{{"", rootId}};
        for (const auto& item : root->named_modules(std::string(), false)) {
            const std::string& relative = item.key();
            const std::size_t dot = relative.rfind('.');
            const auto parent =
                ids.find(dot == std::string::npos ? std::string() : relative.substr(0, dot));
            Known& child = putLiving(state, item.value().get(), path + "." + relative,
                                     parent != ids.end() ? parent->second : rootId);
            child.isRoot = false;
            ids[relative] = child.name.id;
        }
    }

    static void nameParameters(ThreadState& state, const Module* root, const std::string& path) {
        for (const auto& item : root->named_parameters(true)) {
            nameStorage(item.value(), internParameter(state, path + "." + item.key()));
        }
        for (const auto& item : root->named_buffers(true)) {
            nameStorage(item.value(), internText(state, path + "." + item.key()));
        }
    }

    std::mutex m_mutex;
    std::unordered_map<const Module*, Known> m_known;
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::unordered_map<std::string, int> m_orphans, m_roots;
    std::uint32_t m_nextId = 0;
    Family m_family;
};

Modules& modules() {
    static auto* made = new Modules();
    return *made;
}

} // namespace

void* moduleOf(void* layer) {
    // Every layer of torch::nn derives from Cloneable first, and that from Module, virtually up
    // to 2.x: the compiler's conversion from any one of them finds the way for all.
    auto* cloneable = static_cast<torch::nn::Cloneable<torch::nn::LinearImpl>*>(layer);
    return static_cast<Module*>(cloneable);
}

LayerName layerNamed(ThreadState& state, const std::string& path, const std::string& type,
                     const std::string& parent) {
    return modules().named(state, path, type, parent);
}

LayerName layerOf(ThreadState& state, const Module* module, bool ofUser) {
    return modules().find(state, module, ofUser);
}

void moduleConstructed(void* module) {
    guarded("a module is made", [&] { modules().forget(static_cast<const Module*>(module)); });
}

void moduleTouched(void* module) {
    guarded("a module is walked", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            modules().walk(*state, static_cast<const Module*>(module));
        }
    });
}

void moduleMode(void* module, int training) {
    guarded("a module changes its mode", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            const auto* known = static_cast<const Module*>(module);
            const LayerName layer = modules().find(*state, known, true);
            sendMark(*state, trace::EventKind::Mode, static_cast<std::uint64_t>(training != 0),
                     layer.id);
        }
    });
}

} // namespace repro::host
