// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain.h"

#include "replay/run/event_arguments.h"
#include "replay/run/locate.h"

#include <algorithm>
#include <string>
#include <utility>

namespace repro::replay {
using trace::EventId;
using trace::kNone64;

namespace {

/// Ops on several threads write the same bytes.
Cause writtenByChance(const Run& run, EventId event, Evidence evidence) {
    Cause cause = makeCause(CauseClass::Race, Confidence::Likely, std::move(evidence));
    // A norm updates its running statistics, which its schema does not say, or counts its batches.
    const bool isTrainingNorm = std::ranges::any_of(run.usesOf(event), [&](std::uint64_t use) {
        return (run.uses.flags[use] & trace::use_flag::Unannotated) != 0 ||
               run.reader().text(run.uses.name[use]).ends_with("num_batches_tracked");
    });
    if (isTrainingNorm) {
        cause.remedy = "in training mode a norm layer updates its running statistics at each call: "
                       "call eval() before threads share it, or give each thread a copy";
    }
    return cause;
}

Cause otherData(Confidence confidence, Evidence evidence, std::string remedy) {
    Cause cause = makeCause(CauseClass::InputData, confidence, std::move(evidence));
    cause.remedy = std::move(remedy);
    return cause;
}

} // namespace

Cause Explainer::assumed(const Row& row) const {
    Cause cause = makeCause(CauseClass::Unknown, Confidence::Possible,
                            {EvidenceKind::InputsAssumed, {}, {}, {inA(row.a)}});
    cause.remedy = "record again with --verify-inputs=top";
    return cause;
}

Cause Explainer::input(const Row& row, UsePair input, const Source& source,
                       const std::string* sharedGenerator) const {
    const auto fact = [&](EvidenceKind kind) {
        return Evidence{kind,
                        argumentName(m_a, input.a),
                        {},
                        {inA(row.a), inA(source.producerA), inB(source.producerB)}};
    };
    switch (source.kind) {
    case SourceKind::Unordered:
        return writtenByChance(m_a, row.a, fact(EvidenceKind::OtherLastWriter));
    case SourceKind::OtherTurn:
        return writtenByChance(m_a, row.a, fact(EvidenceKind::OtherTurn));
    case SourceKind::WrittenOutside:
        return makeCause(CauseClass::WrittenOutsideOps, Confidence::Likely,
                         fact(EvidenceKind::WrittenOutside));
    case SourceKind::Uninitialised: {
        Cause cause = makeCause(CauseClass::UninitialisedMemory,
                                source.certain ? Confidence::Proven : Confidence::Likely,
                                fact(EvidenceKind::NeverWritten));
        if (!source.certain) {
            cause.against.push_back({EvidenceKind::MayBeWrittenOutside});
        }
        return cause;
    }
    case SourceKind::FilledOutside:
        return otherData(Confidence::Likely, fact(EvidenceKind::FilledOutside),
                         "compare what is copied into the tensor (memcpy, data_ptr, an accessor): "
                         "where it comes from differs");
    case SourceKind::Foreign:
        return foreign(input, source, fact(EvidenceKind::FromOutside));
    case SourceKind::OtherTensor:
        if (sharedGenerator != nullptr) {
            Cause cause =
                makeCause(CauseClass::RngRace, Confidence::Likely, fact(EvidenceKind::SharedDraws));
            cause.subject = *sharedGenerator;
            return cause;
        }
        return otherData(Confidence::Possible, fact(EvidenceKind::OtherTensor),
                         "look at what chooses the tensor: a shuffle, an index, a container that "
                         "is ordered by address");
    default:
        return makeCause(CauseClass::Unknown, Confidence::Possible,
                         fact(EvidenceKind::UnknownSource));
    }
}

Cause Explainer::foreign(UsePair input, const Source& source, Evidence fact) const {
    const Confidence sure = source.certain ? Confidence::Proven : Confidence::Likely;
    if (isWrappedNumber(m_a, input.a) && isWrappedNumber(m_b, input.b)) {
        fact.kind = EvidenceKind::OtherNumber;
        return makeCause(CauseClass::Argument, Confidence::Likely, std::move(fact));
    }
    if (source.adopter != kNone64) {
        fact.kind = EvidenceKind::Loaded;
        fact.events = {fact.events.front(), inA(source.adopter)};
        return otherData(sure, std::move(fact),
                         "compare the files that the runs load, and which parts of them");
    }
    return otherData(sure, std::move(fact),
                     "find what fills it. Memory that from_blob was given must live as long as "
                     "the tensor, and all of it must be written, the padding of rows too");
}

Cause Explainer::argument(const Row& row) const {
    const auto inA = argumentsOf(m_a, row.a);
    const auto inB = argumentsOf(m_b, row.b);
    Cause cause;
    cause.kind = CauseClass::Argument;
    cause.confidence = Confidence::Likely;
    cause.remedy = remedyFor(cause.kind);
    cause.subject = m_a.opName(row.a); // one setting reaches many ops of a kind
    for (std::size_t i = 0; i < std::max(inA.size(), inB.size()); ++i) {
        const std::string a = i < inA.size() ? inA[i].value : "none";
        const std::string b = i < inB.size() ? inB[i].value : "none";
        if (a != b) {
            const std::string& name = i < inA.size() ? inA[i].name : inB[i].name;
            cause.subject += " " + name + " " + a + " " + b;
            cause.evidence.push_back({EvidenceKind::Argument, name, {a, b}});
        }
    }
    if (cause.evidence.empty()) {
        cause.evidence.push_back({EvidenceKind::Arguments});
    }
    return cause;
}

Cause Explainer::raced(const Row& row, const Race& race) const {
    const Side& side = race.run == 'A' ? m_sides.a : m_sides.b;
    const EventId event = side.of(row);
    return writtenByChance(side.run, event,
                           {EvidenceKind::WrittenMeanwhile,
                            argumentName(side.run, side.run.usesBegin(event) + race.which),
                            {},
                            {side.ref(event), side.ref(race.writer)}});
}

Cause Explainer::contested(const Row& row, UsePair input, const Contest& contest,
                           const Side& side) const {
    return writtenByChance(m_a, row.a,
                           {EvidenceKind::ContestedBytes,
                            argumentName(m_a, input.a),
                            {},
                            {inA(row.a), side.ref(contest.writer), side.ref(contest.other)}});
}

Cause Explainer::drawnByChance(const Row& row, const std::string& generator) const {
    Cause cause = makeCause(CauseClass::RngRace, Confidence::Likely,
                            {EvidenceKind::DrawsAmongThreads, generator, {}, {inA(row.a)}});
    cause.subject = generator;
    return cause;
}

} // namespace repro::replay
