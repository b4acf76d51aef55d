// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/calls.h"

namespace repro::property {

using trace::Direction;
using trace::EventKind;
namespace use_flag = trace::use_flag;
namespace event_flag = trace::event_flag;

void Calls::remember(const Instruction& i, Direction direction, int slot, int item, bool argument,
                     const View& view) {
    const auto elements = m_computer.memory().at(view);
    m_execution.done[i.id].slots.push_back(
        {direction, slot, item, argument, view, {elements.begin(), elements.end()}});
}

void Calls::input(Lane& lane, const Instruction& i, int slot, int tensor) {
    m_recording.use(lane, Direction::In, slot, 0, 0, m_computer.view(tensor), Hashing::Fresh);
    remember(i, Direction::In, slot, 0, false, m_computer.view(tensor));
}

/// `extra`: flags beside Written.
void Calls::before(Lane& lane, const Instruction& i, int slot, int item, int tensor,
                   std::uint8_t extra) {
    m_recording.use(lane, Direction::Before, slot, item,
                    static_cast<std::uint8_t>(use_flag::Written | extra), m_computer.view(tensor),
                    Hashing::Fresh);
    if ((extra & use_flag::Meaningless) == 0) {
        remember(i, Direction::Before, slot, item, false, m_computer.view(tensor));
    }
}

void Calls::output(Lane& lane, const Instruction& i, int slot, int item, const View& view,
                   std::uint8_t flags) {
    const bool alone = i.nested != Nested::Kernel || !m_computer.opOf(i).starts_with("aten::");
    m_recording.use(lane, Direction::Out, slot, item, flags, view,
                    alone ? Hashing::Fresh : Hashing::CachedOrFresh,
                    alone ? 0 : lane.open.back().begin);
    remember(i, Direction::Out, slot, item, (flags & use_flag::Written) != 0, view);
}

void Calls::begin(Lane& lane, const Instruction& i) {
    OpCall call;
    call.op = m_computer.opOf(i);
    const bool inner = i.nested == Nested::Kernel;
    call.eventFlags = (i.alerted && !inner ? event_flag::Alerted : 0U) |
                      (i.asked && !inner ? event_flag::Asked : 0U);
    const bool deferred = i.form == Form::View || i.form == Form::Copying;
    call.opFlags = deferred ? trace::op_flag::View : 0U;
    if (i.form == Form::Draw) {
        call.opFlags |= trace::op_flag::Draws;
        call.eventFlags |= event_flag::CanDraw;
        m_recording.probe(i.generator, m_computer.seedOf(i.generator));
    }
    call.contextFlags = m_computer.plantedAt(Plant::Flags, i.id) ? trace::context_flag::Mkldnn : 0U;
    const std::vector<int>& reads = m_computer.readsOf(i);
    call.tensors = i.form == Form::Foreach ? 1 : reads.size();
    call.argument = m_computer.argumentOf(i);
    const Open& open = m_recording.beginOp(lane, call);
    m_execution.done[i.id] = {open.id,
                              {},
                              call.op,
                              call.argument,
                              m_recording.layerOf(open),
                              m_recording.step(),
                              open.phase,
                              i.parameter};
    m_recording.parameter(lane, i.parameter);
    for (std::size_t k = 0; k < reads.size() && !deferred; ++k) {
        beginInput(lane, i, k, reads[k]);
    }
}

void Calls::beginInput(Lane& lane, const Instruction& i, std::size_t k, int tensor) {
    const int slot = static_cast<int>(k);
    const auto last = static_cast<int>(m_computer.readsOf(i).size()) - 1;
    switch (i.form) {
    case Form::InPlace:
        return k == 0 ? before(lane, i, 0, 0, tensor) : input(lane, i, slot, tensor);
    case Form::Fill:
    case Form::Draw:
        return before(lane, i, 0, 0, tensor, use_flag::Meaningless);
    case Form::Copy:
        return k == 0 ? before(lane, i, 0, 0, tensor, use_flag::Meaningless)
                      : input(lane, i, slot, tensor);
    case Form::Out: // the argument that is written comes last
        return k == 0 ? before(lane, i, last, 0, tensor, use_flag::Meaningless)
                      : input(lane, i, slot - 1, tensor);
    case Form::Foreach:
        return before(lane, i, 0, slot, tensor);
    case Form::Norm:
        return k == 0 ? input(lane, i, 0, tensor)
                      : before(lane, i, 3, 0, tensor, use_flag::Unannotated);
    default:
        return input(lane, i, slot, tensor);
    }
}

void Calls::runNested(Lane& lane, const Instruction& i) {
    m_computer.allocateOutputs(i);
    if (i.nested == Nested::OwnRows) {
        runOwnRow(lane, i);
    } else if (i.nested == Nested::AllocAndWrite && !i.out.empty()) {
        m_recording.beginOp(lane, {"aten::empty"});
        m_computer.memory().allocated(m_computer.view(i.out[0]));
        m_recording.use(lane, Direction::Out, 0, 0, use_flag::Meaningless,
                        m_computer.view(i.out[0]), Hashing::None);
        m_recording.end(lane);
    } else if (i.nested == Nested::Kernel) {
        runInner(lane, i);
        return;
    }
    work(lane, i);
}

void Calls::work(Lane& lane, const Instruction& i) {
    if (i.form == Form::Draw) {
        const auto [before, after] = m_computer.draw(i);
        m_recording.draw(lane, i.generator, before, after);
        m_execution.draws[i.generator].push_back({i.id, before, after, lane.name});
    }
    m_computer.runKernel(i);
}

/// The op that does the work, inside the one that was called.
void Calls::runInner(Lane& lane, const Instruction& i) {
    OpCall call;
    call.op = m_computer.opOf(i) + "_impl";
    call.tensors = m_computer.readsOf(i).size();
    call.eventFlags = (i.alerted ? event_flag::Alerted : 0U) | (i.asked ? event_flag::Asked : 0U);
    if (i.form == Form::Draw) {
        call.opFlags = trace::op_flag::Draws;
        call.eventFlags |= event_flag::CanDraw;
    }
    m_recording.beginOp(lane, call);
    const bool writes = i.out.empty();
    int slot = 0;
    for (const int tensor : m_computer.readsOf(i)) {
        const bool target = writes && slot == 0;
        m_recording.use(lane, target ? Direction::Before : Direction::In, slot++, 0,
                        target ? use_flag::Written : std::uint8_t{0}, m_computer.view(tensor),
                        Hashing::CachedOnly);
    }
    work(lane, i);
    slot = 0;
    for (const View& view : m_computer.targetsOf(i)) {
        writes ? m_computer.memory().written(view) : m_computer.memory().produced(view);
        m_recording.use(lane, Direction::Out, slot++, 0, 0, view, Hashing::CachedOrFresh);
    }
    m_recording.end(lane);
}

/// An op that is not ATen's is transparent: what it calls are rows.
void Calls::runOwnRow(Lane& lane, const Instruction& i) {
    Instruction row;
    row.id = -i.id;
    row.op = "aten::neg";
    row.in = {m_computer.readsOf(i)[0]};
    row.out = {-i.id};
    begin(lane, row);
    m_computer.allocateOutputs(row);
    m_computer.runKernel(row);
    end(lane, row);
}

void Calls::end(Lane& lane, const Instruction& i) {
    const std::vector<int>& reads = m_computer.readsOf(i);
    const std::vector<View> targets = m_computer.targetsOf(i);
    if (i.form == Form::View) {
        m_recording.use(lane, Direction::In, 0, 0, 0, m_computer.view(reads[0]),
                        Hashing::CachedOnly);
        m_recording.use(lane, Direction::Out, 0, 0, 0, m_computer.view(i.out[0]),
                        Hashing::CachedOnly);
    } else if (i.form == Form::Copying) {
        lane.open.back().flags |= event_flag::Verified;
        input(lane, i, 0, reads[0]);
    } else if (i.form == Form::Alloc) {
        m_computer.memory().allocated(targets[0]);
        m_recording.use(lane, Direction::Out, 0, 0, use_flag::Meaningless, targets[0],
                        Hashing::Fresh);
    }
    endOutputs(lane, i, targets);
    m_recording.end(lane);
}

void Calls::endOutputs(Lane& lane, const Instruction& i, const std::vector<View>& targets) {
    constexpr auto kUnannotated =
        static_cast<std::uint8_t>(use_flag::Written | use_flag::Unannotated);
    if (i.form == Form::Alloc) {
        return;
    }
    const bool writes = i.out.empty();
    for (std::size_t k = 0; k < targets.size(); ++k) {
        writes || (i.form == Form::Norm && k == 1) ? m_computer.memory().written(targets[k])
                                                   : m_computer.memory().produced(targets[k]);
    }
    for (std::size_t k = 0; k < targets.size(); ++k) {
        const int n = static_cast<int>(k);
        if (i.form == Form::Foreach) {
            output(lane, i, 0, n, targets[k], use_flag::Written);
        } else if (i.form == Form::Norm && k == 1) {
            output(lane, i, 3, 0, targets[k], kUnannotated);
        } else {
            output(lane, i, n, 0, targets[k]);
        }
    }
}

void Calls::mark(Lane& lane, const Instruction& i) {
    switch (i.form) {
    case Form::Watch:
    case Form::Gradient:
        m_execution.done[i.id].event =
            m_recording
                .beginMark(lane, i.form == Form::Watch ? EventKind::Watch : EventKind::Gradient, "")
                .id;
        m_recording.parameter(lane, i.parameter);
        m_recording.use(lane, Direction::In, 0, 0, 0, m_computer.view(i.in[0]),
                        i.form == Form::Watch ? Hashing::Fresh : Hashing::CachedOrFresh);
        remember(i, Direction::In, 0, 0, false, m_computer.view(i.in[0]));
        return m_recording.end(lane);
    case Form::LayerBegin:
        m_execution.done[i.id].event = m_recording.beginMark(lane, EventKind::Layer, i.op).id;
        for (const int tensor : i.in) {
            remember(i, Direction::In, 0, 0, false, m_computer.view(tensor));
            m_recording.use(lane, Direction::In, 0, 0, 0, m_computer.view(tensor),
                            Hashing::CachedOrFresh);
        }
        return;
    case Form::NodeBegin:
        m_recording.beginMark(lane, EventKind::Node, i.op);
        return;
    case Form::LayerEnd:
    case Form::NodeEnd:
        return m_recording.end(lane);
    case Form::OptimizerBegin:
        m_execution.done[i.id].event =
            m_recording.beginMark(lane, EventKind::OptimizerStep, "", i.optimizer).id;
        return;
    case Form::OptimizerEnd:
        m_recording.end(lane);
        return i.argument == 1 ? m_recording.stepEnds() : void();
    case Form::RawWrite:
        return m_computer.writeRaw(i);
    case Form::Reseed:
        return m_computer.reseed(i);
    default:
        return;
    }
}

} // namespace repro::property
