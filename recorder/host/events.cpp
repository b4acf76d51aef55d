// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/events.h"

#include "recorder/host/context.h"
#include "recorder/host/guard.h"
#include "recorder/host/stacks.h"

#include <ATen/SequenceNumber.h>

#include <cstdlib>

namespace repro::host {
namespace {

constexpr int kMostPooled = 64;

/// Scopes of the program are objects, which another thread may end, and later. Nothing may lead to
/// them then, nor from them to events that are gone.
bool isNested(trace::EventKind kind) {
    return kind != trace::EventKind::User && kind != trace::EventKind::Script &&
           kind != trace::EventKind::Text;
}

/// A backward op belongs to the line of its forward op, but for those of the program's own
/// functions and hooks; an op within another to that of the outermost. LibTorch's engine names
/// what it does in texts.
bool hasOwnStack(const EventContext& context) {
    using trace::EventKind;
    if (context.kind == EventKind::Node || context.kind == EventKind::Text ||
        (context.kind == EventKind::Op && (context.flags & trace::event_flag::Outermost) == 0)) {
        return false;
    }
    const EventContext* node = context.backwardDepth > 0 ? context.outer : nullptr;
    while (node != nullptr && node->kind != trace::EventKind::Node) {
        node = node->outer;
    }
    return node == nullptr || node->op->callsProgram;
}

} // namespace

EventPool::~EventPool() {
    while (first != nullptr) {
        void* next = *static_cast<void**>(first);
        ::operator delete(first);
        first = next;
    }
}

void* EventContext::operator new(std::size_t size) {
    ThreadState* state = existingState();
    if (state == nullptr || state->pool.first == nullptr) {
        return ::operator new(size);
    }
    void* memory = state->pool.first;
    state->pool.first = *static_cast<void**>(memory);
    --state->pool.count;
    return memory;
}

void EventContext::operator delete(void* memory) {
    ThreadState* state = existingState();
    if (state == nullptr || state->pool.count >= kMostPooled) {
        ::operator delete(memory);
        return;
    }
    *static_cast<void**>(memory) = state->pool.first;
    state->pool.first = memory;
    ++state->pool.count;
}

EventContext::EventContext(ThreadState& owner, trace::EventKind kind_)
    : state(&owner), outer(owner.top), kind(kind_), nested(isNested(kind_)),
      atenDepth(owner.atenDepth), backwardDepth(owner.backwardDepth), layer(owner.layer),
      layerMatches(owner.layerMatches), optimizer(owner.optimizer) {
    owner.top = nested ? this : owner.top;
}

void EventContext::close() {
    if (closed || !nested) {
        return;
    }
    closed = true;
    // Self-healing: whatever an inner event failed to restore, this one does.
    while (state->top != this && state->top != nullptr && state->top->isNorm) {
        delete state->top; // left by an exception; the collector ends it with this event
    }
    state->top = outer;
    state->atenDepth = atenDepth;
    state->backwardDepth = backwardDepth;
    state->layer = layer;
    state->layerMatches = layerMatches;
    state->optimizer = optimizer;
}

BeginRecord beginEvent(const EventContext& context) {
    ThreadState& state = *context.state;
    wire::BeginRecord record;
    record.timeNs = nowNs();
    record.sequence = at::sequence_number::peek();
    record.extra = trace::kNone64;
    record.op = trace::kNone32;
    record.layer = state.layer;
    record.context = trace::kNone32;
    record.parameter = trace::kNone32;
    record.stack = hasOwnStack(context) ? stackId(state) : trace::kNone32;
    record.kind = static_cast<std::uint8_t>(context.kind);
    record.phase = static_cast<std::uint8_t>(state.backwardDepth > 0 ? trace::Phase::Backward
                                             : state.optimizer       ? trace::Phase::Optimizer
                                                                     : trace::Phase::Other);
    return {state, wire::RecordKind::Begin, record};
}

EndRecord endEvent(EventContext& context) {
    wire::EndRecord record;
    record.beginOrdinal = context.begin;
    record.timeNs = nowNs();
    record.sequence = at::sequence_number::peek();
    record.layer = trace::kNone32;
    record.parameter = trace::kNone32;
    return {*context.state, wire::RecordKind::End, record};
}

void send(EventContext& context, BeginRecord& record) {
    context.begin = record.send();
}

void send(const EventContext& context, EndRecord& record) {
    record.head().flags = context.flags;
    record.send();
}

void sendMark(ThreadState& state, trace::EventKind kind, std::uint64_t extra, std::uint32_t layer) {
    EventContext context(state, kind);
    BeginRecord begin = beginEvent(context);
    begin.head().extra = extra;
    begin.head().layer = layer != trace::kNone32 ? layer : begin.head().layer;
    send(context, begin);
    if (context.begin != trace::kNone64) {
        EndRecord end = endEvent(context);
        send(context, end);
    }
}

void flagInnermostOp(std::uint32_t flag) {
    ThreadState* state = t_busy ? nullptr : recordingState();
    for (EventContext* event = state != nullptr ? state->top : nullptr; event != nullptr;
         event = event->outer) {
        if (event->kind == trace::EventKind::Op) {
            if (flag != trace::event_flag::Asked || !event->op->asksIdly) {
                event->flags |= flag;
            }
            return;
        }
    }
}

} // namespace repro::host
