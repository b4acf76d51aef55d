// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/python/side.h"

#include "recorder/host/environment.h"
#include "recorder/host/guard.h"
#include "recorder/host/python/bridge.h"
#include "recorder/host/python/frames.h"
#include "recorder/host/python/sources.h"
#include "recorder/wire/producer.h"

#include <dlfcn.h>
#include <span>
#include <string>

namespace repro::host {
namespace {

using python::g_api;
using python::Object;

/// learn_frames(codes, offsets, attributes): see python::learnFrames()
Object* learnFrames(Object*, Object* const* arguments, std::intptr_t) {
    if (!python::learnFrames(*g_api, arguments[0], arguments[1], arguments[2])) {
        say("lines of this Python are not recorded: its frames are of a kind that is not known");
    }
    return python::none();
}

/// environment(JSON): more of it than was told at the start
Object* tellEnvironment(Object*, Object* text) {
    guarded("the environment is told", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            sendEnvironment(*state, python::textOf(text));
        }
    });
    return python::none();
}

/// say(text)
Object* sayText(Object*, Object* text) {
    say(python::textOf(text).c_str());
    return python::none();
}

/// Returns: false where Python raised an exception.
bool run(const python::Api& api, Object* globals, const char* text, const char* file) {
    constexpr int kFile = 257; // Py_file_input
    Object* code = api.compile(text, file, kFile);
    Object* done = code == nullptr ? nullptr : api.evaluate(code, globals, globals);
    if (done == nullptr) {
        api.errClear();
    }
    return done != nullptr;
}

void addMethods(Object* functions, std::span<python::Method> methods) {
    for (python::Method& each : methods) {
        g_api->dictSet(functions, each.name, g_api->newFunction(&each, nullptr, nullptr));
    }
}

bool install(const python::Api& api) {
    static python::Method methods[] = {python::method("learn_frames", learnFrames, python::kMany),
                                       python::method("environment", tellEnvironment, python::kOne),
                                       python::method("say", sayText, python::kOne)};
    Object* functions = api.dictNew();
    addMethods(functions, methods);
    addMethods(functions, python::layerMethods());
    addMethods(functions, python::streamMethods());
    addMethods(functions, python::markMethods());
    const wire::Options& options = *wire::Session::options();
    api.dictSet(functions, "seed", options.hasSeed != 0 ? api.longFrom(options.seed) : api.none);
    Object* globals = api.dictNew();
    api.dictSet(globals, "__builtins__", api.builtins());
    if (!run(api, globals, python::kModules, "<reprorec modules>") ||
        !run(api, globals, python::kOptimizers, "<reprorec optimizers>") ||
        !run(api, globals, python::kStreams, "<reprorec streams>") ||
        !run(api, globals, python::kLoaders, "<reprorec loaders>") ||
        !run(api, globals, python::kPackages, "<reprorec packages>") ||
        !run(api, globals, python::kStart, "<reprorec start>")) {
        return false;
    }
    Object* started = api.callWith(api.dictGet(globals, "start"), functions, globals, nullptr);
    if (started == nullptr) {
        api.errClear();
    }
    return started != nullptr;
}

} // namespace

void startPython() {
    std::string why;
    g_api = python::findPython(why);
    if (g_api != nullptr) {
        void* library = dlopen("libtorch_python.so", RTLD_NOLOAD | RTLD_LAZY);
        auto** tensorClass = library == nullptr
                                 ? nullptr
                                 : static_cast<Object**>(dlsym(library, "THPVariableClass"));
        python::useTensorClass(tensorClass);
        why = tensorClass == nullptr ? "this is not torch's own LibTorch" : "";
        if (why.empty() && !install(*g_api)) {
            why = "its part of the recorder does not run here";
        }
    }
    if (!why.empty()) {
        say(("layers of Python are not recorded: " + why).c_str());
    }
}

} // namespace repro::host
