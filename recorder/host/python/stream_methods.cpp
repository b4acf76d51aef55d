// SPDX-License-Identifier: BSD-3-Clause
// Random numbers that are not torch's, and the batches of a loader's workers.
#include "recorder/host/events.h"
#include "recorder/host/guard.h"
#include "recorder/host/python/bridge.h"
#include "recorder/host/python/streams.h"
#include "recorder/wire/producer.h"
#include "trace/arguments.h"

#include <string>

namespace repro::host::python {
namespace {

StreamLayout layoutNamed(const std::string& name) {
    using enum StreamLayout;
    return name == "random"    ? Random
           : name == "mt19937" ? Mt19937
           : name == "pcg64"   ? Pcg64
                               : Sfc64;
}

/// watch_stream(id, name, is it global, layout, address or capsule, first word, index) -> bool
Object* meetStream(Object*, Object* const* arguments, std::intptr_t) {
    bool watched = false;
    guarded("a stream of random numbers is met", [&] {
        WatchedStream stream;
        stream.id = numberOf(arguments[0]);
        stream.name = textOf(arguments[1]);
        stream.isGlobal = g_api->objectIsTrue(arguments[2]) != 0;
        stream.layout = layoutNamed(textOf(arguments[3]));
        if (stream.layout == StreamLayout::Random) {
            stream.state = reinterpret_cast<const std::byte*>(numberOf(arguments[4]));
        } else if (void* bits = g_api->capsulePointer(arguments[4], "BitGenerator")) {
            stream.state = *static_cast<const std::byte* const*>(bits); // bitgen_t::state
        }
        ThreadState* state = recordingState();
        watched = state != nullptr && stream.state != nullptr &&
                  watchStream(*state, stream, static_cast<std::uint32_t>(numberOf(arguments[5])),
                              static_cast<std::uint32_t>(numberOf(arguments[6])));
    });
    g_api->errClear();
    return same(watched ? g_api->trueObject : g_api->none);
}

/// forget_stream(id)
Object* loseStream(Object*, Object* id) {
    forgetStream(numberOf(id));
    return none();
}

/// loader_seed(begins: bool): around what draws the seed of a loader's workers
Object* seedOfLoader(Object*, Object* begins) {
    guarded("a loader draws its seed", [&] {
        if (ThreadState* state = recordingState(); state != nullptr) {
            state->loaderSeed = g_api->objectIsTrue(begins) != 0;
        }
    });
    return none();
}

/// loader_worker(None): this process is a worker of a loader
Object* becomeWorker(Object*, Object*) {
    wire::Session::accountFor();
    return none();
}

/// batch(number, worker, seed, examples, states...): see trace::EventKind::Batch
Object* batchArrives(Object*, Object* const* arguments, std::intptr_t count) {
    guarded("a batch arrives", [&] {
        ThreadState* state = recordingState();
        if (state == nullptr) {
            return;
        }
        state->arguments.clear();
        trace::ArgumentEncoder encoder(state->arguments);
        for (std::intptr_t i = 1; i < count; ++i) {
            encoder.string(textOf(arguments[i]));
        }
        EventContext event(*state, trace::EventKind::Batch);
        BeginRecord begin = beginEvent(event);
        begin.head().extra = numberOf(arguments[0]); // -1 = not known
        begin.addArguments(state->arguments);
        send(event, begin);
        EndRecord end = endEvent(event);
        send(event, end);
    });
    return none();
}

} // namespace

std::span<Method> streamMethods() {
    static Method methods[] = {
        method("watch_stream", meetStream, kMany), method("forget_stream", loseStream, kOne),
        method("loader_seed", seedOfLoader, kOne), method("loader_worker", becomeWorker, kOne),
        method("batch", batchArrives, kMany)};
    return methods;
}

} // namespace repro::host::python
