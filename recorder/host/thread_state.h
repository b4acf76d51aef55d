// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/frame_words.h"
#include "recorder/host/python/frames.h"
#include "recorder/host/stack/walker.h"
#include "recorder/preload/hooks.h"
#include "recorder/wire/producer.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace repro::host {

/// A record under construction: header, struct, variable part. Keeps its memory between records.
class RecordBuffer {
public:
    /// Starts a record of type R (its header is filled by send()).
    template <class R>
    void begin(wire::RecordKind kind, const R& record) {
        m_size = 0;
        append(record);
        auto* header = reinterpret_cast<wire::RecordHeader*>(m_bytes.get());
        header->kind = kind;
    }
    template <class T>
    void append(const T& value) {
        appendBytes(&value, sizeof value);
    }
    void appendBytes(const void* data, std::size_t size) {
        if (m_size + size > m_capacity) {
            grow(m_size + size);
        }
        if (size > 0) {
            std::memcpy(m_bytes.get() + m_size, data, size);
            m_size += size;
        }
    }
    /// A few words, for which a call would cost more than the copy.
    void appendWords(const std::int64_t* words, std::size_t count) {
        if (m_size + count * sizeof *words > m_capacity) {
            grow(m_size + count * sizeof *words);
        }
        for (std::size_t i = 0; i < count; ++i, m_size += sizeof *words) {
            std::memcpy(m_bytes.get() + m_size, words + i, sizeof *words);
        }
    }
    void appendText(std::string_view text) { appendBytes(text.data(), text.size()); }
    /// The record's own struct, to be completed. Valid until the next append.
    template <class R>
    R& head() {
        return *reinterpret_cast<R*>(m_bytes.get());
    }
    /// Pads to 8 and hands the record over. Returns its ordinal, kNone64 when it was not taken.
    std::uint64_t send(wire::Producer& producer);

private:
    void grow(std::size_t least);
    std::unique_ptr<std::byte[]>
        m_bytes; ///< not a vector: growing one would fill it with zeros first
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

class EventContext;
struct OpInfo;

/// Memory of ended events, for the next ones: one is made for every event.
struct EventPool {
    void* first = nullptr;
    int count = 0;
    EventPool() = default;
    ~EventPool();
    EventPool(const EventPool&) = delete;
    EventPool& operator=(const EventPool&) = delete;
};

/// The same calls, which may be of several modules.
struct KnownStack {
    std::uint32_t id = trace::kNone32; ///< when it was last met, see stackId()
    std::vector<std::uint32_t> layers; ///< at that time, in its places
    std::vector<WordPlace> places;
    int searches = 0;
    std::uint64_t version = ~0ULL; ///< of the module addresses that were searched for
};

/// What a recording thread keeps. One per thread that dispatches ops; freed when it ends, but for
/// the main thread, whose ops may go on in destructors of statics.
struct ThreadState {
    wire::Producer* producer = nullptr;
    std::uint32_t id = 0;
    RecordBuffer record;
    RecordBuffer definition; ///< definitions are sent while `record` is being built
    std::vector<std::byte> arguments;
    std::vector<trace::Fingerprint> leaves;
    EventContext* top = nullptr; ///< innermost event that is open
    std::uint32_t layer = trace::kNone32;
    bool layerMatches = false;         ///< the capture filter lets ops of this layer through
    int atenDepth = 0;                 ///< enclosing ATen ops
    int backwardDepth = 0;             ///< enclosing backward nodes
    int paused = 0;                    ///< reprorec::Pause
    std::uint64_t contextBits = ~0ULL; ///< of the last context, and its id
    std::uint32_t contextId = trace::kNone32;
    bool loaderSeed = false; ///< inside the making of a loader's iterator
    bool optimizer = false;  ///< inside Optimizer::step
    std::unordered_map<const char*, const OpInfo*> ops;       ///< by the address of their name
    std::unordered_map<std::uint64_t, const OpInfo*> textOps; ///< by a hash of scope and name
    std::vector<std::uint32_t> drewFrom; ///< generators whose state before the first draw was sent
    EventPool pool;
    stack::Walker walker;
    std::vector<python::Call> pythonCalls; ///< at the last walk
    WordSearch wordSearch;
    std::unordered_map<std::uint64_t, KnownStack> stacks; ///< by a hash of their addresses
    std::unordered_map<std::uint64_t, std::uint32_t>
        stackIds;                          ///< by one of KnownStack::layers, too
    std::vector<std::uint32_t> layersHeld; ///< the stack's now
    std::uint64_t unloads = 0;             ///< before which those were valid
};

/// Sends what later records refer to by number, or what stands by itself; also while a record is
/// being built.
template <class Record, class... Texts>
void sendDefinition(ThreadState& state, wire::RecordKind kind, const Record& record,
                    const Texts&... texts) {
    state.definition.begin(kind, record);
    (state.definition.appendText(texts), ...);
    state.definition.send(*state.producer);
}

/// Of the calling thread, made at its first use. Null when it cannot record.
ThreadState* threadState();
/// The same, but not made: null before the thread recorded anything.
ThreadState* existingState();
/// The same for hooks and callbacks: null also while paused.
ThreadState* recordingState();

/// How many threads have one.
int dispatchingThreads();

/// Set once before recording begins; see ReproStart.
void setOriginSource(const ReproOrigin* (*origin)());

/// Interns a text of the process; sends it through the ring of `state` when it is new.
std::uint32_t internText(ThreadState& state, std::string_view text);

std::uint64_t nowNs();

} // namespace repro::host
