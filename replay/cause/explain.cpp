// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain.h"

#include "replay/run/event_arguments.h"
#include "replay/run/locate.h"

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
    case CauseClass::Race:
        return "let the threads work on these bytes in a fixed order, or each on a copy of its "
               "own: a lock alone keeps no order";
    case CauseClass::InputData:
        return "find what chose or filled the tensor, and what differs there";
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
    case CauseClass::Alignment:
        return "align the memory alike, to 64 bytes, or clone() the tensor: vectorized kernels "
               "begin elsewhere and add in another order";
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
    return makeCause(CauseClass::Race, Confidence::Likely, std::move(evidence));
}

/// A norm that updates its running statistics, which its schema does not say, or the count of its
/// batches.
bool isTrainingNorm(const Run& run, EventId event) {
    return std::ranges::any_of(run.usesOf(event), [&](std::uint64_t use) {
        return (run.uses.flags[use] & trace::use_flag::Unannotated) != 0 ||
               run.reader().text(run.uses.name[use]).ends_with("num_batches_tracked");
    });
}

std::string raceRemedy(const Run& run, EventId event) {
    return isTrainingNorm(run, event)
               ? "in training mode a norm layer updates its running statistics at each call: call "
                 "eval() before threads share it, or give each thread a copy"
               : remedyFor(CauseClass::Race);
}

Cause otherData(Confidence confidence, std::string evidence, std::string remedy) {
    Cause cause = makeCause(CauseClass::InputData, confidence, std::move(evidence));
    cause.remedy = std::move(remedy);
    return cause;
}

} // namespace

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
    const std::string slot = argumentName(m_a, input.a);
    const std::string reader = m_a.opName(row.a).empty() ? "mark" : std::string(m_a.opName(row.a));
    const std::string producer =
        provenance.producerA == kNone64 ? "" : eventName(m_a, provenance.producerA);
    const Confidence sure = provenance.certain ? Confidence::Proven : Confidence::Likely;
    switch (provenance.whence) {
    case Whence::Unordered: {
        const std::string inB =
            provenance.producerB == kNone64 ? "nobody" : eventName(m_b, provenance.producerB);
        Cause cause = writtenByChance(
            fmt::format("{} of {} was written last by {} in A, by {} in B: threads write it in an "
                        "order that is chance",
                        slot, reader, producer.empty() ? "nobody" : producer, inB));
        cause.remedy = raceRemedy(m_a, row.a);
        return cause;
    }
    case Whence::OtherTurn: {
        Cause cause = writtenByChance(fmt::format(
            "{} of {} is that of {} in A, that of {} in B: threads write one tensor in turns, in "
            "an order that is chance",
            slot, reader, producer, eventName(m_b, provenance.producerB)));
        cause.remedy = raceRemedy(m_a, row.a);
        return cause;
    }
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
        return otherData(
            Confidence::Likely,
            fmt::format("{} made the tensor and no op wrote it since, yet {} of {} holds other "
                        "bytes: they were written through a pointer",
                        producer, slot, reader),
            "compare what is copied into the tensor (memcpy, data_ptr, an accessor): where it "
            "comes from differs");
    case Whence::Foreign:
        if (isWrappedNumber(m_a, input.a) && isWrappedNumber(m_b, input.b)) {
            return makeCause(CauseClass::Argument, Confidence::Likely,
                             fmt::format("{} of {} is a number that the program gave, another one "
                                         "in each run",
                                         slot, reader));
        }
        if (provenance.adopter != kNone64) {
            return otherData(sure,
                             fmt::format("{} of {} lies in a storage that {} took over: data that "
                                         "was loaded",
                                         slot, reader, eventName(m_a, provenance.adopter)),
                             "compare the files that the runs load, and which parts of them");
        }
        return otherData(sure,
                         fmt::format("no op made {} of {}: it comes from outside", slot, reader),
                         "find what fills it. Memory that from_blob was given must live as long as "
                         "the tensor, and all of it must be written, the padding of rows too");
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
        return otherData(Confidence::Possible,
                         fmt::format("the runs read different tensors: {} in A, {} in B", producer,
                                     eventName(m_b, provenance.producerB)),
                         "look at what chooses the tensor: a shuffle, an index, a container that "
                         "is ordered by address");
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
    Cause cause = writtenByChance(
        fmt::format("in {}, {} of another thread writes {} while {} runs: what it sees is chance",
                    race.isA ? "A" : "B", eventName(run, race.writer),
                    argumentName(run, run.usesBegin(event) + race.which), eventName(run, event)));
    cause.remedy = raceRemedy(run, event);
    return cause;
}

Cause Explainer::contested(const Row& row, UsePair input, const Contest& contest, bool isA) const {
    const Run& run = isA ? m_a : m_b;
    Cause cause = writtenByChance(fmt::format(
        "{} of {} lies where ops of several threads write at the same time: in {}, {} and {} did",
        argumentName(m_a, input.a), eventName(m_a, row.a), isA ? "A" : "B",
        eventName(run, contest.writer), eventName(run, contest.other)));
    cause.remedy = raceRemedy(m_a, row.a);
    return cause;
}

Cause Explainer::drawnByChance(const Row& row, const std::string& generator) const {
    Cause cause = makeCause(CauseClass::RngRace, Confidence::Likely,
                            fmt::format("{} draws from a generator that other threads draw from at "
                                        "the same time: which numbers it gets is chance",
                                        eventName(m_a, row.a)));
    cause.subject = generator;
    return cause;
}

} // namespace repro::replay
