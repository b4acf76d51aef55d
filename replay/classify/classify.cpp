// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/classify.h"

#include "replay/align/cut_off.h"
#include "replay/align/reorder.h"
#include "replay/cause/explain.h"
#include "replay/classify/heirs.h"
#include "replay/classify/origins.h"
#include "replay/numbers/values.h"
#include "replay/provenance/lineage.h"
#include "replay/provenance/list_order.h"
#include "replay/provenance/race.h"
#include "replay/provenance/rng.h"
#include "replay/provenance/seen_draws.h"
#include "replay/provenance/structure.h"
#include "replay/run/event_arguments.h"
#include "replay/run/key_set.h"
#include "replay/run/layout.h"
#include "replay/run/locate.h"
#include "replay/run/row_compare.h"
#include "replay/run/storage_uses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
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
          m_lineage(a, b, alignment), m_explain(a, b, result.environment),
          m_origins(a, b, alignment, options), m_heirs(a, b, result.damaged) {
        compareStreams();
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
    void compareStreams() {
        m_rng = compareGenerators(m_a, m_b, m_alignment);
        m_unseenDraws = m_rng.findings.empty() || m_options.strict
                            ? 0
                            : dropUnseenFindings(m_a, m_b, m_alignment, m_rng);
        m_findingAt.clear();
        for (std::size_t i = 0; i < m_rng.findings.size(); ++i) {
            m_findingAt.try_emplace(m_rng.findings[i].row, i);
        }
    }

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
            compareStreams();
        }
        return m_reordered.count > 0;
    }

    // What is not in both runs.

    std::size_t judgeBlock(std::size_t first) {
        if (repairOrder(first)) {
            return first;
        }
        const StructureBlock block = judgeStructure(m_a, m_b, m_alignment, first);
        bool explained = false;
        for (std::size_t i = block.first; i < block.last; ++i) {
            m_alignment.rows[i].rowClass = RowClass::Structural;
            if (const RngFinding* finding = findingOf(i); finding != nullptr && !m_courseInDoubt) {
                tell(*finding, i, std::nullopt);
                explained = true;
            }
        }
        if (!block.matters && !explained && !m_options.strict) {
            Evidence unread = block.what;
            unread.kind = EvidenceKind::StructureUnread;
            note(std::move(unread));
        } else if (m_courseInDoubt || (m_origins.parted() && readsDifference(block))) {
            m_origins.differs(block.speaker, std::nullopt);
        } else if (!explained) {
            Cause cause = m_explain.structure(block, m_alignment.rows[block.speaker]);
            if (m_origins.parted()) {
                cause.confidence = Confidence::Possible;
                cause.against.push_back({EvidenceKind::AlreadyDiverged});
            }
            m_courseInDoubt = m_courseInDoubt || block.changesMode;
            m_origins.add(block.speaker, std::nullopt, std::move(cause));
        }
        return block.last;
    }

    /// Work on values that differ may well be the consequence, as the backward of an extra op is.
    bool readsDifference(const StructureBlock& block) {
        const Row& row = m_alignment.rows[block.speaker];
        const bool inA = row.a != kNone64;
        return m_lineage.readsDifference(inA ? row.a : row.b, inA);
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
        const bool drewOther =
            !m_rng.differing.empty() && m_rng.differing.contains(static_cast<std::uint32_t>(index));
        const bool isOther = renamed || drewOther || findingOf(index) != nullptr;
        if (m_now.isSame() && (!isOther || !isEvidence(m_a, m_b, row))) {
            row.rowClass = RowClass::Same;
            return;
        }
        dropWorkspaces();
        const auto kind = static_cast<EventKind>(m_a.events.kind[row.a]);
        const bool isOp = kind == EventKind::Op;
        if (!isOp && kind != EventKind::Watch && kind != EventKind::Gradient) {
            // A layer begins before its ops: they are judged, not it.
            row.rowClass = m_now.isSame() ? RowClass::Same : RowClass::Inherited;
            return;
        }
        if (isUnseen(index, row)) {
            row.rowClass = m_now.isSame() ? RowClass::Same : RowClass::Unseen;
            if (!m_a.nature(row.a).adoptsStorage) {
                countUnseen(row);
                remember();
            }
            return;
        }
        row.rowClass = judgeOp(index, row, isOp);
        if (row.rowClass != RowClass::Same && !m_origins.parted() && !m_now.inputs.empty()) {
            row.rowClass = judgeFirstHeir(index, row);
        }
        if (row.rowClass != RowClass::Same && (isOther || !m_now.isSeenSame())) {
            const auto& pairs = m_now.outputs.empty() ? m_now.inputs : m_now.outputs;
            m_origins.differs(index, pairs.empty() ? std::nullopt : std::optional(pairs.front()));
            remember();
        }
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
    RowClass judgeFirstHeir(std::size_t index, const Row& row) {
        const UsePair& pair = m_now.inputs.front();
        Cause cause = m_explain.madeOtherwise(row, pair);
        bool told = isReshaped(row);
        for (const bool isA : {true, false}) {
            const EventId maker = m_lineage.makerOfView(pair, isA);
            const Run& run = isA ? m_a : m_b;
            const bool isView =
                maker != kNone64 && (run.op(maker).flags & trace::op_flag::View) != 0;
            if (isView && m_alignment.isAlone(maker, isA)) {
                cause.evidence.push_back(
                    {EvidenceKind::ViewInOneRun, {}, {}, {eventRef(run, maker, isA ? 'A' : 'B')}});
                told = true;
            }
        }
        if (!told) {
            return RowClass::Inherited;
        }
        m_origins.add(index, pair, std::move(cause));
        return RowClass::Structural;
    }

    /// Does it differ where nobody can see it? An op that moves a generator otherwise is seen by
    /// whoever draws next.
    bool isUnseen(std::size_t index, const Row& row) {
        if (m_options.strict || findingOf(index) != nullptr) {
            return false;
        }
        if (m_now.isSame()) {
            return row.strategy != Strategy::Renamed;
        }
        const auto seen = [&](const UsePair& pair) {
            return m_a.liveness().isSeen(pair.a) || m_b.liveness().isSeen(pair.b);
        };
        if (m_a.nature(row.a).adoptsStorage) {
            return true; // whoever reads what was brought in tells
        }
        if (static_cast<EventKind>(m_a.events.kind[row.a]) == EventKind::Gradient) {
            const bool differs = !m_now.inputs.empty() || !m_now.outputs.empty();
            return differs && std::ranges::none_of(m_now.inputs, seen) &&
                   std::ranges::none_of(m_now.outputs, seen);
        }
        if (!m_now.outputs.empty()) {
            return std::ranges::none_of(m_now.outputs, seen);
        }
        return !(m_a.liveness().isEventSeen(row.a) || m_b.liveness().isEventSeen(row.b));
    }

    RowClass judgeOp(std::size_t index, const Row& row, bool isOp) {
        const RowClass byInputs = judgeInputs(index, row);
        m_courseInDoubt = m_courseInDoubt || (m_now.inputsDiffer() && readsNumber(row));
        if (byInputs == RowClass::Origin) {
            return byInputs;
        }
        const RngFinding* finding = whyDrewOther(index);
        if (finding != nullptr && isDrawAsTold(index, row)) {
            m_told.insert(finding->row); // what draws next follows from this
        } else if (finding != nullptr) {
            if (m_courseInDoubt || isTold(*finding)) {
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
            return isOp ? judgeHeir(row, byInputs) : byInputs;
        }
        return m_now.outputs.empty() ? RowClass::Same : judgeKernel(index, row);
    }

    /// From one state of the generator: what the op was given made it draw otherwise.
    bool isDrawAsTold(std::size_t index, const Row& row) const {
        const auto differing = m_rng.differing.find(static_cast<std::uint32_t>(index));
        const bool fromOneState =
            differing == m_rng.differing.end() || !differing->second.fromOtherState;
        return fromOneState && (m_now.argumentsDiffer || m_now.inputsDiffer() ||
                                row.strategy == Strategy::Reshaped);
    }

    /// Origin where an input differs that no row before explains; else inherited, or unknown.
    RowClass judgeInputs(std::size_t index, const Row& row) {
        RowClass result = RowClass::Inherited;
        if (auto order = otherOrder(m_a, m_b, row, m_now.inputs); order && knowsNone()) {
            order->firstA = m_reordered.first.a;
            order->firstB = m_reordered.first.b;
            m_origins.add(index, m_now.inputs.front(), m_explain.order(row, *order));
            for (const UsePair& pair : m_now.inputs) {
                m_known.insert(pairKey(pair));
            }
            return RowClass::Origin;
        }
        for (const UsePair& pair : m_now.inputs) {
            if (m_known.contains(pairKey(pair))) {
                continue;
            }
            const Provenance provenance = m_lineage.ask(pair);
            m_known.insert(pairKey(pair));
            if (isFromBeforeResume(provenance)) {
                m_origins.add(index, pair, m_explain.checkpoint(row, pair, *m_alignment.resume));
                result = RowClass::Origin;
                continue;
            }
            if (provenance.whence == Whence::Difference ||
                m_explained.contains(sourceKey(pair, provenance))) {
                continue;
            }
            if (provenance.whence == Whence::Foreign && forwardOpDiffers(row)) {
                continue;
            }
            // What was paired by a guess may be another item's work.
            const bool guessed = provenance.whence == Whence::OtherTensor &&
                                 (row.strategy == Strategy::Order || m_explain.isOtherBuild() ||
                                  m_reordered.count > 0);
            const bool undecided = provenance.whence == Whence::Undecided || guessed;
            if (undecided && m_origins.parted()) {
                result = result == RowClass::Origin ? result : RowClass::Unknown;
                continue;
            }
            m_origins.add(index, pair, causeOfInput(row, pair, provenance));
            m_explained.insert(sourceKey(pair, provenance));
            result = RowClass::Origin;
        }
        return result;
    }

    /// Did what differs come about before a resumed run begins to do what the other does?
    bool isFromBeforeResume(const Provenance& provenance) const {
        const auto before = [](EventId producer, EventId place) {
            return producer == kNone64 || producer < place;
        };
        return m_alignment.resume && before(provenance.producerA, m_alignment.resume->eventA) &&
               before(provenance.producerB, m_alignment.resume->eventB);
    }

    /// Is none of the inputs that differ known to?
    bool knowsNone() const {
        return std::ranges::none_of(
            m_now.inputs, [&](const UsePair& pair) { return m_known.contains(pairKey(pair)); });
    }

    Cause causeOfInput(const Row& row, const UsePair& pair, const Provenance& provenance) {
        // Sums in another order agree but for rounding; data that are handed in differ anyhow.
        Provenance told = provenance;
        if (provenance.hadContents && areNearlyEqual(m_a.reader(), m_a.uses.value[pair.a],
                                                     m_b.reader(), m_b.uses.value[pair.b])
                                          .value_or(false)) {
            told.whence = Whence::WrittenOutside;
        }
        const std::string* generator = nullptr;
        if (provenance.whence == Whence::OtherTensor) {
            generator = m_lineage.reaches(provenance.producerA, true, m_rng.sharedA);
            generator = generator == nullptr
                            ? m_lineage.reaches(provenance.producerA, true, m_rng.pooledA)
                            : generator;
        }
        Cause cause = m_explain.input(row, pair, told, generator);
        if (told.whence == Whence::WrittenOutside) {
            cause = raceOnInput(row, pair).value_or(std::move(cause));
        }
        if (provenance.whence == Whence::OtherTurn) {
            cause.subject = storageSubject(m_a, writtenBy(row));
        } else if (cause.kind == CauseClass::WrittenOutsideOps ||
                   cause.kind == CauseClass::UninitialisedMemory ||
                   cause.kind == CauseClass::Race) {
            // Who writes past the ops does so again, in any step; what nobody wrote stays so.
            cause.subject = storageSubject(m_a, pair.a);
        } else if (provenance.whence == Whence::OtherTensor && cause.subject.empty()) {
            cause.subject = fmt::format("event {}", row.a); // one choice may fill a list
        }
        return cause;
    }

    /// Bytes that changed between two ops were not written past the ops where threads contest them.
    std::optional<Cause> raceOnInput(const Row& row, const UsePair& pair) {
        if (const auto race = raceOf(m_a, m_b, row)) {
            return m_explain.raced(row, *race);
        }
        for (const bool isA : {true, false}) {
            Run& run = isA ? m_a : m_b;
            if (const auto contest = contestFor(run, run.storageOf(isA ? pair.a : pair.b))) {
                return m_explain.contested(row, pair, *contest, isA);
            }
        }
        return std::nullopt;
    }

    /// What the op writes of its arguments.
    std::uint64_t writtenBy(const Row& row) const {
        const auto uses = m_a.usesOf(row.a);
        return *std::ranges::find_if(uses, [&](std::uint64_t use) {
            return (m_a.uses.flags[use] & trace::use_flag::Written) != 0;
        });
    }

    static std::string storageSubject(const Run& run, std::uint64_t use) {
        return fmt::format("storage {}", run.storageOf(use));
    }

    /// Autograd keeps numbers for the backward pass: there they are a consequence of the forward op
    /// that got them.
    bool forwardOpDiffers(const Row& row) const {
        EventId event = m_a.events.parent[row.a];
        while (event != kNone64 &&
               static_cast<EventKind>(m_a.events.kind[event]) != EventKind::Node) {
            event = m_a.events.parent[event];
        }
        const EventId forward = event == kNone64 ? kNone64 : m_a.events.forward[event];
        const EventId origin = forward == kNone64 ? kNone64 : m_a.enclosingRow(forward);
        return origin != kNone64 &&
               m_alignment.rows[m_alignment.rowOfA[origin]].rowClass != RowClass::Same;
    }

    /// The bytes of both runs and who wrote them last: what changed them since changed every view.
    std::uint64_t sourceKey(const UsePair& pair, const Provenance& provenance) const {
        const auto a = m_a.values.storage[m_a.uses.value[pair.a]];
        const auto b = m_b.values.storage[m_b.uses.value[pair.b]];
        return mixHash(mixHash(a, b), mixHash(provenance.producerA, provenance.producerB));
    }

    RowClass judgeArguments(std::size_t index, const Row& row) {
        if (row.strategy == Strategy::Order && m_origins.parted()) {
            return RowClass::Unknown; // of another item, maybe
        }
        if (m_courseInDoubt || forwardOpDiffers(row) ||
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
        if (!m_courseInDoubt && !m_now.inputsDiffer()) {
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

    RowClass judgeHeir(const Row& row, RowClass byInputs) {
        const bool reshaped = isReshaped(row);
        m_courseInDoubt = m_courseInDoubt || reshaped;
        if (m_now.outputs.empty()) {
            return hasOutputs(row) ? RowClass::Healed : byInputs;
        }
        if (reshaped) {
            return RowClass::Structural;
        }
        if (m_heirs.isNonFiniteOnOneSide(m_now)) {
            return RowClass::NonFinite;
        }
        return byInputs == RowClass::Inherited && m_heirs.isAmplified(m_now) ? RowClass::Amplified
                                                                             : byInputs;
    }

    [[nodiscard]] bool readsNumber(const Row& row) const {
        return std::find(kScalarReads.begin(), kScalarReads.end(), m_a.opName(row.a)) !=
               kScalarReads.end();
    }

    RowClass judgeKernel(std::size_t index, const Row& row) {
        if (!m_now.allVerified) {
            m_origins.add(index, firstOutput(), m_explain.assumed(row));
            return RowClass::Unknown;
        }
        if (const auto draw = m_rng.sharedA.find(row.a); draw != m_rng.sharedA.end()) {
            m_origins.add(index, firstOutput(), m_explain.drawnByChance(row, draw->second));
            return RowClass::RngOrigin;
        }
        if (const std::optional<Race> race = raceOf(m_a, m_b, row)) {
            Cause cause = m_explain.raced(row, *race);
            cause.subject = storageSubject(m_a, m_a.usesBegin(row.a) + race->which);
            m_origins.add(index, firstOutput(), std::move(cause));
            return RowClass::Origin;
        }
        if (row.strategy == Strategy::Order) {
            Cause cause;
            cause.evidence.push_back({EvidenceKind::OtherItem});
            cause.remedy = remedyFor(cause.kind);
            m_origins.add(index, firstOutput(), std::move(cause));
            return RowClass::Unknown;
        }
        if (!m_a.isAten(row.a) && nestedDiffers(row)) {
            return RowClass::Inherited;
        }
        if (m_a.opName(row.a) != m_b.opName(row.b)) { // as a map says
            m_origins.add(index, firstOutput(), m_explain.replaced(row));
            return RowClass::Origin;
        }
        if (const auto input = inputOfOtherStrides(m_a, m_b, row)) {
            if (m_origins.parted() && m_lineage.comesFromDifference(*input)) {
                return RowClass::Inherited;
            }
            m_origins.add(index, firstOutput(), m_explain.strides(row, *input));
            return RowClass::Origin;
        }
        m_origins.add(index, firstOutput(), m_explain.kernel(row, m_now.outputs.front()));
        return RowClass::Origin;
    }

    /// Rows inside an op that is not ATen's are judged on their own.
    bool nestedDiffers(const Row& row) const {
        RowComparison nested;
        for (const EventId event : nestedEvents(m_a, row.a)) {
            const std::uint32_t index = m_alignment.rowOfA[event];
            if (index == trace::kNone32) {
                continue;
            }
            const Row& inner = m_alignment.rows[index];
            if (inner.b == kNone64) {
                return true;
            }
            compareRows(m_a, inner.a, m_b, inner.b, nested);
            if (!nested.isSame()) {
                return true;
            }
        }
        return false;
    }

    /// Outputs that nobody means anything by: a further output that no one reads. (Known workspaces
    /// are marked by the recorder and never compared.) Their differences are notes, and so are
    /// differences of inputs that come from them.
    void dropWorkspaces() {
        std::erase_if(m_now.inputs, [&](const UsePair& pair) { return comesFromScratch(pair); });
        std::erase_if(m_now.outputs, [&](const UsePair& pair) {
            if (!isUnreadOutput(m_a, pair.a, m_b, pair.b)) {
                return false;
            }
            m_scratch.insert(pairKey(pair));
            noteSlot(EvidenceKind::OutputUnread, pair);
            return true;
        });
    }

    bool comesFromScratch(const UsePair& pair) {
        const std::uint64_t key = pairKey(pair);
        if (!m_scratch.contains(key) && !m_known.contains(key) &&
            m_lineage.ask(pair).whence == Whence::Scratch) {
            m_scratch.insert(key);
            noteSlot(EvidenceKind::InputScratch, pair);
        }
        return m_scratch.contains(key);
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

    const RngFinding* findingOf(std::size_t row) const {
        const auto found = m_findingAt.find(static_cast<std::uint32_t>(row));
        return found == m_findingAt.end() ? nullptr : &m_rng.findings[found->second];
    }

    /// The finding of this row; else that of the stream that it drew from.
    const RngFinding* whyDrewOther(std::size_t row) const {
        const RngFinding* own = findingOf(row);
        const auto differing = m_rng.differing.find(static_cast<std::uint32_t>(row));
        return own != nullptr || differing == m_rng.differing.end()
                   ? own
                   : &m_rng.findings[differing->second.finding];
    }

    /// Threads draw in an order that is chance: the first row that shows it need not be the one at
    /// which the streams were found to part.
    bool isTold(const RngFinding& finding) const { return m_told.contains(finding.row); }
    void tell(const RngFinding& finding, std::size_t row, std::optional<UsePair> slot) {
        m_told.insert(finding.row);
        m_origins.add(row, slot, m_explain.underItsBuild(finding.cause));
    }

    std::optional<UsePair> firstOutput() const {
        return m_now.outputs.empty() ? std::nullopt : std::optional(m_now.outputs.front());
    }

    /// The contents of both runs and where they lie: small contents alone meet by chance.
    std::uint64_t pairKey(const UsePair& pair) const {
        const auto a = m_a.uses.value[pair.a];
        const auto b = m_b.uses.value[pair.b];
        return mixHash(mixHash(m_a.values.fingerprintLow[a], m_b.values.fingerprintLow[b]),
                       mixHash(m_a.values.storage[a], m_b.values.storage[b]));
    }

    void remember() {
        for (const UsePair& pair : m_now.outputs) {
            m_known.insert(pairKey(pair));
        }
    }

    void note(Evidence fact) {
        if (m_result.notes.size() < m_options.maxNotes) {
            m_result.notes.push_back(std::move(fact));
        }
    }

    void noteSlot(EvidenceKind kind, const UsePair& pair) {
        note({kind, slotName(m_a, pair.a), {}, {eventRef(m_a, m_a.uses.event[pair.a], 'A')}});
    }

    void countUnseen(const Row& row) {
        if (m_now.isSame()) {
            return;
        }
        m_firstUnseen = m_unseen++ == 0 ? row.a : m_firstUnseen;
    }

    void noteUnseen() {
        if (m_unseen == 0) {
            return;
        }
        note({m_unseenDraws > 0 ? EvidenceKind::UnseenWithDraws : EvidenceKind::Unseen,
              {},
              {std::to_string(m_unseen), std::to_string(m_unseenDraws)},
              {eventRef(m_a, m_firstUnseen, 'A')}});
    }

    void noteOrder() {
        if (m_reordered.count > 0) {
            note({EvidenceKind::Reordered,
                  {},
                  {std::to_string(m_reordered.count)},
                  {eventRef(m_a, m_reordered.first.a, 'A')}});
        }
    }

    void finish() {
        noteUnseen();
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
    Lineage m_lineage;
    Explainer m_explain;
    Origins m_origins;
    Heirs m_heirs;
    bool m_repaired = false;
    Reordered m_reordered;
    RngComparison m_rng;
    std::unordered_map<std::uint32_t, std::size_t> m_findingAt; ///< by row
    std::unordered_set<std::uint32_t> m_told;                   ///< rows of findings
    std::uint64_t m_unseen = 0; ///< ops that differ where nobody sees it
    std::uint64_t m_unseenDraws = 0;
    EventId m_firstUnseen = kNone64;
    RowComparison m_now;
    KeySet m_known;                                ///< pairs of contents known to differ
    std::unordered_set<std::uint64_t> m_scratch;   ///< ... without meaning
    std::unordered_set<std::uint64_t> m_explained; ///< sources of inputs that have their origin
    /// The program read a number or a shape that differs: its course may depend on it.
    bool m_courseInDoubt = false;
};

} // namespace

void classify(Run& a, Run& b, Alignment& alignment, const DiffOptions& options,
              DiffResult& result) {
    Classifier(a, b, alignment, options, result).run();
}

} // namespace repro::replay
