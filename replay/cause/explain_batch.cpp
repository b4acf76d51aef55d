// SPDX-License-Identifier: BSD-3-Clause
#include "replay/cause/explain_batch.h"

#include "replay/cause/remedy.h"

#include <string>
#include <utility>

namespace repro::replay {
namespace {

using trace::kNone64;

bool isFromOutside(const Cause& cause) {
    return cause.kind == CauseClass::InputData &&
           (rests(cause, EvidenceKind::Loaded) || rests(cause, EvidenceKind::FromOutside) ||
            rests(cause, EvidenceKind::OtherTensor));
}

Cause told(CauseClass kind, Evidence fact, std::string remedy) {
    Cause cause = makeCause(kind, Confidence::Likely, std::move(fact));
    cause.remedy = std::move(remedy);
    return cause;
}

/// Of a generator of the worker; nothing where it did the same in both runs, or is not known.
std::optional<Cause> ofGenerator(const std::string& name, const Batch& a,
                                 std::string Batch::States::*state, const Batch& b) {
    const auto differs = [&](Batch::States Batch::*when) {
        const std::string& inA = a.*when.*state;
        const std::string& inB = b.*when.*state;
        return !inA.empty() && !inB.empty() && inA != inB;
    };
    const bool before = differs(&Batch::before);
    if (!before && !differs(&Batch::after)) {
        return std::nullopt;
    }
    Cause cause = told(
        CauseClass::Stream,
        {before ? EvidenceKind::BatchFromOtherState : EvidenceKind::BatchWithOtherMove,
         name,
         {a.number, a.worker}},
        before ? "let worker_init_fn seed it from torch.initial_seed(), and from nothing else"
               : "make the dataset draw the same numbers for the same example, and seed nothing "
                 "in it from the clock");
    cause.subject = name + " of loader workers";
    return cause;
}

Cause causeOf(const Batch& a, const Batch& b) {
    if (a.number != b.number) {
        return told(CauseClass::InputData,
                    {EvidenceKind::BatchOfOtherNumber, {}, {a.number, b.number}},
                    "keep the order of batches: in_order=True, which is the default");
    }
    if (a.examples != b.examples) {
        return told(CauseClass::InputData,
                    {EvidenceKind::BatchOfOtherExamples, {}, {a.number, a.examples, b.examples}},
                    "seed what shuffles: give the loader generator=torch.Generator()"
                    ".manual_seed(n), or seed the sampler's own generator");
    }
    if (a.worker != b.worker) {
        return told(CauseClass::InputData,
                    {EvidenceKind::BatchOfOtherWorker, {}, {a.number, a.worker, b.worker}},
                    "use the same num_workers, or seed the random numbers of each example by its "
                    "index");
    }
    if (a.seed != b.seed) {
        return told(CauseClass::Unseeded,
                    {EvidenceKind::BatchOfOtherSeed, {}, {a.number, a.seed, b.seed}},
                    "call torch.manual_seed(n) before the loader is made, or give it "
                    "generator=torch.Generator().manual_seed(n)");
    }
    for (const auto& [name, state] : {std::pair("random", &Batch::States::random),
                                      std::pair("numpy.random", &Batch::States::numpy)}) {
        if (auto cause = ofGenerator(name, a, state, b)) {
            return *std::move(cause);
        }
    }
    return told(CauseClass::InputData, {EvidenceKind::BatchMadeOtherwise, {}, {a.number, a.worker}},
                "look in the dataset for a generator without a seed (np.random.default_rng()), "
                "the clock, or a file that changed");
}

} // namespace

std::optional<Cause> BatchExplainer::reconsidered(const Row& row, const Cause& cause) const {
    if (row.a == kNone64 || row.b == kNone64 || !isFromOutside(cause)) {
        return std::nullopt;
    }
    const auto a = m_a.before(row.a);
    const auto b = m_b.before(row.b);
    if (!a || !b) {
        return std::nullopt;
    }
    Cause better = causeOf(*a, *b);
    if (better.subject.empty()) {
        better.subject = "batches";
    }
    better.evidence.insert(better.evidence.end(), cause.evidence.begin(), cause.evidence.end());
    better.against = cause.against;
    return better;
}

} // namespace repro::replay
