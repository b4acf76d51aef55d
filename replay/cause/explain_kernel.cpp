// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain.h"
#include "replay/cause/known_kernel.h"
#include "replay/run/layout.h"
#include "replay/run/locate.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace repro::replay {
namespace {

using trace::EventId;

int deviceOf(const Run& run, std::uint64_t use) {
    return run.reader().value(run.uses.value[use]).deviceType;
}

Cause knownKernel(const KnownOp& known) {
    Cause cause = makeCause(CauseClass::NondeterministicKernel, Confidence::Likely,
                            {EvidenceKind::KnownKernel, known.op, {known.cause, known.condition}});
    cause.remedy = known.remedy;
    return cause;
}

/// Of the thread: how it rounds, and what becomes of denormal numbers.
constexpr std::uint32_t kFloatingPoint = trace::context_flag::FlushDenormal |
                                         trace::context_flag::DenormalsAreZero |
                                         trace::context_flag::RoundingMask;

/// Those of `mine` that the other run's op has not: "flush-denormal, denormals-are-zero".
std::string ownFlags(std::uint32_t mine, std::uint32_t other) {
    auto names = trace::contextFlagNames(mine);
    const auto others = trace::contextFlagNames(other);
    std::erase_if(names, [&](const std::string& name) {
        return std::ranges::find(others, name) != others.end();
    });
    return fmt::format("{}", fmt::join(names, ", "));
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
    return underItsBuild(kernelOfOneBuild(row, output));
}

Cause Explainer::underItsBuild(Cause cause) const {
    const EnvironmentDifference* build = otherTorch(m_environment);
    if (build == nullptr) {
        return cause;
    }
    Cause result = makeCause(CauseClass::Library, Confidence::Possible,
                             {EvidenceKind::OtherBuild, build->key, {build->a, build->b}});
    switch (cause.kind) {
    case CauseClass::Unknown:
    case CauseClass::Library:
    case CauseClass::Isa:
    case CauseClass::Flags:
        result.confidence = Confidence::Likely;
        result.evidence.push_back(cause.evidence.back());
        break;
    case CauseClass::Structure:
    case CauseClass::ExtraDraw:
        result.evidence.push_back(cause.evidence.front());
        break;
    case CauseClass::NondeterministicKernel:
    case CauseClass::Threads:
        result.against.push_back(cause.evidence.front());
        break;
    default:
        return cause;
    }
    return result;
}

Cause Explainer::kernelOfOneBuild(const Row& row, UsePair output) const {
    const Oracle oracle = askOracle(row.a);
    // The ops inside another's op are judged by themselves.
    const bool aten = m_a.isAten(row.a);
    const int device = deviceOf(m_a, output.a);
    // An order of additions on the CPU needs more than one thread, in both runs.
    const bool oneThread =
        device == 0 && std::min(m_a.context(row.a).threads, m_b.context(row.b).threads) == 1;
    const KnownOp* const runToRun =
        aten && !oneThread ? findKnown(KnownKind::RunToRun, m_a, row.a, device) : nullptr;
    Cause cause;
    if (!aten) {
        cause = makeCause(CauseClass::CustomOp, Confidence::Likely,
                          {EvidenceKind::CustomOp, {}, {}, {inA(row.a)}});
    } else if (oracle.alerted) {
        cause = makeCause(CauseClass::NondeterministicKernel, Confidence::Likely,
                          {EvidenceKind::KernelAlerted, oracle.by});
    } else if (runToRun != nullptr) {
        cause = knownKernel(*runToRun);
        if (oracle.asked) {
            cause.evidence.push_back({EvidenceKind::ItsKernelAsked});
        }
    } else if (explainByContext(row, cause) || explainByEnvironment(cause)) {
        cause.evidence.push_back({EvidenceKind::EqualInputs});
        return cause;
    } else if (explainByAlignment(row, cause)) {
        cause.evidence.push_back({EvidenceKind::EqualArguments});
        return cause;
    } else if (oracle.asked) {
        cause = makeCause(CauseClass::NondeterministicKernel, Confidence::Likely,
                          {EvidenceKind::KernelAsked, oracle.by});
    } else if (const KnownOp* const firstUse = knownFirstUse(row, device)) {
        cause = knownKernel(*firstUse);
    } else {
        cause = unknownKernel(row);
    }
    cause.evidence.push_back({EvidenceKind::EqualAndVerified});
    weighAgainst(row, cause);
    return cause;
}

const KnownOp* Explainer::knownFirstUse(const Row& row, int device) const {
    // Which of a pool's items comes first is chance.
    const KnownOp* const inA = findKnown(KnownKind::FirstUse, m_a, row.a, device);
    return inA != nullptr ? inA : findKnown(KnownKind::FirstUse, m_b, row.b, device);
}

Cause Explainer::unknownKernel(const Row& row) const {
    Cause cause =
        makeCause(CauseClass::Unknown, Confidence::Possible, {EvidenceKind::NothingTells});
    if (const std::uint32_t threads = m_a.context(row.a).threads; threads > 1) {
        cause.evidence.push_back({EvidenceKind::SameThreads, {}, {std::to_string(threads)}});
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
        cause = makeCause(CauseClass::Threads, Confidence::Likely,
                          {EvidenceKind::ThreadCount,
                           "threads",
                           {std::to_string(a.threads), std::to_string(b.threads)}});
        return true;
    }
    if (a.flags != b.flags) {
        cause = makeCause(CauseClass::Flags, Confidence::Likely,
                          {EvidenceKind::ContextFlags,
                           {},
                           {ownFlags(a.flags, b.flags), ownFlags(b.flags, a.flags)}});
        if (((a.flags ^ b.flags) & kFloatingPoint) != 0) {
            cause.remedy = "set the same floating-point mode in both runs; libraries that were "
                           "linked with -ffast-math change it when they are loaded";
            addLoadedLibraries(cause);
        }
        return true;
    }
    return false;
}

/// What was loaded in one run alone may have set the mode.
void Explainer::addLoadedLibraries(Cause& cause) const {
    constexpr std::string_view kLibrary = "library.";
    constexpr std::size_t kMost = 4;
    std::size_t told = 0;
    for (const EnvironmentDifference& difference : m_environment) {
        const std::string_view key = difference.key;
        if (key.starts_with(kLibrary) && difference.a.empty() != difference.b.empty() &&
            told++ < kMost) {
            cause.evidence.push_back({EvidenceKind::LibraryInOneRun,
                                      std::string(key.substr(kLibrary.size())),
                                      {difference.a.empty() ? "B" : "A"}});
        }
    }
}

bool Explainer::explainByAlignment(const Row& row, Cause& cause) const {
    const auto input = inputOfOtherAlignment(m_a, m_b, row);
    if (!input) {
        return false;
    }
    const auto bytesOf = [](const Run& run, std::uint64_t use) {
        return std::to_string(trace::alignmentOf(run.values.flags[run.uses.value[use]]));
    };
    cause = makeCause(CauseClass::Alignment, Confidence::Likely,
                      {EvidenceKind::AddressAlignment,
                       argumentName(m_a, input->a),
                       {bytesOf(m_a, input->a), bytesOf(m_b, input->b)}});
    cause.subject = fmt::format("storage {}", m_a.storageOf(input->a));
    return true;
}

bool Explainer::explainByEnvironment(Cause& cause) const {
    bool found = false;
    for (const EnvironmentDifference& difference : m_environment) {
        const CauseClass kind = classOf(difference.topic);
        if (difference.rank != EnvironmentRank::Numbers || kind == CauseClass::Unknown) {
            continue;
        }
        const Evidence fact{EvidenceKind::Setting, difference.key, {difference.a, difference.b}};
        if (!found) {
            cause = makeCause(kind, Confidence::Likely, fact);
            found = true;
        } else if (kind == cause.kind) {
            cause.evidence.push_back(fact);
        } else {
            cause.confidence = Confidence::Possible;
            cause.against.push_back(fact);
        }
    }
    return found;
}

void Explainer::weighAgainst(const Row& row, Cause& cause) const {
    Cause other;
    if (explainByContext(row, other) || explainByEnvironment(other)) {
        std::ranges::move(other.evidence, std::back_inserter(cause.against));
    }
}

} // namespace repro::replay
