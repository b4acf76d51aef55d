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

/// Events between their begin and their end. They nest per thread; the innermost is
/// ThreadState::top.
namespace repro::host {

/// A tensor remembered from the begin of an event to its end, without keeping it alive.
struct Remembered {
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
    c10::SmallVector<Remembered, 4> written; ///< inline: no allocation for most ops
    c10::SmallVector<Remembered, 4> inputs;
    c10::SmallVector<DrawProbe, 1> probes;
};

/// Builds a Begin record in `state.record`; uses and arguments follow, then sendBegin.
wire::BeginRecord& startBegin(ThreadState& state, trace::EventKind kind);
/// Appends `argumentBytes` of `state.arguments`, sends; fills context.begin.
void sendBegin(EventContext& context);
/// Builds an End record; uses and draws follow, then sendEnd.
wire::EndRecord& startEnd(EventContext& context);
void sendEnd(EventContext& context);
/// The same for an event without tensors: begin and end in one.
void sendMark(ThreadState& state, trace::EventKind kind, std::uint64_t extra, std::uint32_t layer);

/// How many uses follow; patched into the head of the record that is being built.
void countBeginUse(ThreadState& state);
void countEndUse(ThreadState& state);

/// Registers the callbacks that record every dispatched op. `awake` counts the threads that may
/// dispatch one and are not paused.
void registerObserver(int (*awake)());
/// LibTorch calls back only while somebody is awake: a paused program runs as if it were bare.
void settleObserver() noexcept;

/// The innermost open op gets a flag of the determinism oracle.
void flagInnermostOp(std::uint32_t flag);

/// The recorder was asked to verify inputs so.
void setVerify(wire::Verify verify, wire::StatisticsOf statistics);
wire::StatisticsOf statisticsPolicy();

} // namespace repro::host
