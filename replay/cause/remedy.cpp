// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/remedy.h"

#include <algorithm>
#include <utility>

namespace repro::replay {

std::string remedyFor(CauseClass cause) {
    switch (cause) {
    case CauseClass::NondeterministicKernel:
        return "at::globalContext().setDeterministicAlgorithms(true, false), or another op";
    case CauseClass::CustomOp:
        return "look into the op's own kernel: atomics, races, uninitialized memory";
    case CauseClass::WrittenOutsideOps:
        return "find who writes these bytes through a raw pointer or from another thread; "
               "synchronize it before the op that reads them";
    case CauseClass::UninitialisedMemory:
        return "initialize the tensor: zeros instead of empty, or write all of it before reading";
    case CauseClass::Unseeded:
        return "seed the generator before its first use: torch::manual_seed(n), "
               "or record with --seed n";
    case CauseClass::ExtraDraw:
        return "make both runs draw the same, or give this use a generator of its own";
    case CauseClass::RngRace:
        return "give each thread a generator of its own, seeded by its number";
    case CauseClass::Stream:
        return "seed every generator of the program: random.seed(n), np.random.seed(n)";
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

Cause makeCause(CauseClass kind, Confidence confidence, Evidence evidence) {
    Cause cause;
    cause.kind = kind;
    cause.confidence = confidence;
    cause.evidence.push_back(std::move(evidence));
    cause.remedy = remedyFor(kind);
    return cause;
}

bool rests(const Cause& cause, EvidenceKind kind) {
    return std::ranges::any_of(cause.evidence,
                               [&](const Evidence& fact) { return fact.kind == kind; });
}

} // namespace repro::replay
