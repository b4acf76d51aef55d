// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain.h"
#include "replay/run/layout.h"
#include "replay/run/locate.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone64;

constexpr const char* kSameShapes =
    "give both runs the same shapes (batch size, length): a kernel goes over another shape in "
    "another order";

constexpr const char* kSameFormat =
    "give the tensor the same memory format in both runs: a kernel goes over another layout in "
    "another order";

/// The TorchScript method that an event runs in; kNone64 = none.
EventId scriptOf(const Run& run, EventId event) {
    EventId script = kNone64;
    for (EventId up = event; up != kNone64 && up < run.events.count; up = run.events.parent[up]) {
        script = static_cast<EventKind>(run.events.kind[up]) == EventKind::Script ? up : script;
    }
    return script;
}

std::string shapeOf(const Run& run, std::uint64_t use) {
    return fmt::format("[{}]",
                       fmt::join(run.reader().list(run.values.sizes[run.uses.value[use]]), ", "));
}

/// The first slot whose shape or dtype differs: "in0", "[16, 300]" and "[1, 300]".
std::optional<Evidence> otherShape(const Run& a, const Run& b, const Row& row) {
    for (const std::uint64_t i : a.usesOf(row.a)) {
        for (const std::uint64_t j : b.usesOf(row.b)) {
            const auto x = a.uses.value[i];
            const auto y = b.uses.value[j];
            if (a.uses.direction[i] != b.uses.direction[j] || a.uses.slot[i] != b.uses.slot[j] ||
                a.uses.item[i] != b.uses.item[j]) {
                continue;
            }
            if (a.sizesHash(x) != b.sizesHash(y)) {
                return Evidence{
                    EvidenceKind::ShapeOrDType, argumentName(a, i), {shapeOf(a, i), shapeOf(b, j)}};
            }
            if (a.values.dtype[x] != b.values.dtype[y]) {
                return Evidence{EvidenceKind::ShapeOrDType,
                                argumentName(a, i),
                                {trace::dtypeName(trace::DType(a.values.dtype[x])),
                                 trace::dtypeName(trace::DType(b.values.dtype[y]))}};
            }
        }
    }
    return std::nullopt;
}

} // namespace

Cause Explainer::strides(const Row& row, UsePair input) const {
    Cause cause = makeCause(CauseClass::Flags, Confidence::Likely,
                            {EvidenceKind::Strides,
                             argumentName(m_a, input.a),
                             {stridesWords(m_a, input.a), stridesWords(m_b, input.b)},
                             {inA(row.a)}});
    cause.remedy = kSameFormat;
    return cause;
}

Cause Explainer::order(const Row& row, const ListOrder& order) const {
    Cause cause = makeCause(
        CauseClass::InputData, Confidence::Likely,
        {EvidenceKind::ListOrder, order.slot, {std::to_string(order.count)}, {inA(row.a)}});
    if (order.firstA != kNone64) {
        cause.evidence.push_back(
            {EvidenceKind::FirstOfOrder, {}, {}, {inA(order.firstA), inB(order.firstB)}});
    }
    cause.remedy = "make the list in a fixed order: not that of a set or map by address or hash, "
                   "nor that in which threads arrive";
    return cause;
}

Cause Explainer::checkpoint(const Row& row, UsePair input, const Resume& resume) const {
    Cause cause = makeCause(CauseClass::InputData, Confidence::Likely,
                            {EvidenceKind::NotInCheckpoint,
                             argumentName(m_a, input.a),
                             resumeValues(resume),
                             {inA(row.a)}});
    cause.remedy = "save with the checkpoint all that the steps read: parameters, buffers, the "
                   "optimizer's state, the position in the data";
    cause.subject = "checkpoint";
    return cause;
}

Cause Explainer::reshaped(const Row& row) const {
    return ofOtherShapes(row, {EvidenceKind::OtherShapes, {}, {}, {inA(row.a)}});
}

Cause Explainer::madeOtherwise(const Row& row, UsePair input) const {
    return ofOtherShapes(
        row, {EvidenceKind::MadeOtherwise, argumentName(m_a, input.a), {}, {inA(row.a)}});
}

Cause Explainer::ofOtherShapes(const Row& row, Evidence evidence) const {
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely, std::move(evidence));
    if (auto shapes = otherShape(m_a, m_b, row)) {
        cause.evidence.push_back(std::move(*shapes));
        cause.remedy = kSameShapes;
    }
    addScript(row, cause);
    return underItsBuild(std::move(cause));
}

Cause Explainer::replaced(const Row& row) const {
    const auto threw = [](const Run& run, EventId event) {
        return (run.events.flags[event] & trace::event_flag::Threw) != 0;
    };
    Evidence fact{EvidenceKind::OtherOp, {}, {}, {inA(row.a), inB(row.b)}};
    if (threw(m_a, row.a) != threw(m_b, row.b)) {
        fact = {EvidenceKind::ThrewInOneRun, {}, {threw(m_a, row.a) ? "A" : "B"}, {inA(row.a)}};
    }
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely, std::move(fact));
    addScript(row, cause);
    return underItsBuild(std::move(cause));
}

Cause Explainer::structure(const StructureBlock& block, const Row& row) const {
    const Side& side = m_sides.having(row);
    const EventId event = side.of(row);
    if (const auto relaid = block.onlyRelays ? relaidInput(side.run, event) : std::nullopt) {
        Cause cause =
            makeCause(CauseClass::Flags, Confidence::Likely,
                      {EvidenceKind::Relaid,
                       {},
                       {stridesWords(side.run, relaid->a), stridesWords(side.run, relaid->b)},
                       {side.ref(event)}});
        cause.remedy = kSameFormat;
        return cause;
    }
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely, block.what);
    addScript(row, cause);
    return block.callsLayer ? cause : underItsBuild(std::move(cause));
}

/// What a script module executes is its graph executor's choice, and changes after its first calls.
void Explainer::addScript(const Row& row, Cause& cause) const {
    const Side& side = m_sides.having(row);
    const EventId script = scriptOf(side.run, side.of(row));
    if (script == kNone64) {
        return;
    }
    cause.evidence.push_back({EvidenceKind::InScript, {}, {}, {side.ref(script)}});
    cause.remedy = "call the method equally often in both runs (warm it up alike), or switch the "
                   "optimization off: torch::jit::setGraphExecutorOptimize(false)";
}

} // namespace repro::replay
