// SPDX-License-Identifier: BSD-3-Clause
// Modules, their parameters, modes and optimizers.
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/layers.h"
#include "recorder/host/modules.h"
#include "recorder/host/optimizers.h"
#include "recorder/host/python/bridge.h"
#include "recorder/host/tensors.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace repro::host::python {
namespace {

using at::Tensor;

Object* g_walk = nullptr;                              ///< names the modules of a root
std::unordered_map<std::uint64_t, LayerName> g_layers; ///< by id(module); under the GIL

/// What a thread is in. Never freed: for a destructor of a thread_local glibc would take the
/// loader's lock, which may be held by whoever waits for this thread.
struct Open {
    std::vector<EventContext*> layers; ///< null: not recorded
    void* step = nullptr;
    int modes = 0;
};

Open& open() {
    static thread_local Open* made = nullptr;
    if (made == nullptr) {
        made = new Open();
    }
    return *made;
}

std::uint64_t idOf(const Object* object) {
    return reinterpret_cast<std::uint64_t>(object);
}

/// Those of an argument or result, and within lists, tuples and dictionaries of them.
void addTensors(Object* object, SlotTensors& tensors, int depth = 0) {
    constexpr int kDeepest = 4;
    if (const Tensor* tensor = tensorOf(object)) {
        tensors.push_back({static_cast<std::uint16_t>(tensors.size()), tensor});
    } else if (depth < kDeepest && isOf(object, g_api->tupleType)) {
        for (std::intptr_t i = 0; i < g_api->tupleSize(object); ++i) {
            addTensors(g_api->tupleItem(object, i), tensors, depth + 1);
        }
    } else if (depth < kDeepest && isOf(object, g_api->listType)) {
        for (std::intptr_t i = 0; i < g_api->listSize(object); ++i) {
            addTensors(g_api->listItem(object, i), tensors, depth + 1);
        }
    } else if (depth < kDeepest && isOf(object, g_api->dictType)) {
        std::intptr_t at = 0;
        Object *key = nullptr, *value = nullptr;
        while (g_api->dictNext(object, &at, &key, &value) != 0) {
            addTensors(value, tensors, depth + 1);
        }
    }
}

const LayerName* layerOfModule(Object* module) {
    const auto known = g_layers.find(idOf(module));
    if (known != g_layers.end()) {
        return &known->second;
    }
    if (t_busy || !wire::Session::live() || recordingState() == nullptr) {
        return nullptr;
    }
    if (Object* done = g_api->callWith(g_walk, module, nullptr)) {
        g_api->decRef(done);
    } else {
        g_api->errClear();
    }
    const auto found = g_layers.find(idOf(module));
    return found == g_layers.end() ? nullptr : &found->second;
}

/// walk_with(function)
Object* walkWith(Object*, Object* function) {
    g_walk = same(function);
    return none();
}

/// register(id, path, type, path of the parent)
Object* registerModule(Object*, Object* const* arguments, std::intptr_t) {
    guarded("a module is named", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            g_layers[numberOf(arguments[0])] = layerNamed(
                *state, textOf(arguments[1]), textOf(arguments[2]), textOf(arguments[3]));
        }
    });
    return none();
}

/// forget(id)
Object* forgetModule(Object*, Object* id) {
    g_layers.erase(numberOf(id));
    return none();
}

/// name(tensor, address of its implementation, name, is it a parameter)
Object* nameTensor(Object*, Object* const* arguments, std::intptr_t) {
    findTensorAt(arguments[0], numberOf(arguments[1]));
    guarded("a tensor is named", [&] {
        ThreadState* state = recordingState();
        const Tensor* tensor = tensorOf(arguments[0]);
        if (state != nullptr && tensor != nullptr && tensor->has_storage()) {
            const std::string name = textOf(arguments[2]);
            nameStorage(*tensor, g_api->objectIsTrue(arguments[3]) != 0
                                     ? internParameter(*state, name)
                                     : internText(*state, name));
        }
    });
    return none();
}

/// enter(module, arguments, named arguments)
Object* enterModule(Object*, Object* const* arguments, std::intptr_t) {
    EventContext* opened = nullptr;
    if (const LayerName* layer = layerOfModule(arguments[0])) {
        guarded("a layer begins", [&] {
            if (ThreadState* state = recordingState(); state != nullptr) {
                SlotTensors inputs;
                addTensors(arguments[1], inputs);
                addTensors(arguments[2], inputs);
                opened = beginLayer(*state, *layer, arguments[0], inputs);
            }
        });
    }
    open().layers.push_back(opened);
    return none();
}

void endInnermost(Object* result) {
    if (open().layers.empty()) {
        return;
    }
    const std::unique_ptr<EventContext> context(open().layers.back());
    open().layers.pop_back();
    if (context != nullptr) {
        guarded("a layer ends", [&] {
            SlotTensors results;
            if (result != nullptr) {
                addTensors(result, results);
            }
            endLayer(*context, result == nullptr, results);
        });
    }
}

/// leave(result) -> result
Object* leaveModule(Object*, Object* result) {
    endInnermost(result);
    return same(result);
}

/// threw(None)
Object* threwInModule(Object*, Object*) {
    endInnermost(nullptr);
    return none();
}

/// mode(module, training): train() calls itself for the modules within.
Object* setMode(Object*, Object* const* arguments, std::intptr_t) {
    const LayerName* layer = open().modes++ == 0 ? layerOfModule(arguments[0]) : nullptr;
    if (layer != nullptr) {
        guarded("a module changes its mode", [&] {
            if (ThreadState* state = recordingState(); state != nullptr) {
                const bool training = g_api->objectIsTrue(arguments[1]) != 0;
                sendMark(*state, trace::EventKind::Mode, training ? 1 : 0, layer->id);
            }
        });
    }
    return none();
}

/// mode_set(result) -> result
Object* modeSet(Object*, Object* result) {
    --open().modes;
    return same(result);
}

/// step_begins(number of the optimizer)
Object* stepBegins(Object*, Object* number) {
    if (open().step != nullptr) {
        stepEnd(std::exchange(open().step, nullptr), true, {}); // the last one threw
    }
    open().step = stepBegin(numberOf(number));
    return none();
}

/// step_ends(((parameter, ((name, tensor), ...), item), ...))
Object* stepEnds(Object*, Object* parameters) {
    std::vector<StepTensor> tensors;
    const auto item = [](Object* tuple, std::intptr_t i) { return g_api->tupleItem(tuple, i); };
    const auto add = [&](Object* tensor, std::string part, std::uint32_t number) {
        if (const Tensor* found = tensorOf(tensor)) {
            tensors.push_back({*found, std::move(part), number});
        }
    };
    for (std::intptr_t i = 0; i < g_api->tupleSize(parameters); ++i) {
        Object* parameter = item(parameters, i);
        const auto number = static_cast<std::uint32_t>(numberOf(item(parameter, 2)));
        add(item(parameter, 0), "", number);
        Object* state = item(parameter, 1);
        for (std::intptr_t k = 0; k < g_api->tupleSize(state); ++k) {
            add(item(item(state, k), 1), textOf(item(item(state, k), 0)), number);
        }
    }
    stepEnd(std::exchange(open().step, nullptr), false, tensors);
    return none();
}

} // namespace

std::span<Method> layerMethods() {
    static Method methods[] = {
        method("walk_with", walkWith, kOne),  method("register", registerModule, kMany),
        method("forget", forgetModule, kOne), method("name", nameTensor, kMany),
        method("enter", enterModule, kMany),  method("leave", leaveModule, kOne),
        method("threw", threwInModule, kOne), method("mode", setMode, kMany),
        method("mode_set", modeSet, kOne),    method("step_begins", stepBegins, kOne),
        method("step_ends", stepEnds, kOne)};
    return methods;
}

} // namespace repro::host::python
