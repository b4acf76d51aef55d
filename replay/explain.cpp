// SPDX-License-Identifier: BSD-3-Clause
#include "replay/explain.h"

#include "replay/event_arguments.h"
#include "replay/locate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace repro::replay {
using trace::EventId;
using trace::kNone64;

std::string remedyFor(CauseClass cause) {
    switch (cause) {
    case CauseClass::NondeterministicKernel:
        return "at::globalContext().setDeterministicAlgorithms(true, false), or another op";
    case CauseClass::CustomOp:
        return "look into the op's own kernel: atomics, races, uninitialised memory";
    case CauseClass::WrittenOutsideOps:
        return "find who writes these bytes through a raw pointer or from another thread; "
               "synchronise it before the op that reads them";
    case CauseClass::UninitialisedMemory:
        return "initialise the tensor: zeros instead of empty, or write all of it before reading";
    case CauseClass::Unseeded:
        return "seed the generator before its first use: torch::manual_seed(n), "
               "or record with --seed n";
    case CauseClass::ExtraDraw:
        return "make both runs draw the same, or give this use a generator of its own";
    case CauseClass::RngRace:
        return "give each thread a generator of its own, seeded by its number";
    case CauseClass::InputData:
        return "compare the data that the runs were given: files, their order, what was loaded";
    case CauseClass::Argument:
        return "find where this argument comes from: code, options, time";
    case CauseClass::Structure:
        return "find the branch, loop or option by which the runs executed other ops";
    case CauseClass::Threads:
        return "run both with the same number of threads: --threads n";
    case CauseClass::Isa:
        return "pin ATEN_CPU_CAPABILITY, ONEDNN_MAX_CPU_ISA and MKL_CBWR, or use the same machine";
    case CauseClass::Library:
        return "use the same builds of LibTorch and of its libraries";
    case CauseClass::Device:
        return "run both on the same device, with the same driver";
    case CauseClass::Flags:
        return "set the same flags in both runs";
    case CauseClass::Unknown:
        break;
    }
    return "record both again with --verify-inputs=all --capture=full, then look at the numbers";
}

Cause makeCause(CauseClass kind, Confidence confidence, std::string evidence) {
    Cause cause;
    cause.kind = kind;
    cause.confidence = confidence;
    cause.evidence.push_back(std::move(evidence));
    cause.remedy = remedyFor(kind);
    return cause;
}

namespace {

/// Ops on several threads write the same bytes.
Cause writtenByChance(std::string evidence) {
    Cause cause = makeCause(CauseClass::WrittenOutsideOps, Confidence::Likely, std::move(evidence));
    cause.remedy = "let the threads work on these bytes in a fixed order, or each on a copy of its "
                   "own: a lock alone keeps no order";
    return cause;
}

} // namespace

std::vector<EventId> nestedEvents(const Run& run, EventId event) {
    std::vector<EventId> nested;
    const std::uint64_t end = run.events.end[event];
    for (EventId e = event + 1; e < run.events.count && run.events.begin[e] < end; ++e) {
        if (run.events.thread[e] == run.events.thread[event]) {
            nested.push_back(e);
        }
    }
    return nested;
}

Cause Explainer::assumed(const Row& row) const {
    Cause cause = makeCause(CauseClass::Unknown, Confidence::Possible,
                            fmt::format("outputs of {} differ, but its inputs were only assumed to "
                                        "be equal, not hashed",
                                        eventName(m_a, row.a)));
    cause.remedy = "record again with --verify-inputs=top";
    return cause;
}

Cause Explainer::input(const Row& row, UsePair input, const Provenance& provenance,
                       const std::string* sharedGenerator) const {
    const std::string slot = slotName(m_a, input.a);
    const std::string reader = m_a.opName(row.a).empty() ? "mark" : std::string(m_a.opName(row.a));
    const std::string producer =
        provenance.producerA == kNone64 ? "" : eventName(m_a, provenance.producerA);
    const Confidence sure = provenance.certain ? Confidence::Proven : Confidence::Likely;
    switch (provenance.whence) {
    case Whence::Unordered: {
        const std::string inB =
            provenance.producerB == kNone64 ? "nobody" : eventName(m_b, provenance.producerB);
        return writtenByChance(
            fmt::format("{} of {} was written last by {} in A, by {} in B: threads write it in an "
                        "order that is chance",
                        slot, reader, producer.empty() ? "nobody" : producer, inB));
    }
    case Whence::OtherTurn:
        return writtenByChance(fmt::format(
            "{} of {} is that of {} in A, that of {} in B: threads write one tensor in turns, in "
            "an order that is chance",
            slot, reader, producer, eventName(m_b, provenance.producerB)));
    case Whence::WrittenOutside:
        return makeCause(CauseClass::WrittenOutsideOps, Confidence::Likely,
                         fmt::format("{} wrote the same in both runs, but {} of {} differs",
                                     producer, slot, reader));
    case Whence::Uninitialised: {
        Cause cause =
            makeCause(CauseClass::UninitialisedMemory, sure,
                      fmt::format("{} of {} holds bytes that nobody wrote since {} allocated them",
                                  slot, reader, producer.empty() ? "an op" : producer));
        if (!provenance.certain) {
            cause.against.emplace_back("a write through a raw pointer would look the same");
        }
        return cause;
    }
    case Whence::FilledOutside:
        return makeCause(
            CauseClass::InputData, Confidence::Likely,
            fmt::format("{} allocated it, no op wrote it, yet its bytes changed before "
                        "{} read them",
                        producer, reader));
    case Whence::Foreign:
        if (isWrappedNumber(m_a, input.a) && isWrappedNumber(m_b, input.b)) {
            return makeCause(CauseClass::Argument, Confidence::Likely,
                             fmt::format("{} of {} is a number that the program gave, another one "
                                         "in each run",
                                         slot, reader));
        }
        return makeCause(CauseClass::InputData, sure,
                         fmt::format("no op made {} of {}: it comes from outside", slot, reader));
    case Whence::OtherTensor:
        if (sharedGenerator != nullptr) {
            Cause cause = makeCause(
                CauseClass::RngRace, Confidence::Likely,
                fmt::format("{} of {} comes of random numbers that several threads draw from one "
                            "generator: of {} in A, of {} in B",
                            slot, reader, producer, eventName(m_b, provenance.producerB)));
            cause.subject = *sharedGenerator;
            return cause;
        }
        return makeCause(CauseClass::InputData, Confidence::Possible,
                         fmt::format("the runs read different tensors: {} in A, {} in B", producer,
                                     eventName(m_b, provenance.producerB)));
    default:
        return makeCause(
            CauseClass::Unknown, Confidence::Possible,
            fmt::format("{} of {} differs; whence it came was not recorded", slot, reader));
    }
}

Cause Explainer::argument(const Row& row) const {
    const auto inA = argumentsOf(m_a, row.a);
    const auto inB = argumentsOf(m_b, row.b);
    Cause cause;
    cause.kind = CauseClass::Argument;
    cause.confidence = Confidence::Likely;
    cause.remedy = remedyFor(cause.kind);
    for (std::size_t i = 0; i < std::max(inA.size(), inB.size()); ++i) {
        const std::string a = i < inA.size() ? inA[i].value : "none";
        const std::string b = i < inB.size() ? inB[i].value : "none";
        if (a != b) {
            const std::string& name = i < inA.size() ? inA[i].name : inB[i].name;
            cause.evidence.push_back(fmt::format("argument {} is {} in A, {} in B", name, a, b));
        }
    }
    if (cause.evidence.empty()) {
        cause.evidence.emplace_back("the arguments that are not tensors differ");
    }
    // One setting reaches many ops of a kind: every layer, every parameter.
    cause.subject = fmt::format("{} {}", m_a.opName(row.a), fmt::join(cause.evidence, ", "));
    return cause;
}

Cause Explainer::raced(const Row& row, const Race& race) const {
    const Run& run = race.isA ? m_a : m_b;
    const EventId event = race.isA ? row.a : row.b;
    return writtenByChance(
        fmt::format("in {}, {} of another thread writes {} while {} runs: what it sees is chance",
                    race.isA ? "A" : "B", eventName(run, race.writer),
                    slotName(run, run.usesBegin(event) + race.which), eventName(run, event)));
}

Cause Explainer::drawnByChance(const Row& row, const std::string& generator) const {
    Cause cause = makeCause(CauseClass::RngRace, Confidence::Likely,
                            fmt::format("{} draws from a generator that other threads draw from at "
                                        "the same time: which numbers it gets is chance",
                                        eventName(m_a, row.a)));
    cause.subject = generator;
    return cause;
}

Cause Explainer::reshaped(const Row& row) const {
    return underItsBuild(makeCause(
        CauseClass::Structure, Confidence::Likely,
        fmt::format("{} works on other shapes or dtypes in each run", eventName(m_a, row.a))));
}

Cause Explainer::replaced(const Row& row) const {
    return underItsBuild(makeCause(
        CauseClass::Structure, Confidence::Likely,
        fmt::format("run A executes {}, run B {}", eventName(m_a, row.a), eventName(m_b, row.b))));
}

} // namespace repro::replay
