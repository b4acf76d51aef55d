// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain.h"
#include "replay/cause/known_kernel.h"
#include "replay/cause/setting_evidence.h"
#include "replay/run/layout.h"
#include "replay/run/locate.h"

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
    Cause cause = makeCause(
        CauseClass::NondeterministicKernel, Confidence::Likely,
        fmt::format("{} is known for it ({}): {}", known.op, known.cause, known.condition));
    cause.remedy = known.remedy;
    return cause;
}

/// Of the thread: how it rounds, and what becomes of denormal numbers.
constexpr std::uint32_t kFloatingPoint = trace::context_flag::FlushDenormal |
                                         trace::context_flag::DenormalsAreZero |
                                         trace::context_flag::RoundingMask;

/// "set here in B only: flush-denormal".
std::string flagsWords(std::uint32_t a, std::uint32_t b) {
    const auto inA = trace::contextFlagNames(a);
    const auto inB = trace::contextFlagNames(b);
    std::vector<std::string> parts;
    const auto add = [&](const auto& mine, const auto& theirs, const char* side) {
        std::vector<std::string> only;
        std::ranges::copy_if(mine, std::back_inserter(only), [&](const std::string& name) {
            return std::ranges::find(theirs, name) == theirs.end();
        });
        if (!only.empty()) {
            parts.push_back(fmt::format("in {} only: {}", side, fmt::join(only, ", ")));
        }
    };
    add(inA, inB, "A");
    add(inB, inA, "B");
    return fmt::format("set here {}", fmt::join(parts, "; "));
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
                             fmt::format("the runs use different builds of LibTorch: {} is {} in "
                                         "A, {} in B",
                                         build->key, build->a, build->b));
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
                          fmt::format("{} is no op of ATen's, and the ops that it ran are equal",
                                      m_a.opName(row.a)));
    } else if (oracle.alerted) {
        cause = makeCause(
            CauseClass::NondeterministicKernel, Confidence::Likely,
            fmt::format("the kernel of {} says itself that it is nondeterministic", oracle.by));
    } else if (runToRun != nullptr) {
        cause = knownKernel(*runToRun);
        if (oracle.asked) {
            cause.evidence.push_back("its kernel asked whether it has to be deterministic");
        }
    } else if (explainByContext(row, cause) || explainByEnvironment(cause)) {
        cause.evidence.push_back("inputs, arguments and generator states are equal");
        return cause;
    } else if (explainByAlignment(row, cause)) {
        cause.evidence.push_back("arguments and generator states are equal");
        return cause;
    } else if (oracle.asked) {
        cause = makeCause(
            CauseClass::NondeterministicKernel, Confidence::Likely,
            fmt::format("the kernel of {} asked whether it has to be deterministic", oracle.by));
    } else if (const KnownOp* const firstUse = knownFirstUse(row, device)) {
        cause = knownKernel(*firstUse);
    } else {
        cause = unknownKernel(row);
    }
    cause.evidence.push_back("inputs, arguments and generator states are equal and verified");
    weighAgainst(row, cause);
    return cause;
}

const KnownOp* Explainer::knownFirstUse(const Row& row, int device) const {
    // Which of a pool's items comes first is chance.
    const KnownOp* const inA = findKnown(KnownKind::FirstUse, m_a, row.a, device);
    return inA != nullptr ? inA : findKnown(KnownKind::FirstUse, m_b, row.b, device);
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
        cause = makeCause(CauseClass::Flags, Confidence::Likely, flagsWords(a.flags, b.flags));
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
            cause.evidence.push_back(fmt::format("the library {} is loaded in {} only",
                                                 key.substr(kLibrary.size()),
                                                 difference.a.empty() ? "B" : "A"));
        }
    }
}

bool Explainer::explainByAlignment(const Row& row, Cause& cause) const {
    const auto input = inputOfOtherAlignment(m_a, m_b, row);
    if (!input) {
        return false;
    }
    const auto bytesOf = [](const Run& run, std::uint64_t use) {
        return trace::alignmentOf(run.values.flags[run.uses.value[use]]);
    };
    cause = makeCause(CauseClass::Alignment, Confidence::Likely,
                      fmt::format("the address of {} is a multiple of {} bytes in A, of {} in B, "
                                  "and its contents are equal",
                                  argumentName(m_a, input->a), bytesOf(m_a, input->a),
                                  bytesOf(m_b, input->b)));
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
        const std::string text = settingSentence(difference);
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

} // namespace repro::replay
