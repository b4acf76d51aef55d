// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/classify.h"

#include "replay/align/cut_off.h"
#include "replay/align/reorder.h"
#include "replay/cause/explain.h"
#include "replay/classify/draws.h"
#include "replay/classify/inputs.h"
#include "replay/classify/kernels.h"
#include "replay/classify/notes.h"
#include "replay/classify/origins.h"
#include "replay/classify/propagation.h"
#include "replay/classify/unseen.h"
#include "replay/provenance/structure.h"
#include "replay/run/event_arguments.h"
#include "replay/run/locate.h"
#include "replay/run/row_compare.h"

#include <algorithm>
#include <array>
#include <future>
#include <string_view>
#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone64;

/// Ops by which a program reads a number out of a tensor, after which its course may depend on it.
constexpr std::array kScalarReads =
    std::to_array<std::string_view>({"aten::item", "aten::_local_scalar_dense", "aten::equal",
                                     "aten::is_nonzero", "aten::allclose"});

constexpr std::size_t kRowsBetweenReports = 8192;

class Classifier {
public:
    Classifier(Run& a, Run& b, Alignment& alignment, const DiffOptions& options, DiffResult& result)
        : m_a(a), m_b(b), m_alignment(alignment), m_options(options), m_result(result),
          m_sides(a, b, alignment), m_explain(m_sides, result.environment),
          m_origins(m_sides, options, result.environment), m_notes(result.notes, options.maxNotes),
          m_draws(m_sides), m_inputs(m_sides, m_explain, m_draws, m_origins, m_notes),
          m_kernels(m_sides, m_explain, m_draws, m_inputs, m_origins), m_unseen(m_sides),
          m_propagation(a, b, result.damaged) {
        m_draws.compare(options.strict);
    }

    void run() {
        for (std::size_t i = 0, reported = 0; i < m_alignment.rows.size();) {
            if (i >= reported) {
                m_options.report(
                    {DiffStage::Classify, i, m_alignment.rows.size(), m_origins.firstDifference()});
                reported = i + kRowsBetweenReports;
            }
            const Row& row = m_alignment.rows[i];
            const bool isPair = row.a != kNone64 && row.b != kNone64;
            if (!isPair && row.rowClass == RowClass::Unknown) {
                ++i; // beyond the end of the run that lacks it
            } else if (!isPair) {
                i = judgeBlock(i);
            } else {
                i = judgePair(i);
            }
        }
        finish();
    }

private:
    /// Before the first row that differs is judged. Returns: whether rows have changed.
    bool repairOrder(std::size_t from) {
        if (std::exchange(m_repaired, true)) {
            return false;
        }
        auto livenessOfA = std::async(std::launch::async, [this] { m_a.liveness(); });
        m_b.liveness();
        livenessOfA.get();
        m_reordered = pairReordered(m_a, m_b, m_alignment, from);
        if (m_reordered.count > 0) {
            m_result.coverage.matched = m_alignment.matched;
            m_draws.compare(m_options.strict);
        }
        return m_reordered.count > 0;
    }

    // What is not in both runs.

    std::size_t judgeBlock(std::size_t first) {
        if (repairOrder(first)) {
            return first;
        }
        const StructureBlock block = judgeStructure(m_sides, first);
        bool explained = false;
        for (std::size_t i = block.first; i < block.last; ++i) {
            m_alignment.rows[i].rowClass = RowClass::Structural;
            if (const RngFinding* finding = m_draws.findingAt(i);
                finding != nullptr && !m_controlFlowMayDiffer) {
                tell(*finding, i, std::nullopt);
                explained = true;
            }
        }
        if (!block.matters && !explained && !m_options.strict) {
            Evidence unread = block.what;
            unread.kind = EvidenceKind::StructureUnread;
            m_notes.add(std::move(unread));
        } else if (m_controlFlowMayDiffer || (m_origins.parted() && readsDifference(block))) {
            m_origins.differs(block.representative, std::nullopt);
        } else if (!explained) {
            Cause cause = m_explain.structure(block, m_alignment.rows[block.representative]);
            if (m_origins.parted()) {
                cause.confidence = Confidence::Possible;
                cause.against.push_back({EvidenceKind::AlreadyDiverged});
            }
            m_controlFlowMayDiffer = m_controlFlowMayDiffer || block.changesMode;
            m_origins.add(block.representative, std::nullopt, std::move(cause));
        }
        return block.last;
    }

    /// Work on values that differ may well be the consequence, as the backward of an extra op is.
    bool readsDifference(const StructureBlock& block) {
        const Row& row = m_alignment.rows[block.representative];
        const Side& side = m_sides.having(row);
        return m_inputs.provenance().readsDifference(side, side.of(row));
    }

    // What both runs have.

    /// Returns: the row to judge next; the same one where rows were paired anew.
    std::size_t judgePair(std::size_t index) {
        const Row& row = m_alignment.rows[index];
        compareRows(m_a, row.a, m_b, row.b, m_now);
        if (!m_now.isSeenSame() && repairOrder(index)) {
            return index;
        }
        judgeCompared(index, m_alignment.rows[index]);
        return index + 1;
    }

    void judgeCompared(std::size_t index, Row& row) {
        m_result.coverage.valuesCompared += m_now.compared;
        m_result.coverage.skipped += m_now.skipped;
        m_now.argumentsDiffer = m_now.argumentsDiffer && !isOtherSchema(row);
        const bool renamed = row.strategy == Strategy::Renamed;
        const bool drewOther = m_draws.isOther(index);
        const bool isOther = renamed || drewOther || m_draws.findingAt(index) != nullptr;
        if (m_now.isSame() && (!isOther || !isEvidence(m_a, m_b, row))) {
            row.rowClass = RowClass::Same;
            return;
        }
        m_inputs.dropWorkspaces(m_now);
        const auto kind = static_cast<EventKind>(m_a.events.kind[row.a]);
        const bool isOp = kind == EventKind::Op;
        if (!isOp && kind != EventKind::Watch && kind != EventKind::Gradient) {
            // A layer begins before its ops: they are judged, not it.
            row.rowClass = m_now.isSame() ? RowClass::Same : RowClass::Inherited;
            return;
        }
        // An op that moves a generator otherwise is seen by whoever draws next.
        const bool movesOtherwise = m_draws.findingAt(index) != nullptr;
        if (!m_options.strict && !movesOtherwise && m_unseen.holds(row, m_now)) {
            leaveUnseen(row);
            return;
        }
        row.rowClass = judgeOp(index, row, isOp);
        if (row.rowClass != RowClass::Same && !m_origins.parted() && !m_now.inputs.empty()) {
            row.rowClass = judgeFirstInherited(index, row);
        }
        if (row.rowClass != RowClass::Same && (isOther || !m_now.isSeenSame())) {
            const auto& pairs = m_now.outputs.empty() ? m_now.inputs : m_now.outputs;
            m_origins.differs(index, pairs.empty() ? std::nullopt : std::optional(pairs.front()));
            m_inputs.remember(m_now);
        }
    }

    void leaveUnseen(Row& row) {
        row.rowClass = m_now.isSame() ? RowClass::Same : RowClass::Unseen;
        if (m_now.isSame() || m_a.nature(row.a).adoptsStorage) {
            return;
        }
        m_unseen.count(row);
        m_inputs.remember(m_now);
    }

    /// Another LibTorch may give an op another argument: those that both have by name count.
    bool isOtherSchema(const Row& row) const {
        const auto schemaOf = [](const Run& run, EventId event) {
            return run.reader().text(run.op(event).schema);
        };
        return schemaOf(m_a, row.a) != schemaOf(m_b, row.b) && sameByName(m_a, row.a, m_b, row.b);
    }

    /// Nothing before it differs: what it reads came about otherwise, by a view that one run alone
    /// took or took of another shape.
    RowClass judgeFirstInherited(std::size_t index, const Row& row) {
        const UsePair& pair = m_now.inputs.front();
        Cause cause = m_explain.madeOtherwise(row, pair);
        bool told = isReshaped(row);
        for (const Side& side : m_sides.all) {
            const EventId maker = Provenance::makerOfView(side.run, side.of(pair));
            const bool isView =
                maker != kNone64 && (side.run.op(maker).flags & trace::op_flag::View) != 0;
            if (isView && m_sides.isAlone(side, maker)) {
                cause.evidence.push_back({EvidenceKind::ViewInOneRun, {}, {}, {side.ref(maker)}});
                told = true;
            }
        }
        if (!told) {
            return RowClass::Inherited;
        }
        m_origins.add(index, pair, std::move(cause));
        return RowClass::Structural;
    }

    RowClass judgeOp(std::size_t index, const Row& row, bool isOp) {
        const RowClass byInputs = m_inputs.judge(index, m_now, m_reordered);
        m_controlFlowMayDiffer =
            m_controlFlowMayDiffer || (m_now.inputsDiffer() && readsNumber(row));
        if (byInputs == RowClass::Origin) {
            return byInputs;
        }
        const RngFinding* finding = m_draws.whyOther(index);
        if (finding != nullptr && isDrawAsTold(index, row)) {
            m_draws.setTold(*finding); // what draws next follows from this
        } else if (finding != nullptr) {
            if (m_controlFlowMayDiffer || m_draws.isTold(*finding)) {
                return RowClass::Inherited;
            }
            tell(*finding, index, firstOutput());
            return RowClass::RngOrigin;
        }
        if (m_now.argumentsDiffer) {
            return judgeArguments(index, row);
        }
        // What writes all of a tensor reads none of it: its shape is all that comes of elsewhere.
        const bool wasReshaped = row.strategy == Strategy::Reshaped && !m_now.inputsDiffer();
        if (row.strategy == Strategy::Renamed || m_now.slotsDiffer || wasReshaped) {
            return judgeReplaced(index, row);
        }
        if (m_now.inputsDiffer()) {
            return isOp ? judgeInherited(row, byInputs) : byInputs;
        }
        return m_now.outputs.empty() ? RowClass::Same : m_kernels.judge(index, m_now);
    }

    /// From one state of the generator: what the op was given made it draw otherwise.
    bool isDrawAsTold(std::size_t index, const Row& row) const {
        return !m_draws.isFromOtherState(index) && (m_now.argumentsDiffer || m_now.inputsDiffer() ||
                                                    row.strategy == Strategy::Reshaped);
    }

    RowClass judgeArguments(std::size_t index, const Row& row) {
        if (row.strategy == Strategy::Order && m_origins.parted()) {
            return RowClass::Unknown; // of another item, maybe
        }
        if (m_controlFlowMayDiffer || m_inputs.forwardOpDiffers(row) ||
            (m_origins.parted() && row.strategy == Strategy::Reshaped)) {
            return RowClass::Inherited;
        }
        Cause cause = m_explain.argument(row);
        if (m_origins.parted()) {
            // No op turns a tensor into a number unseen, but a program with a pointer can.
            cause.against.push_back({EvidenceKind::MayReadPointer});
            cause.confidence = m_now.inputsDiffer() || !m_now.allVerified ? Confidence::Possible
                                                                          : cause.confidence;
        }
        m_origins.add(index, firstOutput(), std::move(cause));
        return RowClass::ArgumentOrigin;
    }

    RowClass judgeReplaced(std::size_t index, const Row& row) {
        if (!m_controlFlowMayDiffer && !m_now.inputsDiffer()) {
            m_origins.add(index, firstOutput(),
                          row.strategy == Strategy::Reshaped ? m_explain.reshaped(row)
                                                             : m_explain.replaced(row));
        }
        return RowClass::Structural;
    }

    /// Whoever holds rows together may do so with rows of other shapes.
    bool isReshaped(const Row& row) const {
        return row.strategy == Strategy::Reshaped ||
               (row.strategy == Strategy::Manual &&
                m_a.key(row.a, KeyLevel::ShapesOnly) != m_b.key(row.b, KeyLevel::ShapesOnly));
    }

    RowClass judgeInherited(const Row& row, RowClass byInputs) {
        const bool reshaped = isReshaped(row);
        m_controlFlowMayDiffer = m_controlFlowMayDiffer || reshaped;
        if (m_now.outputs.empty()) {
            return hasOutputs(row) ? RowClass::Healed : byInputs;
        }
        if (reshaped) {
            return RowClass::Structural;
        }
        if (m_propagation.isNonFiniteOnOneSide(m_now)) {
            return RowClass::NonFinite;
        }
        return byInputs == RowClass::Inherited && m_propagation.isAmplified(m_now)
                   ? RowClass::Amplified
                   : byInputs;
    }

    [[nodiscard]] bool readsNumber(const Row& row) const {
        return std::find(kScalarReads.begin(), kScalarReads.end(), m_a.opName(row.a)) !=
               kScalarReads.end();
    }

    bool hasOutputs(const Row& row) const {
        for (const std::uint64_t use : m_a.usesOf(row.a)) {
            if (static_cast<trace::Direction>(m_a.uses.direction[use]) == trace::Direction::Out &&
                isMeaningful(m_a, use)) {
                return true;
            }
        }
        return false;
    }

    // Book-keeping.

    void tell(const RngFinding& finding, std::size_t row, std::optional<UsePair> slot) {
        m_draws.setTold(finding);
        m_origins.add(row, slot, m_explain.underItsBuild(finding.cause));
    }

    std::optional<UsePair> firstOutput() const {
        return m_now.outputs.empty() ? std::nullopt : std::optional(m_now.outputs.front());
    }

    void noteOrder() {
        if (m_reordered.count > 0) {
            m_notes.add({EvidenceKind::Reordered,
                         {},
                         {std::to_string(m_reordered.count)},
                         {m_sides.a.ref(m_reordered.first.a)}});
        }
    }

    void finish() {
        m_unseen.note(m_draws.unseen(), m_notes);
        noteOrder();
        m_origins.moveTo(m_result);
        for (const Row& row : m_alignment.rows) {
            ++m_result.classCounts[static_cast<std::size_t>(row.rowClass)];
        }
    }

    Run& m_a;
    Run& m_b;
    Alignment& m_alignment;
    const DiffOptions& m_options;
    DiffResult& m_result;
    const Sides m_sides;
    Explainer m_explain;
    Origins m_origins;
    Notes m_notes;
    Draws m_draws;
    Inputs m_inputs;
    Kernels m_kernels;
    Unseen m_unseen;
    Propagation m_propagation;
    bool m_repaired = false;
    Reordered m_reordered;
    RowComparison m_now;
    /// The program read a number or a shape that differs: what it does next may depend on it.
    bool m_controlFlowMayDiffer = false;
};

} // namespace

void classify(Run& a, Run& b, Alignment& alignment, const DiffOptions& options,
              DiffResult& result) {
    Classifier(a, b, alignment, options, result).run();
}

} // namespace repro::replay
