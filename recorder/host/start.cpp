// SPDX-License-Identifier: BSD-3-Clause
// Entry of the recorder library: attach, apply the controls that were asked for, begin to record.
#include "recorder/host/capture.h"
#include "recorder/host/environment.h"
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/layers.h"
#include "recorder/host/libraries.h"
#include "recorder/host/modules.h"
#include "recorder/host/observer.h"
#include "recorder/host/optimizers.h"
#include "recorder/host/python/side.h"
#include "recorder/host/rng.h"
#include "recorder/host/stack/walker.h"
#include "recorder/host/stacks.h"
#include "recorder/host/torch_version.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <pthread.h>

namespace repro::host {
namespace {

void applyControls(const wire::Options& options) {
    at::Context& context = at::globalContext();
    if (options.hasSeed != 0) {
        at::manual_seed(options.seed);
    }
    if (options.threads > 0) {
        at::set_num_threads(options.threads);
    }
    if (options.deterministic != 0) {
        context.setDeterministicAlgorithms(true, options.deterministic == 2);
    }
#if REPRO_TORCH(2, 1)
    if (options.fillUninitialised != 0) {
        context.setDeterministicFillUninitializedMemory(true);
    }
#else
    if (options.fillUninitialised != 0) {
        say("this LibTorch cannot fill new tensors; from 2.1 on it can");
    }
#endif
    if (options.noTf32 != 0) {
        context.setAllowTF32CuBLAS(false);
        context.setAllowTF32CuDNN(false);
    }
}

/// Says that the host ends by itself. Runs in exit(), possibly on another thread than main's.
void sendEnd() {
    if (!wire::Session::live()) {
        return; // every child comes here
    }
    guarded("the program ends", [] {
        if (ThreadState* state = threadState(); state != nullptr) {
            tellOpenedLibraries(*state);
            sendDefinition(*state, wire::RecordKind::Bye, wire::ByeRecord{});
        }
    });
}

/// A mark of the parent. A fork that failed counts, too: nothing tells it from others here.
void forked() {
    if (!wire::Session::live()) {
        return; // a child that forks need not have run LibTorch
    }
    guarded("the program forks", [] {
        static std::atomic<std::uint64_t> forks{0};
        if (ThreadState* state = recordingState(); state != nullptr) {
            sendMark(*state, trace::EventKind::Fork, forks.fetch_add(1), trace::kNone32);
        }
    });
}

/// A forked child would write into the rings of its parent.
void inChild() {
    wire::Session::becomeChild();
}

void alerted() {
    flagInnermostOp(trace::event_flag::Alerted);
}

void asked() {
    flagInnermostOp(trace::event_flag::Asked);
}

void step(std::int64_t number) {
    guarded("a step begins", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            std::atomic_ref<std::int64_t>(wire::Session::control()->step)
                .store(number, std::memory_order_relaxed);
            sendMark(*state, trace::EventKind::StepMark, static_cast<std::uint64_t>(number),
                     trace::kNone32);
            sendMovedRngStates(*state);
        }
    });
}

void watch(const char* name, const void* tensor) {
    guarded("a tensor is watched", [&] {
        ThreadState* state = recordingState();
        if (state == nullptr) {
            return;
        }
        EventContext event(*state, trace::EventKind::Watch);
        BeginRecord begin = beginEvent(event);
        begin.addUse(*static_cast<const at::Tensor*>(tensor),
                     {trace::Direction::In, 0, 0, 0, internText(*state, name)}, Hashing::Fresh,
                     {capturesLayer(name) && capturesStep(), true});
        send(event, begin);
        EndRecord end = endEvent(event);
        send(event, end);
    });
}

void pause(int change) {
    if (ThreadState* state = threadState(); state != nullptr) {
        state->paused += change;
    }
}

constexpr ReproHooks kHooks = {REPRO_HOOKS_VERSION,
                               moduleOf,
                               layerEnter,
                               layerExit,
                               normEnter,
                               moduleConstructed,
                               moduleTouched,
                               moduleMode,
                               scopeEnter,
                               scopeExit,
                               alerted,
                               asked,
                               step,
                               watch,
                               pause,
                               settleObserver,
                               librariesOpened,
                               stack::forgetUnloaded};

/// The options reach `REPROREC_SOCKET`'s collector only in a process that it started to record.
const ReproHooks* start(const ReproOrigin* (*origin)(), int (*awake)()) {
    const char* socket = std::getenv("REPROREC_SOCKET");
    const std::string version = std::to_string(TORCH_VERSION_MAJOR) + "." +
                                std::to_string(TORCH_VERSION_MINOR) + "." +
                                std::to_string(TORCH_VERSION_PATCH);
    if (socket == nullptr || !wire::Session::attach(socket, version.c_str())) {
        return nullptr;
    }
    const wire::Options& options = *wire::Session::options();
    setOriginSource(origin);
    setVerify(options.verify, options.statistics);
    prepareCapture(options);
    prepareStacks(options.sites);
    applyControls(options);
    ThreadState* state = threadState();
    if (state == nullptr) {
        return nullptr;
    }
    sendEnvironment(*state, environmentJson());
    pthread_atfork(nullptr, forked, inChild);
    std::atexit(sendEnd);
    registerObserver(awake);
    startPython();
    return &kHooks;
}

} // namespace
} // namespace repro::host

extern "C" REPRO_EXPORT const ReproHooks* repro_recorder_start(const ReproOrigin* (*origin)(void),
                                                               int (*awake)(void)) {
    const ReproHooks* hooks = nullptr;
    const repro::host::Busy busy;
    try {
        hooks = repro::host::start(origin, awake);
    } catch (const std::exception& error) {
        repro::host::fail("start", error.what());
    }
    return hooks;
}
