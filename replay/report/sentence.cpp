// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sentence.h"

#include "trace/words.h"

#include <fmt/args.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <tuple>

namespace repro::replay {
namespace {

/// How a value is shown: {0} as it is, {0:row} as "1 row" or "2 rows".
struct ValueWords {
    std::string_view value;
};

/// How an event is shown: {first} as "aten::mul (event 17)", {first:name}, {first:id}, {first:run};
/// any other word stands for an event that is not known.
struct EventWords {
    EventRef event;
};

} // namespace
} // namespace repro::replay

template <>
struct fmt::formatter<repro::replay::ValueWords> {
    std::string_view noun;
    constexpr auto parse(format_parse_context& context) {
        const auto* end = std::find(context.begin(), context.end(), '}');
        noun = {context.begin(), static_cast<std::size_t>(end - context.begin())};
        return end;
    }
    auto format(const repro::replay::ValueWords& words, format_context& context) const {
        const std::string value(words.value);
        return fmt::format_to(context.out(), "{}",
                              noun.empty() ? value
                                           : repro::trace::countText(std::stoull(value), noun));
    }
};

template <>
struct fmt::formatter<repro::replay::EventWords> {
    std::string_view how;
    constexpr auto parse(format_parse_context& context) {
        const auto* end = std::find(context.begin(), context.end(), '}');
        how = {context.begin(), static_cast<std::size_t>(end - context.begin())};
        return end;
    }
    auto format(const repro::replay::EventWords& words, format_context& context) const {
        const auto& [run, event, name] = words.event;
        if (how == "run") {
            return fmt::format_to(context.out(), "{}", run);
        }
        if (event == repro::trace::kNone64) {
            return fmt::format_to(context.out(), "{}", how.empty() ? "an op" : how);
        }
        return how == "name" ? fmt::format_to(context.out(), "{}", name)
               : how == "id" ? fmt::format_to(context.out(), "{}", event)
                             : fmt::format_to(context.out(), "{} (event {})", name, event);
    }
};

namespace repro::replay {
namespace {

/// "in A only: tf32; in B only: deterministic", of what each run alone has.
std::string flagsOfEach(const Evidence& evidence) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min<std::size_t>(evidence.values.size(), 2); ++i) {
        if (!evidence.values[i].empty()) {
            parts.push_back(fmt::format("in {} only: {}", i == 0 ? "A" : "B", evidence.values[i]));
        }
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// "2 rows only in run B, the first is aten::mul (event 7)": a count for each event.
std::string rowsOfEach(const Evidence& evidence) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < evidence.events.size() && i < evidence.values.size(); ++i) {
        const EventWords first{evidence.events[i]};
        parts.push_back(fmt::format("{:row} only in run {:run}, the first is {}",
                                    ValueWords{evidence.values[i]}, first, first));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// "; one result with: 1 thread, or deterministic": the values after the first two.
std::string steadyConditions(const Evidence& evidence) {
    constexpr std::size_t kFirst = 2;
    if (evidence.values.size() <= kFirst) {
        return {};
    }
    return fmt::format("; one result with: {}",
                       fmt::join(std::span(evidence.values).subspan(kFirst), ", or "));
}

std::string wordsTaken(const std::string& count) {
    return count.empty() ? "an unknown number of words"
                         : trace::countText(std::stoull(count), "word");
}

/// The values: words in A, words in B, the lines between which they were drawn.
std::string otherMove(const Evidence& evidence) {
    const auto& [subject, values] = std::tie(evidence.subject, evidence.values);
    return fmt::format("{} gave {} in A, {} in B, between {} and {}", subject,
                       wordsTaken(values.at(0)), wordsTaken(values.at(1)), values.at(2),
                       values.at(3));
}

/// The values: the run, words, the lines between which they were drawn.
std::string moveInOneRun(const Evidence& evidence) {
    const auto& [subject, values] = std::tie(evidence.subject, evidence.values);
    return fmt::format("{} gave {} in {} only, between {} and {}", subject,
                       wordsTaken(values.at(1)), values.at(0), values.at(2), values.at(3));
}

std::string unrecordedChildren(const Evidence& evidence) {
    return trace::unrecordedText(std::stoull(evidence.values.at(1)));
}

/// Of one kind: its name, and its sentence, in which {0}, {1}, ... are the values.
struct Phrase {
    EvidenceKind kind;
    const char* name;
    std::string_view text;
    std::string (*more)(const Evidence&) = nullptr; ///< {more}: what no pattern can say
};

using enum EvidenceKind;
constexpr std::array kPhrases = std::to_array<Phrase>({
    {InputsAssumed, "inputs_assumed",
     "outputs of {first} differ, but its inputs were only assumed to be equal, not hashed"},
    {OtherLastWriter, "other_last_writer",
     "{subject} of {first:name} was written last by {second:nobody} in A, by {third:nobody} in B: "
     "threads write it in an order that depends on thread timing"},
    {OtherTurn, "other_turn",
     "{subject} of {first:name} is that of {second} in A, that of {third} in B: threads write one "
     "tensor in turns, in an order that depends on thread timing"},
    {WrittenOutside, "written_outside",
     "{second} wrote the same in both runs, but {subject} of {first:name} differs"},
    {NeverWritten, "never_written",
     "{subject} of {first:name} holds bytes that nobody wrote since {second} allocated them"},
    {MayBeWrittenOutside, "may_be_written_outside",
     "a write through a raw pointer would look the same"},
    {FilledOutside, "filled_outside",
     "{second} made the tensor and no op wrote it since, yet {subject} of {first:name} holds other "
     "bytes: they were written through a pointer"},
    {OtherNumber, "other_number",
     "{subject} of {first:name} is a number that the program gave, another one in each run"},
    {Loaded, "loaded",
     "{subject} of {first:name} lies in a storage that {second} took over: data that was loaded"},
    {FromOutside, "from_outside", "no op made {subject} of {first:name}: it comes from outside"},
    {SharedDraws, "shared_draws",
     "{subject} of {first:name} depends on random numbers that several threads draw from one "
     "generator: of {second} in A, of {third} in B"},
    {OtherTensor, "other_tensor", "the runs read different tensors: {second} in A, {third} in B"},
    {UnknownSource, "unknown_source",
     "{subject} of {first:name} differs; its source was not recorded"},
    {NotInCheckpoint, "not_in_checkpoint",
     "run {0} goes on at step {1} of run {2}, but {subject} of {first} holds something else there: "
     "it is not part of the checkpoint, or was not restored"},
    {MadeOtherwise, "made_otherwise", "{subject} of {first} came about by other rows in each run"},
    {ViewInOneRun, "view_in_one_run", "{first} is only in run {first:run}"},

    {WrittenMeanwhile, "written_meanwhile",
     "in {first:run}, {second} of another thread writes {subject} while {first} runs: what it sees "
     "depends on thread timing"},
    {ContestedBytes, "contested_bytes",
     "{subject} of {first} lies where ops of several threads write at the same time: in "
     "{second:run}, {second} and {third} did"},
    {DrawsAmongThreads, "draws_among_threads",
     "{first} draws from a generator that other threads draw from at the same time: which numbers "
     "it gets depends on thread timing"},
    {OtherItem, "other_item",
     "a thread of the pool did this; which item of the other run it belongs to is not certain"},

    {Argument, "argument", "argument {subject} is {0} in A, {1} in B"},
    {Arguments, "arguments", "the arguments that are not tensors differ"},
    {ThreadCount, "thread_count", "run A used {0:thread} here, run B {1}"},
    {ContextFlags, "context_flags", "set here {more}", flagsOfEach},
    {LibraryInOneRun, "library_in_one_run", "the library {subject} is loaded in {0} only"},
    {Setting, "setting", "{subject} differs: {0} in A, {1} in B"},
    {OtherBuild, "other_build",
     "the runs use different builds of LibTorch: {subject} is {0} in A, {1} in B"},
    {AddressAlignment, "address_alignment",
     "the address of {subject} is a multiple of {0} bytes in A, of {1} in B, and its contents are "
     "equal"},
    {Strides, "strides",
     "memory format: {subject} of {first} holds the same numbers with strides {0} in A, {1} in B"},
    {Relaid, "relaid",
     "memory format: {first}, only in run {first:run}, hands on the same numbers with other "
     "strides: {0} became {1}"},
    {ListOrder, "list_order",
     "order: {subject} of {first} holds the same {0:tensor} in another order"},
    {FirstOfOrder, "first_of_order",
     "the first op that ran in another order is {first} in A, {second} in B"},

    {KnownKernel, "known_kernel", "{subject} is known to be nondeterministic ({0}): {1}"},
    {CustomOp, "custom_op", "{first:name} is no op of ATen's, and the ops that it ran are equal"},
    {KernelAlerted, "kernel_alerted",
     "the kernel of {subject} says itself that it is nondeterministic"},
    {KernelAsked, "kernel_asked",
     "the kernel of {subject} asked whether it has to be deterministic"},
    {ItsKernelAsked, "its_kernel_asked", "its kernel asked whether it has to be deterministic"},
    {EqualInputs, "equal_inputs", "inputs, arguments and generator states are equal"},
    {EqualArguments, "equal_arguments", "arguments and generator states are equal"},
    {EqualAndVerified, "equal_and_verified",
     "inputs, arguments and generator states are equal and verified"},
    {NothingTells, "nothing_tells", "nothing recorded tells why this kernel gave another result"},
    {SameThreads, "same_threads", "it may use {0} threads, in both runs"},

    {OnlyInOneRun, "only_in_one_run", "{more}", rowsOfEach},
    {OtherOp, "other_op", "run A executes {first}, run B {second}"},
    {ThrewInOneRun, "threw_in_one_run", "{first} was left by an exception in {0} only"},
    {OtherShapes, "other_shapes", "{first} works on other shapes or dtypes in each run"},
    {ShapeOrDType, "shape_or_dtype", "{subject} is {0} in A, {1} in B"},
    {InScript, "in_script",
     "inside the TorchScript method {first}: the profiling executor runs other ops once it has "
     "optimized the method, after its first calls"},

    {OtherFirstState, "other_first_state",
     "{subject}: the state before the first draw differs (seed {0} in A, {1} in B)"},
    {OtherFirstStateOfOneSeed, "other_first_state_of_one_seed",
     "{subject}: the state before the first draw differs (seed {0} in A, {1} in B); with one seed, "
     "something that is no recorded op has drawn from it"},
    {OtherMove, "other_move", "{subject}: equal states before the op, different ones after it"},
    {OtherStateAfterResume, "other_state_after_resume",
     "run {0} goes on at step {1} of run {2}, but {subject} has another state there: it is not "
     "part of the checkpoint"},
    {DrawInOneRun, "draw_in_one_run", "{subject}: {first:name} draws here in run {first:run} only"},
    {DrawOfAddedOp, "draw_of_added_op",
     "{subject}: {first:name} draws here in run {first:run} only (the other run has no such op)"},
    {NumbersTaken, "numbers_taken", "it takes {0} of the generator's numbers of 32 bits"},
    {StateMoved, "state_moved",
     "{subject}: its state was changed by something that is no recorded op, in run {0}"},
    {StateMovedInBoth, "state_moved_in_both",
     "{subject}: its state was changed by something that is no recorded op, in run A and in run B"},
    {StreamBehind, "stream_behind", "run B's stream is {0} numbers of 32 bits behind run A's"},
    {StreamAhead, "stream_ahead", "run B's stream is {0} numbers of 32 bits ahead of run A's"},
    {NextDraw, "next_draw",
     "{subject}: the next to draw is {first:name} of thread {0} (event {first:id}) in run A, "
     "{second:name} of thread {1} (event {second:id}) in run B"},
    {RaceInOrder, "race_in_order",
     "{subject}: the next to draw is {first:name} of thread {0} (event {first:id}) in run A, "
     "{second:name} of thread {1} (event {second:id}) in run B; several threads draw from it, and "
     "which comes first depends on thread timing"},
    {RaceAfterDraw, "race_after_draw",
     "{subject}: its state differs after the same draw; several threads draw from it, and which "
     "comes first depends on thread timing"},
    {RaceAmongDraws, "race_among_draws",
     "{subject}: its state differs among draws of several threads; several threads draw from it, "
     "and which comes first depends on thread timing"},
    {RaceAtOnce, "race_at_once",
     "{subject}: two threads draw from it at the same time; several threads draw from it, and "
     "which comes first depends on thread timing"},
    {RaceUntold, "race_untold",
     "{subject}: draws of several threads were not told apart; several threads draw from it, and "
     "which comes first depends on thread timing"},

    {StreamOtherState, "stream_other_state",
     "{subject} was in different states before its first numbers, which were drawn between {0} and "
     "{1}: it was not seeded, or with another seed"},
    {StreamMetInOtherState, "stream_met_in_other_state",
     "{subject} was in different states when it was first seen: it was not seeded, or with another "
     "seed, or drawn from before"},
    {StreamOtherMove, "stream_other_move", "{more}", otherMove},
    {StreamMoveInOneRun, "stream_move_in_one_run", "{more}", moveInOneRun},
    {StreamMovedJustBefore, "stream_moved_just_before",
     "{subject} was drawn from right before {first}"},
    {StreamUntold, "stream_untold", "nothing recorded tells that this came of it"},
    {OtherHashSecret, "other_hash_secret",
     "the runs hash strings in different ways (PYTHONHASHSEED is not set, or set to another "
     "number): what comes out of a set of strings comes in another order"},

    {BatchOfOtherNumber, "batch_of_other_number",
     "batch {0} of the loader arrived here in A, batch {1} in B"},
    {BatchOfOtherExamples, "batch_of_other_examples",
     "batch {0} of the loader has the examples {1} in A, {2} in B"},
    {BatchOfOtherWorker, "batch_of_other_worker",
     "batch {0} of the loader was made by worker {1} in A, by worker {2} in B"},
    {BatchOfOtherSeed, "batch_of_other_seed",
     "the worker that made batch {0} of the loader was seeded with {1} in A, with {2} in B"},
    {BatchFromOtherState, "batch_from_other_state",
     "{subject} of worker {1} was in different states before the worker made batch {0} of the "
     "loader, though the workers were seeded alike"},
    {BatchWithOtherMove, "batch_with_other_move",
     "{subject} of worker {1} gave another number of words in each run while the worker made batch "
     "{0} of the loader, or was seeded anew"},
    {BatchMadeOtherwise, "batch_made_otherwise",
     "worker {1} made other data for batch {0} of the loader, though it was seeded alike and asked "
     "for the same examples"},

    {AlreadyDiverged, "already_diverged", "the runs had already diverged"},
    {MayReadPointer, "may_read_pointer",
     "the runs had already diverged, and the program may have read a tensor through a raw pointer"},
    {GrewFromOnePlace, "grew_from_one_place",
     "what it read differs within the tolerance, what it computed beyond it; bit by bit the runs "
     "part only at {subject}"},
    {GrewFromPlaces, "grew_from_places",
     "what it read differs within the tolerance, what it computed beyond it; bit by bit the runs "
     "part in {0} places before it, first at {subject}"},
    {Unexplained, "unexplained", "the runs differ here, and nothing recorded says why"},

    {Varies, "varies",
     "{subject} gave {0} different results in {1} runs on its recorded inputs{more}",
     steadyConditions},
    {RepeatsRecorded, "repeats_recorded",
     "{subject} gave one result in {0} runs on its recorded inputs; it is the recorded one"},
    {RepeatsOther, "repeats_other",
     "{subject} gave one result in {0} runs on its recorded inputs; not the recorded one: "
     "something that is not in the recording differs"},
    {RepeatsReseeded, "repeats_reseeded",
     "{subject} gave one result in {0} runs on its recorded inputs; its generator's state was not "
     "recorded: each run began with seed 0"},
    {RepeatsA, "repeats_a",
     "{subject} gave one result in {0} runs on its recorded inputs; A {0} of {0}, B never; vary "
     "what was not tried: other numbers of threads (--threads), the instruction set "
     "(ATEN_CPU_CAPABILITY), or run B's: reprorec reexec B A"},
    {RepeatsAGivesB, "repeats_a_gives_b",
     "{subject} gave one result in {0} runs on its recorded inputs; A {0} of {0}, B never; B {1} "
     "of {1} with: {2}"},

    {RunIncomplete, "run_incomplete", "run {0} is incomplete: {1}"},
    {RunOpen, "run_open", "run {0} is incomplete: still being written, or orphaned"},
    {RecordsLost, "records_lost", "run {0} lost records: {1} dropped, {2} never arrived"},
    {ChildrenUnrecorded, "children_unrecorded", "run {0}: {more}", unrecordedChildren},
    {AlignedByMap, "aligned_by_map", "aligned by a map with {0} names and {1} pairs of events"},
    {AlignedAtResume, "aligned_at_resume",
     "run {0} goes on at step {1} of run {2}: aligned from there, and what either did before on "
     "its own is not compared"},
    {GoDifferentWays, "go_different_ways",
     "after the first divergence the runs go different ways ({0} of {1} and {2} events have a "
     "partner): {3} further differences are counted, not explained"},
    {StructureUnread, "structure_unread", "{more}; no value of it reaches an op of both runs",
     rowsOfEach},
    {OutputUnread, "output_unread",
     "{subject} of {first} differs: scratch memory, or read by nobody"},
    {InputScratch, "input_scratch",
     "{subject} of {first} differs: it is the scratch memory of another op"},
    {Unseen, "unseen",
     "nobody sees the difference in {0:op} (the first is {first}): what was written is overwritten "
     "or replaced before anything reads it"},
    {UnseenWithDraws, "unseen_with_draws",
     "nobody sees the difference in {0:op} (the first is {first}): what was written is overwritten "
     "or replaced before anything reads it; {1:op} drew other random numbers"},
    {Reordered, "reordered",
     "{0:row} ran in another order in B, matched by what was read; the first is {first}"},
    {WithoutBytes, "without_bytes",
     "{0} of the values that differ were recorded without bytes, and no tolerance can excuse "
     "those; record both runs with --capture full: reprorec --capture full -o FILE --{1}"},
    {Damaged, "damaged", "{0}"},
    {NothingToRunAgain, "nothing_to_run_again",
     "not run again: the runs part before an op's own work"},
    {NotRunAgain, "not_run_again", "not run again: {0}"},
});

constexpr bool isInOrder() {
    for (std::size_t i = 0; i < kPhrases.size(); ++i) {
        if (kPhrases[i].kind != static_cast<EvidenceKind>(i)) {
            return false;
        }
    }
    return kPhrases.size() == kEvidenceKindCount;
}
static_assert(isInOrder());

const Phrase& phraseOf(EvidenceKind kind) {
    return kPhrases[static_cast<std::size_t>(kind)];
}

std::string filled(const Evidence& evidence, std::string_view text) {
    constexpr std::array kEvents = {"first", "second", "third"};
    fmt::dynamic_format_arg_store<fmt::format_context> arguments;
    for (const std::string& value : evidence.values) {
        arguments.push_back(ValueWords{value});
    }
    for (std::size_t i = 0; i < kEvents.size(); ++i) {
        const bool isKnown = i < evidence.events.size();
        arguments.push_back(
            fmt::arg(kEvents[i], EventWords{isKnown ? evidence.events[i] : EventRef()}));
    }
    auto* const more = phraseOf(evidence.kind).more;
    arguments.push_back(fmt::arg("subject", evidence.subject));
    arguments.push_back(fmt::arg("more", more == nullptr ? std::string() : more(evidence)));
    return fmt::vformat(text, arguments);
}

} // namespace

std::string sentence(const Evidence& evidence) {
    return filled(evidence, phraseOf(evidence.kind).text);
}

std::string statement(const Evidence& evidence) {
    constexpr std::string_view kSubject = "{subject}: ";
    std::string_view text = phraseOf(evidence.kind).text;
    text.remove_prefix(text.starts_with(kSubject) ? kSubject.size() : 0);
    return filled(evidence, text);
}

const char* evidenceName(EvidenceKind kind) {
    return phraseOf(kind).name;
}

} // namespace repro::replay
