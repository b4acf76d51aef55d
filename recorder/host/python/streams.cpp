// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/python/streams.h"

#include "recorder/host/cpu_generator.h"
#include "recorder/host/events.h"
#include "recorder/host/python/api.h"
#include "recorder/host/rng.h"
#include "trace/xxh3.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace repro::host::python {
namespace {

constexpr std::size_t kWords = 624;

/// What differs, in all but one of 2^64 cases, where the state does.
using Peek = std::array<std::uint64_t, 5>;

/// As a program's memory has it, while a thread of the program may write there.
template <class T>
T peekAt(const std::byte* at) {
    return __atomic_load_n(reinterpret_cast<const T*>(at), __ATOMIC_RELAXED);
}

bool isTwister(StreamLayout layout) {
    return layout == StreamLayout::Random || layout == StreamLayout::Mt19937;
}

const std::byte* wordsOf(const WatchedStream& stream) {
    return stream.layout == StreamLayout::Random ? stream.state + sizeof(std::int32_t)
                                                 : stream.state;
}

std::uint32_t indexOf(const WatchedStream& stream) {
    const std::size_t at =
        stream.layout == StreamLayout::Random ? 0 : kWords * sizeof(std::uint32_t);
    return peekAt<std::uint32_t>(stream.state + at);
}

/// Words 0, 1 and the last: those of a new seed have the same word 0.
Peek peek(const WatchedStream& stream) {
    Peek seen{};
    if (isTwister(stream.layout)) {
        const std::byte* words = wordsOf(stream);
        seen = {indexOf(stream), peekAt<std::uint32_t>(words),
                peekAt<std::uint32_t>(words + sizeof(std::uint32_t)),
                peekAt<std::uint32_t>(words + (kWords - 1) * sizeof(std::uint32_t))};
        return seen;
    }
    const std::byte* words = stream.layout == StreamLayout::Pcg64
                                 ? peekAt<const std::byte*>(stream.state)
                                 : stream.state;
    const std::byte* half = stream.state + (stream.layout == StreamLayout::Pcg64 ? 8 : 32);
    for (std::size_t i = 0; i < 4; ++i) {
        seen[i] = peekAt<std::uint64_t>(words + i * sizeof(std::uint64_t));
    }
    seen[4] = peekAt<std::uint64_t>(half); // half of a number that is kept for the next time
    return seen;
}

/// In the terms of LibTorch's twister, which counts what is left, so that what replays that one
/// replays these, too.
Twister twisterOf(const WatchedStream& stream) {
    Twister state;
    const std::int64_t index = std::min<std::int64_t>(indexOf(stream), kWords);
    state.left = static_cast<std::int64_t>(kWords) - index + 1;
    state.next = index;
    for (std::size_t i = 0; i < kWords; ++i) {
        state.words[i] = peekAt<std::uint32_t>(wordsOf(stream) + i * sizeof(std::uint32_t));
    }
    return state;
}

struct State {
    trace::Fingerprint fingerprint;
    std::vector<std::byte> bytes;
};

State stateOf(const WatchedStream& stream, const Peek& seen) {
    if (isTwister(stream.layout)) {
        const Twister twister = twisterOf(stream);
        return {fingerprintOf(twister), savedState(twister)};
    }
    const auto* bytes = reinterpret_cast<const std::byte*>(seen.data());
    return {trace::xxh3(bytes, sizeof seen), {bytes, bytes + sizeof seen}};
}

struct Watched {
    WatchedStream stream;
    std::uint32_t generator;
    Peek peek;
    trace::Fingerprint state;
    std::uint64_t moves = 0;
};

/// From which whole states what lies between can be replayed: the first, for a program seeds early,
/// and then some.
bool isKept(std::uint64_t moves) {
    constexpr std::uint64_t kFirst = 8, kEach = 64;
    return moves <= kFirst || moves % kEach == 0;
}

struct Registry {
    std::mutex mutex;
    std::vector<Watched> all;
    std::atomic<bool> any{false};
};

Registry& registry() {
    static auto* made = new Registry();
    return *made;
}

/// None while a thread writes it.
std::optional<State> settledState(const Watched& watched) {
    const State once = stateOf(watched.stream, watched.peek);
    State twice = stateOf(watched.stream, peek(watched.stream));
    return once.fingerprint == twice.fingerprint ? std::optional(std::move(twice)) : std::nullopt;
}

struct Move {
    wire::DrawRecord draw;
    State state; ///< after it
    bool isKept;
};

std::vector<Move> moves(std::vector<Watched>& all) {
    std::vector<Move> found;
    for (Watched& watched : all) {
        const Peek now = peek(watched.stream);
        if (now == watched.peek) {
            continue;
        }
        const Peek before = std::exchange(watched.peek, now);
        auto state = settledState(watched);
        if (!state) {
            watched.peek = before;
            continue;
        }
        wire::DrawRecord draw;
        draw.generator = watched.generator;
        draw.beforeLow = watched.state.low;
        draw.beforeHigh = watched.state.high;
        draw.afterLow = state->fingerprint.low;
        draw.afterHigh = state->fingerprint.high;
        watched.state = state->fingerprint;
        found.push_back({draw, std::move(*state), isKept(++watched.moves)});
    }
    return found;
}

} // namespace

bool watchStream(ThreadState& state, const WatchedStream& stream, std::uint32_t first,
                 std::uint32_t index) {
    if (isTwister(stream.layout) &&
        (peekAt<std::uint32_t>(wordsOf(stream)) != first || indexOf(stream) != index)) {
        return false;
    }
    Registry& known = registry();
    const std::lock_guard lock(known.mutex);
    const Peek seen = peek(stream);
    const State now = stateOf(stream, seen);
    const std::uint32_t generator =
        foreignGeneratorId(state, stream.name, stream.isGlobal, now.fingerprint, now.bytes);
    known.all.push_back({stream, generator, seen, now.fingerprint});
    known.any.store(true, std::memory_order_release);
    return true;
}

void forgetStream(std::uint64_t id) {
    if (!wire::Session::live()) {
        return; // in a forked child, whose copy of the lock may be held for ever
    }
    Registry& known = registry();
    const std::lock_guard lock(known.mutex);
    std::erase_if(known.all, [&](const Watched& watched) { return watched.stream.id == id; });
}

void tellMovedStreams(ThreadState& state) {
    Registry& known = registry();
    if (!known.any.load(std::memory_order_acquire) || isFinalizing()) {
        return;
    }
    const std::unique_lock lock(known.mutex, std::try_to_lock);
    if (!lock.owns_lock()) {
        return;
    }
    const std::vector<Move> moved = moves(known.all);
    if (moved.empty()) {
        return;
    }
    EventContext event(state, trace::EventKind::Stream);
    BeginRecord begin = beginEvent(event);
    send(event, begin);
    EndRecord end = endEvent(event);
    for (const Move& move : moved) {
        end.addDraw(move.draw);
    }
    send(event, end);
    for (const Move& move : moved) { // after the mark, for it is what the mark leads to
        if (move.isKept) {
            sendRngState(state, move.draw.generator, move.state.fingerprint, move.state.bytes);
        }
    }
}

} // namespace repro::host::python
