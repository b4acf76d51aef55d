// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/op_table.h"
#include "recorder/host/tensors.h"
#include "recorder/host/thread_state.h"

#include <ATen/core/Generator.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>
#include <c10/util/SmallVector.h>

#include <exception>
#include <optional>
#include <span>

/// Events between their begin and their end. They nest per thread; the innermost is
/// ThreadState::top.
namespace repro::host {

/// A tensor remembered from the begin of an event to its end, without keeping it alive.
struct WeakTensorRef {
    c10::weak_intrusive_ptr<at::TensorImpl> tensor;
    std::uint16_t slot = 0;
    std::uint32_t item = 0;
    std::uint8_t flags = 0;              ///< trace::use_flag of its use
    std::uint32_t name = trace::kNone32; ///< of its storage, which the op replaces
};

struct DrawProbe {
    at::Generator generator;
    std::optional<trace::Fingerprint> before;
    std::uint32_t id = trace::kNone32;
};

/// What an open event keeps. LibTorch owns the context of an op; layers and scopes are ours.
class EventContext : public at::ObserverContext {
public:
    EventContext(ThreadState& state, trace::EventKind kind);
    ~EventContext() override { close(); }
    /// The event is over: what it set on its thread is as it was before. Idempotent.
    void close();
    EventContext(const EventContext&) = delete;
    EventContext& operator=(const EventContext&) = delete;
    /// Pooled per thread: one is made for every event.
    static void* operator new(std::size_t size);
    static void operator delete(void* memory);

    ThreadState* state;
    EventContext* outer; ///< enclosing open event of the thread
    trace::EventKind kind;
    bool nested;                          ///< ends on its thread, after all that began in it
    std::uint64_t begin = trace::kNone64; ///< its ordinal; none = the record was not taken
    const OpInfo* op = nullptr;
    std::uint32_t flags = 0; ///< trace::event_flag, completed until the end
    int atenDepth;           ///< as before it began
    int backwardDepth;
    std::uint32_t layer;
    bool layerMatches;
    bool optimizer;
    bool isNorm = false;   ///< a layer whose end is that of its normalising op; owned by nobody
    bool captured = false; ///< a layer whose tensors' bytes are wanted
    const void* module = nullptr; ///< of a layer
    bool closed = false;
    int uncaught = std::uncaught_exceptions(); ///< when it began
    bool innerDrew = false;      ///< an enclosed op accounted for the movement of the generator
    bool deferredInputs = false; ///< of a view op: read at the end, if it turns out to copy
    c10::SmallVector<WeakTensorRef, 4> written; ///< inline: no allocation for most ops
    c10::SmallVector<WeakTensorRef, 4> inputs;
    c10::SmallVector<DrawProbe, 1> probes;
};

/// The record of an event's begin or end, built in the buffer of its thread, one at a time. Its
/// head counts what it is given.
template <class Head>
class EventRecord {
public:
    EventRecord(ThreadState& state, wire::RecordKind kind, const Head& head) : m_state(state) {
        state.record.begin(kind, head);
    }
    EventRecord(const EventRecord&) = delete;
    EventRecord& operator=(const EventRecord&) = delete;

    /// Valid until something is added.
    [[nodiscard]] Head& head() { return m_state.record.head<Head>(); }
    void addUse(const at::Tensor& tensor, const Slot& slot, Hashing hashing,
                CaptureRequest request) {
        appendUse(m_state, tensor, slot, hashing, request);
        ++head().useCount;
    }
    /// Of a begin, after its uses.
    void addArguments(std::span<const std::byte> arguments) {
        head().argumentBytes = static_cast<std::uint32_t>(arguments.size());
        m_state.record.appendBytes(arguments.data(), arguments.size());
    }
    /// Of an end, after its uses.
    void addDraw(const wire::DrawRecord& draw) {
        m_state.record.append(draw);
        ++head().drawCount;
    }
    /// Returns its ordinal, kNone64 when it was not taken.
    std::uint64_t send() { return m_state.record.send(*m_state.producer); }

private:
    ThreadState& m_state;
};

using BeginRecord = EventRecord<wire::BeginRecord>;
using EndRecord = EventRecord<wire::EndRecord>;

/// With the stack of where it begins. To call before anything is read: between that and the record
/// other threads may write.
BeginRecord beginEvent(const EventContext& context);
EndRecord endEvent(EventContext& context);
/// Fills context.begin.
void send(EventContext& context, BeginRecord& record);
/// With the flags that the context has by now.
void send(const EventContext& context, EndRecord& record);
/// An event without tensors: begin and end in one.
void sendMark(ThreadState& state, trace::EventKind kind, std::uint64_t extra, std::uint32_t layer);

/// The innermost open op gets a flag of the determinism oracle.
void flagInnermostOp(std::uint32_t flag);

} // namespace repro::host
