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

/// "in0 is [16, 300] in A, [1, 300] in B": the first slot whose shape or dtype differs.
std::string shapeWords(const Run& a, const Run& b, const Row& row) {
    for (const std::uint64_t i : a.usesOf(row.a)) {
        for (const std::uint64_t j : b.usesOf(row.b)) {
            const auto x = a.uses.value[i];
            const auto y = b.uses.value[j];
            if (a.uses.direction[i] != b.uses.direction[j] || a.uses.slot[i] != b.uses.slot[j] ||
                a.uses.item[i] != b.uses.item[j]) {
                continue;
            }
            if (a.sizesHash(x) != b.sizesHash(y)) {
                return fmt::format("{} is {} in A, {} in B", argumentName(a, i), shapeOf(a, i),
                                   shapeOf(b, j));
            }
            if (a.values.dtype[x] != b.values.dtype[y]) {
                return fmt::format("{} is {} in A, {} in B", argumentName(a, i),
                                   trace::dtypeName(trace::DType(a.values.dtype[x])),
                                   trace::dtypeName(trace::DType(b.values.dtype[y])));
            }
        }
    }
    return {};
}

} // namespace

Cause Explainer::strides(const Row& row, UsePair input) const {
    Cause cause = makeCause(CauseClass::Flags, Confidence::Likely,
                            fmt::format("memory format: {} of {} holds the same numbers with "
                                        "strides {} in A, {} in B",
                                        argumentName(m_a, input.a), eventName(m_a, row.a),
                                        stridesWords(m_a, input.a), stridesWords(m_b, input.b)));
    cause.remedy = kSameFormat;
    return cause;
}

Cause Explainer::order(const Row& row, const ListOrder& order) const {
    Cause cause =
        makeCause(CauseClass::InputData, Confidence::Likely,
                  fmt::format("order: {} of {} holds the same {} in another order", order.slot,
                              eventName(m_a, row.a), trace::countText(order.count, "tensor")));
    if (order.firstA != kNone64) {
        cause.evidence.push_back(fmt::format("the first op that ran in another order is {} in A, "
                                             "{} in B",
                                             eventName(m_a, order.firstA),
                                             eventName(m_b, order.firstB)));
    }
    cause.remedy = "make the list in a fixed order: not that of a set or map by address or hash, "
                   "nor that in which threads arrive";
    return cause;
}

Cause Explainer::checkpoint(const Row& row, UsePair input, const Resume& resume) const {
    Cause cause = makeCause(
        CauseClass::InputData, Confidence::Likely,
        fmt::format("{}, but {} of {} holds something else there: it is not part of the "
                    "checkpoint, or was not restored",
                    resumeWords(resume), argumentName(m_a, input.a), eventName(m_a, row.a)));
    cause.remedy = "save with the checkpoint all that the steps read: parameters, buffers, the "
                   "optimizer's state, the position in the data";
    cause.subject = "checkpoint";
    return cause;
}

Cause Explainer::reshaped(const Row& row) const {
    return ofOtherShapes(
        row, fmt::format("{} works on other shapes or dtypes in each run", eventName(m_a, row.a)));
}

Cause Explainer::madeOtherwise(const Row& row, UsePair input) const {
    return ofOtherShapes(row, fmt::format("{} of {} came about by other rows in each run",
                                          argumentName(m_a, input.a), eventName(m_a, row.a)));
}

Cause Explainer::ofOtherShapes(const Row& row, std::string evidence) const {
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely, std::move(evidence));
    if (std::string shapes = shapeWords(m_a, m_b, row); !shapes.empty()) {
        cause.evidence.push_back(std::move(shapes));
        cause.remedy = kSameShapes;
    }
    addScript(row, cause);
    return underItsBuild(std::move(cause));
}

Cause Explainer::replaced(const Row& row) const {
    const auto threw = [](const Run& run, EventId event) {
        return (run.events.flags[event] & trace::event_flag::Threw) != 0;
    };
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely,
                            threw(m_a, row.a) != threw(m_b, row.b)
                                ? fmt::format("{} was left by an exception in {} only",
                                              eventName(m_a, row.a), threw(m_a, row.a) ? "A" : "B")
                                : fmt::format("run A executes {}, run B {}", eventName(m_a, row.a),
                                              eventName(m_b, row.b)));
    addScript(row, cause);
    return underItsBuild(std::move(cause));
}

Cause Explainer::structure(const StructureBlock& block, const Row& speaker) const {
    const bool inA = speaker.a != kNone64;
    const Run& run = inA ? m_a : m_b;
    const EventId event = inA ? speaker.a : speaker.b;
    if (const auto relaid = block.onlyRelays ? relaidInput(run, event) : std::nullopt) {
        Cause cause = makeCause(
            CauseClass::Flags, Confidence::Likely,
            fmt::format("memory format: {}, only in run {}, hands on the same numbers with other "
                        "strides: {} became {}",
                        eventName(run, event), inA ? "A" : "B", stridesWords(run, relaid->a),
                        stridesWords(run, relaid->b)));
        cause.remedy = kSameFormat;
        return cause;
    }
    Cause cause = makeCause(CauseClass::Structure, Confidence::Likely, block.what);
    addScript(speaker, cause);
    return block.callsLayer ? cause : underItsBuild(std::move(cause));
}

/// What a script module executes is its graph executor's choice, and changes after its first calls.
void Explainer::addScript(const Row& row, Cause& cause) const {
    const bool inA = row.a != kNone64;
    const Run& run = inA ? m_a : m_b;
    const EventId script = scriptOf(run, inA ? row.a : row.b);
    if (script == kNone64) {
        return;
    }
    cause.evidence.push_back(fmt::format("inside the TorchScript method {}: the profiling executor "
                                         "runs other ops once it has optimized the method, after "
                                         "its first calls",
                                         eventName(run, script)));
    cause.remedy = "call the method equally often in both runs (warm it up alike), or switch the "
                   "optimization off: torch::jit::setGraphExecutorOptimize(false)";
}

} // namespace repro::replay
