// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/events.h"

#include <algorithm>

namespace repro::collector {
namespace {

using trace::EventKind;
using trace::Phase;
namespace flag = trace::event_flag;

constexpr std::size_t kDeepest = 1U << 16U;
constexpr int kLastKind = static_cast<int>(EventKind::Batch);

/// Events that begin and end like scopes of C++. User and script scopes may end elsewhere.
bool isNested(EventKind kind) {
    return kind != EventKind::User && kind != EventKind::Script;
}

Phase phaseOf(const OpenEvent& event, bool advanced) {
    if (event.backward) {
        return Phase::Backward;
    }
    if (event.optimizer) {
        return Phase::Optimizer;
    }
    if (event.hostPhase != Phase::Other) {
        return event.hostPhase;
    }
    return event.layer != trace::kNone32 || advanced ? Phase::Forward : Phase::Other;
}

[[noreturn]] void fail(const char* what) {
    throw Error(ErrorKind::Format, what);
}

} // namespace

Events::Thread& Events::threadOf(std::size_t ring) {
    while (m_threads.size() <= ring) {
        m_threads.emplace_back();
    }
    return m_threads[ring];
}

void Events::threadBegins(std::size_t ring, trace::ThreadId thread, std::uint64_t torchId) {
    Thread& place = threadOf(ring);
    while (place.open.size() > 0) {
        closeUnfinished(place, place.open.size() - 1);
    }
    place.id = thread;
    place.torchId = torchId;
}

void Events::inherit(OpenEvent& event, const OpenEvent* parent, trace::Event& row,
                     const wire::BeginRecord& record) {
    event.backward = event.kind == EventKind::Node || event.kind == EventKind::Gradient ||
                     (event.kind == EventKind::Text && m_definitions.isEngine(row.op));
    event.optimizer = event.kind == EventKind::OptimizerStep || event.kind == EventKind::ZeroGrad;
    event.layerCall = event.kind == EventKind::Layer;
    event.site = m_definitions.siteId(record.stack);
    if (parent != nullptr) {
        row.parent = parent->id;
        event.site = event.site == trace::kNone32 ? parent->site : event.site;
        event.nodeLayer = parent->nodeLayer;
        event.backward = event.backward || parent->backward;
        event.optimizer = event.optimizer || parent->optimizer;
        event.layerCall = event.layerCall || parent->layerCall;
    }
    if (event.kind == EventKind::Node) {
        const ForwardLinks::Link link = m_links.find(record.forwardThread, record.sequence);
        row.forward = link.event;
        event.nodeLayer = link.layer;
        // It runs where the program called backward(); that op is what it belongs to.
        event.site = link.site == trace::kNone32 ? event.site : link.site;
    }
    if (event.backward && event.layer == trace::kNone32 && event.nodeLayer != trace::kNone32) {
        event.layer = event.nodeLayer;
        event.flags |= flag::FromLayer;
    }
}

void Events::noteStepAtBegin(const OpenEvent& event, const OpenEvent* parent) {
    switch (event.kind) {
    case EventKind::StepMark:
        m_steps.marked(event.extra, event.id);
        break;
    case EventKind::ZeroGrad:
        m_steps.zeroGrad(event.extra, event.id);
        break;
    case EventKind::Layer:
        if (parent == nullptr || !(parent->layerCall || parent->backward)) {
            m_steps.rootLayerCalled(event.layer, event.id);
        }
        break;
    default:
        break;
    }
}

void Events::begin(std::size_t ring, const wire::BeginRecord& record, Cursor& cursor) {
    Thread& thread = threadOf(ring);
    if (record.kind > kLastKind || record.phase > static_cast<int>(Phase::Optimizer)) {
        fail("an event is of an unknown kind");
    }
    if (thread.open.size() >= kDeepest) {
        fail("events are nested too deeply");
    }
    OpenEvent& event = thread.open.push();
    try {
        open(thread, event, record, cursor);
    } catch (...) {
        thread.open.erase(thread.open.size() - 1); // of a malformed record there is no row to end
        throw;
    }
}

void Events::open(Thread& thread, OpenEvent& event, const wire::BeginRecord& record,
                  Cursor& cursor) {
    const OpenEvent* parent =
        thread.open.size() > 1 ? &thread.open[thread.open.size() - 2] : nullptr;
    event.beginOrdinal = record.header.ordinal;
    event.sequence = record.sequence;
    event.extra = record.extra;
    event.kind = static_cast<EventKind>(record.kind);
    event.hostPhase = static_cast<Phase>(record.phase);
    event.flags = record.flags;
    event.layer = m_definitions.layerId(record.layer);
    event.parameter = m_definitions.textId(record.parameter);
    trace::Event row;
    row.op = m_definitions.opId(record.op);
    inherit(event, parent, row, record);
    event.id = m_count;
    takeUses(cursor, record.useCount, event);
    row.begin = event.beginOrdinal;
    row.beginNs = record.timeNs;
    row.kind = event.kind;
    row.phase = phaseOf(event, false);
    row.flags = event.flags;
    row.layer = event.layer;
    row.thread = thread.id;
    row.context = m_definitions.contextId(record.context);
    if (record.argumentBytes != 0) {
        row.arguments = m_sink.arguments(cursor.bytes(record.argumentBytes));
    }
    row.site = event.site;
    row.parameter = event.parameter;
    row.extra = record.extra;
    event.id = m_sink.begin(row);
    m_count = event.id + 1;
    count(m_counts.events, event.kind >= EventKind::Fork && event.kind <= EventKind::Batch ? 0 : 1);
    noteStepAtBegin(event, parent);
}

Events::Place Events::find(std::size_t ring, std::uint64_t beginOrdinal) {
    const auto within = [beginOrdinal](Thread& thread) -> Place {
        for (std::size_t i = thread.open.size(); i > 0; --i) {
            if (thread.open[i - 1].beginOrdinal == beginOrdinal) {
                return {&thread, i - 1};
            }
        }
        return {};
    };
    Place place = within(threadOf(ring));
    for (auto thread = m_threads.begin(); place.thread == nullptr && thread != m_threads.end();
         ++thread) {
        place = within(*thread); // a scope that another thread ends
    }
    return place;
}

void Events::end(std::size_t ring, const wire::EndRecord& record, Cursor& cursor) {
    const Place place = find(ring, record.beginOrdinal);
    if (place.thread == nullptr) {
        if (!m_lenient) {
            fail("an event ends that never began");
        }
        return;
    }
    if (record.phase > static_cast<int>(Phase::Optimizer)) {
        fail("an event ends in an unknown phase");
    }
    closeAbove(*place.thread, place.index);
    OpenEvent& event = place.thread->open[place.index];
    event.flags |= record.flags;
    if (record.layer != trace::kNone32) {
        event.layer = m_definitions.layerId(record.layer);
    }
    if (record.parameter != trace::kNone32) {
        event.parameter = m_definitions.textId(record.parameter);
    }
    if (record.phase != 0) {
        event.hostPhase = static_cast<Phase>(record.phase);
    }
    takeUses(cursor, record.useCount, event);
    takeDraws(cursor, record.drawCount, event);
    bool advanced = false;
    claimNodes(*place.thread, event, record.sequence, advanced);
    trace::EventEnd end;
    end.end = record.header.ordinal;
    end.endNs = record.timeNs;
    end.phase = phaseOf(event, advanced);
    write(event, end);
    if (event.kind == EventKind::OptimizerStep) {
        m_steps.optimizerStepped(event.extra, m_count);
    }
    place.thread->open.erase(place.index);
}

void Events::claimNodes(const Thread& thread, OpenEvent& event, std::uint64_t sequence,
                        bool& advanced) {
    // A node's own number is not its thread's next one, so there is nothing to subtract.
    advanced = event.kind != EventKind::Node && sequence > event.sequence;
    if (!advanced) {
        return;
    }
    if (event.kind == EventKind::Op) {
        const bool built = m_links.claim(thread.torchId, event.sequence, sequence,
                                         {event.id, event.layer, event.site});
        event.flags |= built ? flag::GradNode : 0U;
    } else if (event.kind == EventKind::Layer) {
        m_links.claim(thread.torchId, event.sequence, sequence,
                      {trace::kNone64, event.layer, event.site});
    }
}

void Events::takeUses(Cursor& cursor, std::uint32_t count, OpenEvent& event) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const WireUse use = takeUse(cursor);
        event.uses.push_back({.event = event.id,
                              .value = m_values.idOf(use),
                              .slot = use.record.slot,
                              .item = use.record.item,
                              .direction = static_cast<trace::Direction>(use.record.direction),
                              .flags = use.record.useFlags,
                              .name = m_definitions.textId(use.record.name)});
    }
}

void Events::takeDraws(Cursor& cursor, std::uint32_t count, const OpenEvent& event) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto draw = cursor.take<wire::DrawRecord>();
        m_sink.add(trace::Draw{event.id,
                               m_definitions.generatorId(draw.generator),
                               {draw.beforeLow, draw.beforeHigh},
                               {draw.afterLow, draw.afterHigh}});
    }
}

void Events::rngState(std::size_t ring, const wire::RngStateRecord& record, Cursor& cursor) {
    const auto bytes = cursor.bytes(record.length);
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    trace::RngState row;
    row.event = m_count == 0 ? trace::kNone64 : m_count - 1;
    row.thread = threadOf(ring).id;
    row.generator = m_definitions.generatorId(record.generator);
    row.fingerprint = {record.low, record.high};
    row.bytes.assign(first, first + bytes.size());
    m_sink.add(row);
}

/// What began later and should have ended by now was left without a word (its End was dropped).
void Events::closeAbove(Thread& thread, std::size_t index) {
    if (!isNested(thread.open[index].kind)) {
        return;
    }
    for (std::size_t i = thread.open.size() - 1; i > index; --i) {
        if (isNested(thread.open[i].kind)) {
            closeUnfinished(thread, i);
        }
    }
}

void Events::closeUnfinished(Thread& thread, std::size_t index) {
    OpenEvent& event = thread.open[index];
    event.flags |= flag::Unfinished;
    trace::EventEnd end;
    end.phase = phaseOf(event, false);
    write(event, end);
    thread.open.erase(index);
}

void Events::write(OpenEvent& event, trace::EventEnd& end) {
    end.flags = event.flags;
    end.layer = event.layer;
    end.parameter = event.parameter;
    end.useCount = static_cast<std::uint32_t>(event.uses.size());
    if (!event.uses.empty()) {
        end.firstUse = m_sink.add(event.uses);
    }
    m_sink.end(event.id, end);
}

void Events::closeAll() {
    for (Thread& thread : m_threads) {
        while (thread.open.size() > 0) {
            closeUnfinished(thread, thread.open.size() - 1);
        }
    }
}

} // namespace repro::collector
