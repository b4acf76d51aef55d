// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/cause/remedy.h"
#include "replay/knowledge/knowledge.h"
#include "replay/provenance/list_order.h"
#include "replay/provenance/provenance.h"
#include "replay/provenance/race.h"
#include "replay/provenance/structure.h"
#include "replay/result/environment.h"
#include "replay/result/result.h"
#include "replay/run/nested.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <span>

namespace repro::replay {

/// Names causes with evidence for and against. A wrong cause is worse than none: what the evidence
/// does not decide is CauseClass::Unknown.
class Explainer {
public:
    Explainer(const Sides& sides, std::span<const EnvironmentDifference> environment)
        : m_sides(sides), m_environment(environment) {}

    /// An op that made something else of equal, verified inputs, arguments and generator states.
    [[nodiscard]] Cause kernel(const Row& row, UsePair output) const;
    /// An op whose outputs differ and whose inputs are equal only as far as was assumed.
    [[nodiscard]] Cause assumed(const Row& row) const;
    /// An input that differs although no row before it explains it. `sharedGenerator`: its numbers
    /// come from that one, which several threads draw from; or null.
    [[nodiscard]] Cause input(const Row& row, UsePair input, const Source& source,
                              const std::string* sharedGenerator) const;
    /// An op that made something else of the same numbers, which lie in memory otherwise.
    [[nodiscard]] Cause strides(const Row& row, UsePair input) const;
    /// The same tensors in another order in a list that the op reads.
    [[nodiscard]] Cause order(const Row& row, const ListOrder& order) const;
    /// What a resumed run finds otherwise than the run that it goes on from.
    [[nodiscard]] Cause checkpoint(const Row& row, UsePair input, const Resume& resume) const;
    /// An op on bytes that another thread's op writes at the same time.
    [[nodiscard]] Cause raced(const Row& row, const Race& race) const;
    /// An op that found other bytes where ops of several threads are at work.
    [[nodiscard]] Cause contested(const Row& row, UsePair input, const Contest& contest,
                                  const Side& side) const;
    /// An op that drew other numbers from a generator which several threads draw from.
    [[nodiscard]] Cause drawnByChance(const Row& row, const std::string& generator) const;
    /// An argument that is not a tensor.
    [[nodiscard]] Cause argument(const Row& row) const;
    /// A matched row whose op or slots differ.
    [[nodiscard]] Cause replaced(const Row& row) const;
    /// An op that writes all of a tensor, which has another shape or dtype in each run.
    [[nodiscard]] Cause reshaped(const Row& row) const;
    /// An op that reads what came about by other rows in each run.
    [[nodiscard]] Cause madeOtherwise(const Row& row, UsePair input) const;
    /// Rows that one run alone has.
    [[nodiscard]] Cause structure(const StructureBlock& block, const Row& row) const;
    /// Another build of LibTorch may run other ops and other kernels, and draw otherwise: what
    /// would be their doing is the build's where the runs use two. Other causes are handed back.
    [[nodiscard]] bool isOtherBuild() const { return otherTorch(m_environment) != nullptr; }
    [[nodiscard]] Cause underItsBuild(Cause cause) const;

private:
    struct Oracle {
        bool alerted = false;
        bool asked = false;
        std::string by; ///< the nested op that did
    };
    [[nodiscard]] Cause kernelOfOneBuild(const Row& row, UsePair output) const;
    [[nodiscard]] Oracle askOracle(trace::EventId event) const;
    [[nodiscard]] const KnownOp* knownFirstUse(const Row& row, int device) const;
    [[nodiscard]] Cause unknownKernel(const Row& row) const;
    [[nodiscard]] bool explainByContext(const Row& row, Cause& cause) const;
    [[nodiscard]] bool explainByEnvironment(Cause& cause) const;
    [[nodiscard]] bool explainByAlignment(const Row& row, Cause& cause) const;
    void addLoadedLibraries(Cause& cause) const;
    [[nodiscard]] Cause ofOtherShapes(const Row& row, Evidence evidence) const;
    void addScript(const Row& row, Cause& cause) const;
    void weighAgainst(const Row& row, Cause& cause) const;
    [[nodiscard]] Cause foreign(UsePair input, const Source& source, Evidence fact) const;
    [[nodiscard]] EventRef inA(trace::EventId event) const { return m_sides.a.ref(event); }
    [[nodiscard]] EventRef inB(trace::EventId event) const { return m_sides.b.ref(event); }

    const Sides& m_sides;
    const Run& m_a = m_sides.a.run;
    const Run& m_b = m_sides.b.run;
    std::span<const EnvironmentDifference> m_environment;
};

} // namespace repro::replay
