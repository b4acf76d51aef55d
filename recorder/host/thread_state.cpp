// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/thread_state.h"

#include "recorder/host/capture.h"
#include "recorder/host/guard.h"
#include "recorder/host/thread_names.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <mutex>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <unordered_map>

namespace repro::host {
namespace {

thread_local ThreadState* t_state __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local bool t_refused __attribute__((tls_model("initial-exec"))) = false;
const ReproOrigin* (*g_origin)() = nullptr;
std::atomic<int> g_states{0};

/// Frees the state of a thread that ends. Its ring is the collector's to give to the next thread.
void threadEnds(void* /*state*/) {
    if (t_state != nullptr && t_state->top == nullptr && syscall(SYS_gettid) != getpid()) {
        delete t_state;
        t_state = nullptr;
        --g_states;
    }
}

/// Not by a thread_local with a destructor: the first use of one waits for the loader's lock, and
/// whoever holds that may be waiting for this thread.
pthread_key_t endKey() {
    static const pthread_key_t key = [] {
        pthread_key_t made = 0;
        pthread_key_create(&made, threadEnds);
        return made;
    }();
    return key;
}

ThreadState* makeState() {
    const Busy busy;
    wire::Producer* producer = wire::Producer::open();
    if (producer == nullptr) {
        t_refused = true;
        return nullptr;
    }
    auto* state = new ThreadState();
    state->producer = producer;
    state->layerMatches = matchesLayer({});
    const ThreadName name = nameThread(g_origin != nullptr ? g_origin() : nullptr);
    state->id = name.id;
    wire::ThreadRecord record;
    record.id = name.id;
    record.creator = name.creator;
    record.systemId = static_cast<std::uint64_t>(syscall(SYS_gettid));
    record.torchId = at::RecordFunction::currentThreadId();
    record.nameLength = static_cast<std::uint32_t>(name.name.size());
    record.poolLength = static_cast<std::uint32_t>(name.pool.size());
    sendDefinition(*state, wire::RecordKind::Thread, record, name.name, name.pool);
    t_state = state;
    ++g_states;
    pthread_setspecific(endKey(), state);
    return state;
}

} // namespace

void RecordBuffer::grow(std::size_t least) {
    const std::size_t capacity = std::max<std::size_t>({least, 2 * m_capacity, 4096});
    std::unique_ptr<std::byte[]> bytes(new std::byte[capacity]);
    if (m_size > 0) {
        std::memcpy(bytes.get(), m_bytes.get(), m_size);
    }
    m_bytes = std::move(bytes);
    m_capacity = capacity;
}

std::uint64_t RecordBuffer::send(wire::Producer& producer) {
    static constexpr std::byte kZeros[8] = {};
    appendBytes(kZeros, (8 - m_size % 8) % 8);
    if (m_size > producer.maxRecord()) {
        throw std::length_error("a record larger than a quarter of the ring; use a larger --ring");
    }
    head<wire::RecordHeader>().size = static_cast<std::uint32_t>(m_size);
    std::byte* place = producer.reserve(m_size);
    if (place == nullptr) {
        return trace::kNone64;
    }
    std::memcpy(place, m_bytes.get(), m_size);
    return producer.commit(m_size);
}

void setOriginSource(const ReproOrigin* (*origin)()) {
    g_origin = origin;
}

int dispatchingThreads() {
    return g_states;
}

ThreadState* existingState() {
    return t_state;
}

ThreadState* threadState() {
    if (t_state != nullptr) {
        return t_state;
    }
    return t_refused ? nullptr : makeState();
}

ThreadState* recordingState() {
    ThreadState* state = threadState();
    return state != nullptr && state->paused == 0 ? state : nullptr;
}

std::uint32_t internText(ThreadState& state, std::string_view text) {
    static std::mutex mutex;
    static auto* ids = new std::unordered_map<std::string, std::uint32_t>();
    // Sent under the lock: whoever finds the id here finds the definition before it in the stream.
    const std::lock_guard lock(mutex);
    const auto [entry, isNew] =
        ids->try_emplace(std::string(text), static_cast<std::uint32_t>(ids->size()));
    if (isNew) {
        wire::TextRecord record;
        record.id = entry->second;
        record.length = static_cast<std::uint32_t>(text.size());
        sendDefinition(state, wire::RecordKind::Text, record, text);
    }
    return entry->second;
}

std::uint64_t nowNs() {
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec);
}

} // namespace repro::host
