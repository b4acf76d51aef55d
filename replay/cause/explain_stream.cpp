// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain_stream.h"

#include "replay/cause/remedy.h"
#include "replay/run/call_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

/// Did the program itself make what differs? Files that were loaded are no random numbers.
bool isOfProgram(const Cause& cause) {
    switch (cause.kind) {
    case CauseClass::InputData:
        return !rests(cause, EvidenceKind::Loaded) && !rests(cause, EvidenceKind::NotInCheckpoint);
    case CauseClass::Argument:
        return true;
    default:
        return false;
    }
}

/// What may follow from a number that was drawn right before it, but has other causes as well.
bool mayFollow(const Cause& cause) {
    return cause.kind == CauseClass::Structure || cause.kind == CauseClass::Unseeded ||
           cause.kind == CauseClass::WrittenOutsideOps;
}

/// "train.py:17"; or the op's name.
std::string placeOf(const Run& run, EventId event) {
    if (event == kNone64) {
        return "the beginning";
    }
    const auto stack = stackOf(run.reader(), run.events.site[event]);
    if (!stack || stack->ownCall().line == 0) {
        return eventName(run, event);
    }
    const SourceLine& call = stack->ownCall();
    return fmt::format("{}:{}", std::filesystem::path(call.file).filename().string(), call.line);
}

std::string countOf(const std::optional<std::int64_t>& words) {
    return words ? std::to_string(*words) : "";
}

std::string remedyFor(const ForeignParting& parting) {
    const bool isPythons = parting.generator.starts_with("random");
    const std::string_view own = isPythons ? "random.Random(n)" : "np.random.default_rng(n)";
    if (!parting.fromOtherState) {
        return fmt::format("make both runs draw as many numbers there, or give this use a "
                           "generator of its own: {}",
                           own);
    }
    if (!parting.isGlobal) {
        return fmt::format("make the generator with a seed: {}", own);
    }
    return fmt::format("seed it before its first use: {}, or record with --seed n",
                       isPythons ? "random.seed(n)" : "np.random.seed(n)");
}

} // namespace

Cause StreamExplainer::reconsidered(const Row& row, const std::optional<UsePair>& slot,
                                    Cause cause) const {
    if (m_sides.alignment.resume || (!isOfProgram(cause) && !mayFollow(cause))) {
        return cause;
    }
    if (const auto parting = m_streams.partedBefore(row, handedOver(row, slot));
        parting && (parting->justBefore || isOfProgram(cause))) {
        return drawn(row, *parting, std::move(cause));
    }
    if (mayBeHashOrder(slot, cause)) {
        Evidence fact{EvidenceKind::OtherHashSecret};
        cause.kind = CauseClass::Stream;
        cause.confidence = Confidence::Possible;
        cause.subject = "hash secret";
        cause.remedy =
            "set PYTHONHASHSEED=0 before Python starts, or record with --seed n; or sort "
            "what comes out of a set before its order matters";
        cause.evidence.insert(cause.evidence.begin(), std::move(fact));
        cause.against.push_back({EvidenceKind::StreamUntold});
    }
    return cause;
}

/// Where each run saw the storage of the input for the first time; the row, where it is none.
EventPair StreamExplainer::handedOver(const Row& row, const std::optional<UsePair>& slot) const {
    if (!slot) {
        return {row.a, row.b};
    }
    const auto firstSeen = [&](const Side& side) {
        Run& run = side.run;
        const std::uint64_t storage = run.storageOf(side.of(*slot));
        const auto uses = run.usesNearStorage(storage);
        const auto first = std::ranges::find_if(
            uses, [&](std::uint64_t use) { return run.storageOf(use) == storage; });
        return first == uses.end() ? side.of(row) : run.uses.event[*first];
    };
    return {firstSeen(m_sides.a), firstSeen(m_sides.b)};
}

Cause StreamExplainer::drawn(const Row& row, const ForeignParting& parting, Cause cause) const {
    Cause stream = makeCause(CauseClass::Stream,
                             parting.justBefore ? Confidence::Likely : Confidence::Possible,
                             whereItParted(parting));
    stream.subject = parting.generator;
    stream.remedy = remedyFor(parting);
    const Side& side = m_sides.having(row);
    if (parting.justBefore) {
        stream.evidence.push_back(
            {EvidenceKind::StreamMovedJustBefore, parting.generator, {}, {side.ref(side.of(row))}});
    } else {
        stream.against.push_back({EvidenceKind::StreamUntold});
    }
    std::ranges::move(cause.evidence, std::back_inserter(stream.evidence));
    std::ranges::move(cause.against, std::back_inserter(stream.against));
    return stream;
}

Evidence StreamExplainer::whereItParted(const ForeignParting& parting) const {
    const Side& side = parting.inA != nullptr ? m_sides.a : m_sides.b;
    const ForeignMove* move = parting.inA != nullptr ? parting.inA : parting.inB;
    if (move == nullptr) {
        return {EvidenceKind::StreamMetInOtherState, parting.generator};
    }
    const std::string from = placeOf(side.run, opBefore(side.run, move->event));
    const std::string to = placeOf(side.run, move->event);
    if (parting.fromOtherState) {
        return {EvidenceKind::StreamOtherState, parting.generator, {from, to}};
    }
    if (parting.inA == nullptr || parting.inB == nullptr) {
        return {EvidenceKind::StreamMoveInOneRun,
                parting.generator,
                {std::string(1, side.name),
                 countOf(parting.inA != nullptr ? parting.wordsA : parting.wordsB), from, to}};
    }
    return {EvidenceKind::StreamOtherMove,
            parting.generator,
            {countOf(parting.wordsA), countOf(parting.wordsB), from, to}};
}

/// Numbers of words and places in lists are whole numbers, and may come out of a set of strings.
bool StreamExplainer::mayBeHashOrder(const std::optional<UsePair>& slot, const Cause& cause) const {
    const bool otherSecret =
        std::ranges::any_of(m_environment, [](const EnvironmentDifference& difference) {
            return difference.key == "python_hash_secret";
        });
    if (!otherSecret || !isOfProgram(cause)) {
        return false;
    }
    if (cause.kind == CauseClass::Argument) {
        return std::ranges::all_of(cause.evidence, [](const Evidence& fact) {
            return fact.kind == EvidenceKind::Argument &&
                   std::ranges::all_of(fact.values, [](const std::string& value) {
                       return value.find_first_not_of("-0123456789[], ") == std::string::npos;
                   });
        });
    }
    if (!slot ||
        (!rests(cause, EvidenceKind::FromOutside) && !rests(cause, EvidenceKind::FilledOutside))) {
        return false;
    }
    const Run& run = m_sides.a.run;
    const auto dtype = static_cast<trace::DType>(run.values.dtype[run.uses.value[slot->a]]);
    const std::string_view name = trace::dtypeName(dtype);
    return name.starts_with("int") || name.starts_with("uint");
}

} // namespace repro::replay
