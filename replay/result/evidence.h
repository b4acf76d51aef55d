// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace repro::replay {

/// What a fact says. Its sentence, and its name in JSON, are in replay/report/sentence.cpp.
enum class EvidenceKind : std::uint8_t {
    // Where an input came from.
    InputsAssumed,
    OtherLastWriter,
    OtherTurn,
    WrittenOutside,
    NeverWritten,
    MayBeWrittenOutside,
    FilledOutside,
    OtherNumber,
    Loaded,
    FromOutside,
    SharedDraws,
    OtherTensor,
    UnknownSource,
    NotInCheckpoint,
    MadeOtherwise,
    ViewInOneRun,
    // What threads did at the same time.
    WrittenMeanwhile,
    ContestedBytes,
    DrawsAmongThreads,
    OtherItem,
    // What else an op was given.
    Argument,
    Arguments,
    ThreadCount,
    ContextFlags,
    LibraryInOneRun,
    Setting,
    OtherBuild,
    AddressAlignment,
    Strides,
    Relaid,
    ListOrder,
    FirstOfOrder,
    // The op's own kernel.
    KnownKernel,
    CustomOp,
    KernelAlerted,
    KernelAsked,
    ItsKernelAsked,
    EqualInputs,
    EqualArguments,
    EqualAndVerified,
    NothingTells,
    SameThreads,
    // Ops and shapes.
    OnlyInOneRun,
    OtherOp,
    ThrewInOneRun,
    OtherShapes,
    ShapeOrDType,
    InScript,
    // A generator's stream: the subject is the generator.
    OtherFirstState,
    OtherFirstStateOfOneSeed,
    OtherMove,
    OtherStateAfterResume,
    DrawInOneRun,
    DrawOfAddedOp,
    NumbersTaken,
    StateMoved,
    StateMovedInBoth,
    StreamBehind,
    StreamAhead,
    NextDraw,
    RaceInOrder,
    RaceAfterDraw,
    RaceAmongDraws,
    RaceAtOnce,
    RaceUntold,
    // A generator of Python or NumPy, or the hash secret: the subject is the generator.
    StreamOtherState,
    StreamMetInOtherState,
    StreamOtherMove,
    StreamMoveInOneRun,
    StreamMovedJustBefore,
    StreamUntold,
    OtherHashSecret,
    // A batch that a worker of a loader made: the first value is its number.
    BatchOfOtherNumber,
    BatchOfOtherExamples,
    BatchOfOtherWorker,
    BatchOfOtherSeed,
    BatchFromOtherState,
    BatchWithOtherMove,
    BatchMadeOtherwise,
    // What a verdict takes into account.
    AlreadyDiverged,
    MayReadPointer,
    GrewFromOnePlace,
    GrewFromPlaces,
    Unexplained,
    // The op, run again.
    Varies,
    RepeatsRecorded,
    RepeatsOther,
    RepeatsReseeded,
    RepeatsA,
    RepeatsAGivesB,
    // Notes.
    RunIncomplete,
    RunOpen,
    RecordsLost,
    ChildrenUnrecorded,
    AlignedByMap,
    AlignedAtResume,
    GoDifferentWays,
    StructureUnread,
    OutputUnread,
    InputScratch,
    Unseen,
    UnseenWithDraws,
    Reordered,
    WithoutBytes,
    Damaged,
    NothingToRunAgain,
    NotRunAgain,
};
inline constexpr std::size_t kEvidenceKindCount =
    static_cast<std::size_t>(EvidenceKind::NotRunAgain) + 1;

/// An event by its name in its run. Without an id: no event is known to have done it.
struct EventRef {
    char run = 'A';
    trace::EventId event = trace::kNone64;
    std::string name; ///< "aten::mul"
    bool operator==(const EventRef&) const = default;
};

/// A fact that speaks for a cause or against it, or a note: plain data.
struct Evidence {
    EvidenceKind kind = EvidenceKind::Unexplained;
    std::string subject = {};             ///< the slot, setting, argument or generator it is about
    std::vector<std::string> values = {}; ///< where there are two, that of A and that of B
    std::vector<EventRef> events = {};
    bool operator==(const Evidence&) const = default;
};

struct EnvironmentDifference;
/// Does the fact rest on this setting?
bool isAbout(const Evidence& evidence, const EnvironmentDifference& setting);

} // namespace repro::replay
