// SPDX-License-Identifier: BSD-3-Clause
// What the package `reprorec` tells, as programs of C++ do by reprorec.h: by the same functions.
#include "recorder/host/python/bridge.h"

#include <dlfcn.h>

namespace repro::host::python {
namespace {

template <class Function>
Function* publicFunction(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

/// mark_step(number)
Object* markStep(Object*, Object* number) {
    static auto* const step = publicFunction<void(std::int64_t)>("reprorec_step");
    if (step != nullptr) {
        step(static_cast<std::int64_t>(numberOf(number)));
    }
    return none();
}

/// mark_watch(name, tensor, address of its implementation)
Object* markWatch(Object*, Object* const* arguments, std::intptr_t) {
    static auto* const watch = publicFunction<void(const char*, const void*)>("reprorec_watch");
    findTensorAt(arguments[1], numberOf(arguments[2]));
    const at::Tensor* tensor = tensorOf(arguments[1]);
    if (watch != nullptr && tensor != nullptr) {
        watch(textOf(arguments[0]).c_str(), tensor);
    }
    return none();
}

/// mark_pause(begins: bool)
Object* markPause(Object*, Object* begins) {
    static auto* const pause = publicFunction<void(int)>("reprorec_pause");
    if (pause != nullptr) {
        pause(g_api->objectIsTrue(begins) != 0 ? 1 : -1);
    }
    return none();
}

} // namespace

std::span<Method> markMethods() {
    static Method methods[] = {method("mark_step", markStep, kOne),
                               method("mark_watch", markWatch, kMany),
                               method("mark_pause", markPause, kOne)};
    return methods;
}

} // namespace repro::host::python
