// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/reorder.h"
#include "replay/align/side.h"
#include "replay/cause/explain.h"
#include "replay/classify/draws.h"
#include "replay/classify/notes.h"
#include "replay/classify/origins.h"
#include "replay/provenance/provenance.h"
#include "replay/run/key_set.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>

namespace repro::replay {

/// Judges the inputs of rows that differ: inherited, of no meaning, or where a difference enters.
/// Rows are judged in their order, for it remembers what is known to differ.
class Inputs {
public:
    Inputs(const Sides& sides, const Explainer& explain, const Draws& draws, Origins& origins,
           Notes& notes)
        : m_sides(sides), m_provenance(sides), m_explain(explain), m_draws(draws),
          m_origins(origins), m_notes(notes) {}

    /// Origin where an input differs that no row before explains; else inherited, or unknown.
    RowClass judge(std::size_t index, const RowComparison& now, const Reordered& reordered);

    /// Takes out what nobody means anything by: a further output that no one reads, and inputs that
    /// come from such. They are notes. (Known workspaces are marked by the recorder and never
    /// compared.)
    void dropWorkspaces(RowComparison& now);

    /// Whoever reads the row's outputs inherits.
    void remember(const RowComparison& now);

    /// Autograd keeps numbers for the backward pass: there they are a consequence of the forward op
    /// that got them.
    [[nodiscard]] bool forwardOpDiffers(const Row& row) const;

    [[nodiscard]] const Provenance& provenance() const { return m_provenance; }

private:
    [[nodiscard]] bool isFromBeforeResume(const Source& source) const;
    [[nodiscard]] bool isExplained(const Row& row, const UsePair& pair, const Source& source) const;
    [[nodiscard]] Cause causeOf(const Row& row, const UsePair& pair, const Source& source) const;
    [[nodiscard]] const std::string* generatorOf(const Source& source) const;
    [[nodiscard]] std::optional<Cause> raceOn(const Row& row, const UsePair& pair) const;
    [[nodiscard]] bool comesFromScratch(const UsePair& pair);
    void note(EvidenceKind kind, const UsePair& pair);
    [[nodiscard]] std::uint64_t writtenBy(const Row& row) const;
    [[nodiscard]] std::uint64_t sourceKey(const UsePair& pair, const Source& source) const;
    [[nodiscard]] std::uint64_t pairKey(const UsePair& pair) const;

    const Sides& m_sides;
    Provenance m_provenance;
    const Explainer& m_explain;
    const Draws& m_draws;
    Origins& m_origins;
    Notes& m_notes;
    const Run& m_a = m_sides.a.run;
    const Run& m_b = m_sides.b.run;
    KeySet m_known;                                ///< pairs of contents known to differ
    std::unordered_set<std::uint64_t> m_scratch;   ///< ... without meaning
    std::unordered_set<std::uint64_t> m_explained; ///< sources of inputs that have their origin
};

/// "storage 12": one cause wherever it shows.
std::string storageSubject(const Run& run, std::uint64_t use);

} // namespace repro::replay
