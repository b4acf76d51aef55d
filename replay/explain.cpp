// SPDX-License-Identifier: BSD-3-Clause
#include "replay/explain.h"

#include "replay/knowledge/knowledge.h"
#include "replay/locate.h"
#include "trace/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

Cause makeCause(CauseClass kind, Confidence confidence, std::string evidence) {
    Cause cause;
    cause.kind = kind;
    cause.confidence = confidence;
    cause.evidence.push_back(std::move(evidence));
    cause.remedy = remedyFor(kind);
    return cause;
}

struct NamedArgument {
    std::string name;
    std::string value;
};

std::vector<NamedArgument> argumentsOf(const Run& run, EventId event) {
    std::vector<NamedArgument> named;
    const trace::ArgumentsId id = run.events.arguments[event];
    if (id >= run.reader().argumentsCount()) {
        return named;
    }
    const auto values = trace::describeArguments(run.reader().arguments(id));
    const auto names = argumentNames(run.reader().text(run.op(event).schema));
    for (std::size_t i = 0; i < values.size(); ++i) {
        named.push_back({i < names.size() ? names[i] : fmt::format("argument {}", i), values[i]});
    }
    return named;
}

/// A condition that begins "accumulate=true" must hold of the op's own argument, where it has one.
bool conditionHolds(const Run& run, EventId event, std::string_view condition) {
    constexpr std::string_view kLead = "accumulate=";
    if (!condition.starts_with(kLead)) {
        return true;
    }
    const bool wanted = condition.substr(kLead.size()).starts_with("true");
    for (const NamedArgument& argument : argumentsOf(run, event)) {
        if (argument.name == "accumulate") {
            return (argument.value == "true") == wanted;
        }
    }
    return true;
}

int deviceOf(const Run& run, std::uint64_t use) {
    return run.reader().value(run.uses.value[use]).deviceType;
}

/// A row of the table that explains a difference between two equal runs.
const KnownOp* knownRunToRun(const Run& run, EventId event, int deviceType) {
    const trace::Op op = run.op(event);
    const auto name = run.reader().text(op.name);
    for (const KnownOp* known : knownRows(name, run.reader().text(op.overload), deviceType)) {
        const bool applies = knownKind(known->cause) == KnownKind::RunToRun;
        if (applies && conditionHolds(run, event, known->condition)) {
            return known;
        }
    }
    return nullptr;
}

const KnownOp* findKnown(const Run& run, EventId event, int deviceType) {
    if (const KnownOp* known = knownRunToRun(run, event, deviceType)) {
        return known;
    }
    for (const EventId nested : nestedEvents(run, event)) {
        if (const KnownOp* known = knownRunToRun(run, nested, deviceType)) {
            return known;
        }
    }
    return nullptr;
}

CauseClass classOf(EnvironmentTopic topic) {
    switch (topic) {
    case EnvironmentTopic::Threads:
        return CauseClass::Threads;
    case EnvironmentTopic::Isa:
        return CauseClass::Isa;
    case EnvironmentTopic::Library:
        return CauseClass::Library;
    case EnvironmentTopic::Device:
        return CauseClass::Device;
    case EnvironmentTopic::Flags:
        return CauseClass::Flags;
    default:
        return CauseClass::Unknown;
    }
}

} // namespace

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

std::vector<std::string> argumentNames(std::string_view schema) {
    std::vector<std::string> names;
    const std::size_t open = schema.find('(');
    const std::size_t close = schema.rfind(") ->");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return names;
    }
    std::string_view rest = schema.substr(open + 1, close - open - 1);
    const auto add = [&](std::string_view part) {
        part = part.substr(0, part.find('='));
        const std::size_t space = part.rfind(' ');
        // "*" alone divides positional arguments from named ones.
        if (space != std::string_view::npos && space + 1 < part.size() && part.back() != '*') {
            names.emplace_back(part.substr(space + 1));
        }
    };
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        depth += rest[i] == '[' || rest[i] == '(' ? 1 : rest[i] == ']' || rest[i] == ')' ? -1 : 0;
        if (rest[i] == ',' && depth == 0) {
            add(rest.substr(from, i - from));
            from = i + 1;
        }
    }
    add(rest.substr(from));
    return names;
}

Explainer::Oracle Explainer::askOracle(EventId event) const {
    Oracle oracle;
    const auto look = [&](EventId e) {
        const std::uint32_t flags = m_a.events.flags[e];
        const bool alerted = (flags & trace::event_flag::Alerted) != 0;
        const bool asked = (flags & trace::event_flag::Asked) != 0;
        if ((alerted && !oracle.alerted) || (asked && !oracle.alerted && !oracle.asked)) {
            oracle.by = m_a.opName(e);
        }
        oracle.alerted = oracle.alerted || alerted;
        oracle.asked = oracle.asked || asked;
    };
    look(event);
    for (const EventId nested : nestedEvents(m_a, event)) {
        look(nested);
    }
    return oracle;
}

Cause Explainer::kernel(const Row& row, UsePair output) const {
    const Oracle oracle = askOracle(row.a);
    // The ops inside another's op are judged by themselves.
    const bool aten = m_a.isAten(row.a);
    const int device = deviceOf(m_a, output.a);
    // An order of additions on the CPU needs more than one thread, in both runs.
    const bool oneThread =
        device == 0 && std::min(m_a.context(row.a).threads, m_b.context(row.b).threads) == 1;
    const KnownOp* known = aten && !oneThread ? findKnown(m_a, row.a, device) : nullptr;
    Cause cause;
    if (!aten) {
        cause = makeCause(CauseClass::CustomOp, Confidence::Likely,
                          fmt::format("{} is no op of ATen's, and the ops that it ran are equal",
                                      m_a.opName(row.a)));
    } else if (oracle.alerted) {
        cause = makeCause(
            CauseClass::NondeterministicKernel, Confidence::Likely,
            fmt::format("the kernel of {} says itself that it is nondeterministic", oracle.by));
    } else if (known != nullptr) {
        cause = makeCause(
            CauseClass::NondeterministicKernel, Confidence::Likely,
            fmt::format("{} is known for it ({}): {}", known->op, known->cause, known->condition));
        if (oracle.asked) {
            cause.evidence.push_back("its kernel asked whether it has to be deterministic");
        }
    } else if (explainByContext(row, cause) || explainByEnvironment(cause)) {
        cause.evidence.push_back("inputs, arguments and generator states are equal");
        return cause;
    } else if (oracle.asked) {
        cause = makeCause(
            CauseClass::NondeterministicKernel, Confidence::Likely,
            fmt::format("the kernel of {} asked whether it has to be deterministic", oracle.by));
    } else {
        cause = unknownKernel(row);
    }
    cause.evidence.push_back("inputs, arguments and generator states are equal and verified");
    if (known != nullptr) {
        cause.remedy = known->remedy;
    }
    weighAgainst(row, cause);
    return cause;
}

Cause Explainer::unknownKernel(const Row& row) const {
    Cause cause = makeCause(CauseClass::Unknown, Confidence::Possible,
                            "nothing recorded tells why this kernel gave another result");
    if (const std::uint32_t threads = m_a.context(row.a).threads; threads > 1) {
        cause.evidence.push_back(fmt::format("it may use {} threads, in both runs", threads));
        cause.remedy =
            "record both again with --threads 1: if they are the same then, the cause is "
            "how this kernel shares its work among threads";
    }
    return cause;
}

bool Explainer::explainByContext(const Row& row, Cause& cause) const {
    const trace::Context a = m_a.context(row.a);
    const trace::Context b = m_b.context(row.b);
    if (a.threads != b.threads) {
        cause =
            makeCause(CauseClass::Threads, Confidence::Likely,
                      fmt::format("run A used {} threads here, run B {}", a.threads, b.threads));
        return true;
    }
    if (a.flags != b.flags) {
        cause = makeCause(CauseClass::Flags, Confidence::Likely,
                          fmt::format("flags of the context differ here: {:#x} in A, {:#x} in B",
                                      a.flags, b.flags));
        return true;
    }
    return false;
}

bool Explainer::explainByEnvironment(Cause& cause) const {
    bool found = false;
    for (const EnvironmentDifference& difference : m_environment) {
        const CauseClass kind = classOf(difference.topic);
        if (difference.rank != EnvironmentRank::Numbers || kind == CauseClass::Unknown) {
            continue;
        }
        const std::string text =
            fmt::format("{} differs: {} in A, {} in B", difference.key, difference.a, difference.b);
        if (!found) {
            cause = makeCause(kind, Confidence::Likely, text);
            found = true;
        } else if (kind == cause.kind) {
            cause.evidence.push_back(text);
        } else {
            cause.confidence = Confidence::Possible;
            cause.against.push_back(text);
        }
    }
    return found;
}

void Explainer::weighAgainst(const Row& row, Cause& cause) const {
    Cause other;
    if (explainByContext(row, other) || explainByEnvironment(other)) {
        for (const std::string& text : other.evidence) {
            cause.against.push_back(text);
        }
    }
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
        return makeCause(
            CauseClass::WrittenOutsideOps, Confidence::Likely,
            fmt::format("{} of {} was written last by {} in A, by {} in B: threads write it in an "
                        "order that is chance",
                        slot, reader, producer.empty() ? "nobody" : producer, inB));
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

Cause Explainer::drawnByChance(const Row& row, const std::string& generator) const {
    Cause cause = makeCause(CauseClass::RngRace, Confidence::Likely,
                            fmt::format("{} draws from a generator that other threads draw from at "
                                        "the same time: which numbers it gets is chance",
                                        eventName(m_a, row.a)));
    cause.subject = generator;
    return cause;
}

Cause Explainer::replaced(const Row& row) const {
    return makeCause(
        CauseClass::Structure, Confidence::Likely,
        fmt::format("run A executes {}, run B {}", eventName(m_a, row.a), eventName(m_b, row.b)));
}

} // namespace repro::replay
