// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/preload/hooks.h"
#include "recorder/wire/producer.h"
#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace repro::host {

/// A record under construction: header, struct, variable part. Keeps its memory between records.
class RecordBuffer {
public:
    /// Starts a record of type R (its header is filled by send()).
    template <class R>
    void begin(wire::RecordKind kind, const R& record) {
        m_bytes.clear();
        append(record);
        auto* header = reinterpret_cast<wire::RecordHeader*>(m_bytes.data());
        header->kind = kind;
    }
    template <class T>
    void append(const T& value) {
        appendBytes(&value, sizeof value);
    }
    void appendBytes(const void* data, std::size_t size) {
        const std::size_t at = m_bytes.size();
        m_bytes.resize(at + size);
        std::memcpy(m_bytes.data() + at, data, size);
    }
    void appendText(std::string_view text) { appendBytes(text.data(), text.size()); }
    /// The record's own struct, to be completed. Valid until the next append.
    template <class R>
    R& head() {
        return *reinterpret_cast<R*>(m_bytes.data());
    }
    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }
    template <class T>
    T& at(std::size_t offset) {
        return *reinterpret_cast<T*>(m_bytes.data() + offset);
    }
    /// Pads to 8 and hands the record over. Returns its ordinal, kNone64 when it was not taken.
    std::uint64_t send(wire::Producer& producer);

private:
    std::vector<std::byte> m_bytes;
};

class EventContext;

/// What a recording thread keeps. One per thread that dispatches ops; leaked when it ends.
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
    bool optimizer = false; ///< inside Optimizer::step
};

/// Of the calling thread, made at its first use. Null when it cannot record.
ThreadState* threadState();
/// The same for hooks and callbacks: null also while paused.
ThreadState* recordingState();

/// Set once before recording begins; see ReproStart.
void setOriginSource(const ReproOrigin* (*origin)());

/// Interns a text of the process; sends it through the ring of `state` when it is new.
std::uint32_t internText(ThreadState& state, std::string_view text);

std::uint64_t nowNs();

} // namespace repro::host
