// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/rng.h"

#include "replay/align/cut_off.h"
#include "replay/provenance/cpu_stream.h"
#include "replay/run/locate.h"
#include "replay/run/rng_streams.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone32;
using trace::kNone64;

/// How far a stream is followed to measure it: a tenth of a second.
constexpr std::int64_t kMaxDistance = 1 << 19;

std::string threadOf(const Run& run, EventId event) {
    const std::string_view name = run.threadName(event);
    return std::string(name.empty() ? "unknown" : name);
}

class StreamComparer {
public:
    StreamComparer(const StreamSide& a, const StreamSide& b, const Alignment& alignment,
                   const std::string& name, RngComparison& result)
        : m_sideA(a), m_sideB(b), m_alignment(alignment), m_name(name), m_result(result) {}

    void run() {
        std::unordered_map<std::uint32_t, std::size_t> nth;
        for (std::size_t i = 0; i < m_streamA.draws.size(); ++i) {
            const DrawAt& draw = m_streamA.draws[i];
            const auto partner = partnerOf(draw.row, nth[draw.row]++);
            if (!partner) {
                continue;
            }
            const DrawAt& other = m_streamB.draws[*partner];
            if (draw.before != other.before) {
                if (!m_parted) {
                    m_parted = true;
                    explain();
                }
                m_result.differing[draw.row] = {true, m_result.findings.size() - 1};
            } else {
                noteSame(i, *partner, draw.after == other.after);
            }
        }
        if (!m_parted) {
            explainTail();
        }
    }

private:
    std::optional<std::size_t> partnerOf(std::uint32_t row, std::size_t nth) const {
        const auto found = m_streamB.byRow.find(row);
        if (found == m_streamB.byRow.end() || nth >= found->second.size()) {
            return std::nullopt;
        }
        return found->second[nth];
    }

    void noteSame(std::size_t i, std::size_t j, bool sameAfter) {
        if (sameAfter) {
            m_parted = false;
            m_syncA = i + 1;
            m_syncB = j + 1;
            return;
        }
        const std::uint32_t row = m_streamA.draws[i].row;
        if (!std::exchange(m_parted, true)) {
            reportOwnMove(i, j);
        }
        m_result.differing.try_emplace(row, false, m_result.findings.size() - 1);
    }

    /// Do several threads draw from it?
    [[nodiscard]] bool isShared(EventId inA) const { return m_result.sharedA.contains(inA); }

    /// From one state to two.
    void reportOwnMove(std::size_t i, std::size_t j) {
        if (isShared(m_streamA.draws[i].event) || neighboursOf(m_sideA, i).ofOtherThread ||
            neighboursOf(m_sideB, j).ofOtherThread) {
            reportRace(m_streamA.draws[i].row, EvidenceKind::RaceAfterDraw);
        } else {
            report(m_streamA.draws[i].row, CauseClass::ExtraDraw, Confidence::Likely,
                   {EvidenceKind::OtherMove});
        }
    }

    /// Draws that only one run has, after the last that both have. Of a row that only one run has,
    /// the row itself is the finding.
    void explainTail() {
        const bool more = m_syncA < m_streamA.draws.size();
        if (!more && m_syncB >= m_streamB.draws.size()) {
            return;
        }
        const DrawAt& next = more ? m_streamA.draws[m_syncA] : m_streamB.draws[m_syncB];
        const Row& row = m_alignment.rows[next.row];
        if (row.a != kNone64 && row.b != kNone64) {
            explain();
        }
    }

    /// Both streams in step from where they last agreed to the first draw that is not the same.
    void explain() {
        std::size_t i = m_syncA;
        std::size_t j = m_syncB;
        const auto& drawsA = m_streamA.draws;
        const auto& drawsB = m_streamB.draws;
        while (i < drawsA.size() && j < drawsB.size() && drawsA[i].row == drawsB[j].row &&
               drawsA[i].before == drawsB[j].before && drawsA[i].after == drawsB[j].after) {
            ++i;
            ++j;
        }
        const DrawAt* inA = i < drawsA.size() ? &drawsA[i] : nullptr;
        const DrawAt* inB = j < drawsB.size() ? &drawsB[j] : nullptr;
        const bool first = i == 0 && j == 0 && !m_alignment.resume;
        if (first && inA != nullptr && inB != nullptr && inA->before != inB->before) {
            return explainFirstState(*inA);
        }
        if (inA != nullptr && inB != nullptr && isFirstAfterResume(i, *inA)) {
            return reportCheckpoint(*inA, *inB);
        }
        const Neighbours aroundA = neighboursOf(m_sideA, i);
        const Neighbours aroundB = neighboursOf(m_sideB, j);
        if (aroundA.atTheSameTime || aroundB.atTheSameTime) {
            return reportRace(inA != nullptr ? inA->row : inB->row, EvidenceKind::RaceAtOnce);
        }
        if (inB == nullptr || (inA != nullptr && !drawsInOther(inA->row, m_streamB))) {
            return reportExtra(*inA, m_a, 'A');
        }
        if (inA == nullptr || !drawsInOther(inB->row, m_streamA)) {
            return reportExtra(*inB, m_b, 'B');
        }
        if (inA->row != inB->row) {
            return explainOrder(*inA, *inB);
        }
        if (aroundA.ofOtherThread || aroundB.ofOtherThread) {
            return reportRace(inA->row, EvidenceKind::RaceAmongDraws);
        }
        explainMoved(*inA, *inB, i, j);
    }

    [[nodiscard]] bool isFirstAfterResume(std::size_t i, const DrawAt& draw) const {
        return m_alignment.resume && draw.event >= m_alignment.resume->eventA &&
               (i == 0 || m_streamA.draws[i - 1].event < m_alignment.resume->eventA);
    }

    void reportCheckpoint(const DrawAt& inA, const DrawAt& inB) {
        report(inA.row, CauseClass::ExtraDraw, Confidence::Likely,
               {EvidenceKind::OtherStateAfterResume, {}, resumeValues(*m_alignment.resume)});
        Cause& cause = m_result.findings.back().cause;
        cause.remedy = "save the generator's state with the checkpoint (Generator::get_state) and "
                       "restore it (set_state)";
        addDistance(inA, inB);
    }

    static bool drawsInOther(std::uint32_t row, const Stream& other) {
        return other.byRow.contains(row);
    }

    void explainFirstState(const DrawAt& draw) {
        const std::uint64_t seedA = m_streamA.generator.seed;
        const std::uint64_t seedB = m_streamB.generator.seed;
        const std::vector<std::string> seeds = {std::to_string(seedA), std::to_string(seedB)};
        if (seedA == seedB) {
            report(draw.row, CauseClass::ExtraDraw, Confidence::Possible,
                   {EvidenceKind::OtherFirstStateOfOneSeed, {}, seeds});
        } else {
            report(draw.row, CauseClass::Unseeded, Confidence::Proven,
                   {EvidenceKind::OtherFirstState, {}, seeds});
        }
    }

    /// Numbers of 32 bits between two states of run A's stream, from a state that was recorded
    /// whole before `at`.
    std::optional<std::int64_t> distance(EventId at, const trace::Fingerprint& from,
                                         const trace::Fingerprint& to) const {
        const trace::RngState* base = nullptr;
        for (const trace::RngState& state : m_a.reader().rngStates()) {
            const bool before = state.event == kNone64 || state.event <= at;
            base = state.generator == m_streamA.id && before ? &state : base;
        }
        const auto stream = base == nullptr ? std::nullopt : CpuStream::from(base->bytes);
        return stream ? distanceOf(*stream, from, to, kMaxDistance) : std::nullopt;
    }

    void reportExtra(const DrawAt& draw, const Run& run, char side) {
        const Row& row = m_alignment.rows[draw.row];
        const bool alone = row.a == kNone64 || row.b == kNone64;
        const bool shared = m_result.sharedA.contains(row.a) && m_result.sharedB.contains(row.b);
        if (shared) {
            return reportRace(draw.row, EvidenceKind::RaceUntold);
        }
        report(draw.row, CauseClass::ExtraDraw, Confidence::Proven,
               {alone ? EvidenceKind::DrawOfAddedOp : EvidenceKind::DrawInOneRun,
                {},
                {},
                {eventRef(run, draw.event, side)}});
        const EventId lastOfA = m_syncA == 0 ? 0 : m_streamA.draws[m_syncA - 1].event;
        if (const auto numbers = distance(lastOfA, draw.before, draw.after)) {
            m_result.findings.back().cause.evidence.push_back(
                {EvidenceKind::NumbersTaken, m_name, {std::to_string(*numbers)}});
        }
    }

    void explainOrder(const DrawAt& inA, const DrawAt& inB) {
        const auto threadInB = [&](std::uint32_t row) {
            return m_b.events.thread[m_alignment.rows[row].b];
        };
        const bool twoThreads =
            m_a.events.thread[inA.event] != m_a.events.thread[m_alignment.rows[inB.row].a] ||
            threadInB(inA.row) != threadInB(inB.row);
        if (twoThreads || isShared(inA.event) || isOfManyThreads(m_a, inA.event) ||
            isOfManyThreads(m_b, inB.event)) {
            report(inA.row, CauseClass::RngRace, Confidence::Likely,
                   nextDraw(EvidenceKind::RaceInOrder, inA.event, inB.event));
        } else {
            report(inA.row, CauseClass::Unknown, Confidence::Possible,
                   nextDraw(EvidenceKind::NextDraw, inA.event, inB.event));
        }
    }

    [[nodiscard]] Evidence nextDraw(EvidenceKind kind, EventId inA, EventId inB) const {
        return {kind,
                {},
                {threadOf(m_a, inA), threadOf(m_b, inB)},
                {eventRef(m_a, inA, 'A'), eventRef(m_b, inB, 'B')}};
    }

    void reportRace(std::uint32_t row, EvidenceKind how) {
        report(row, CauseClass::RngRace, Confidence::Likely, {how});
    }

    /// The same op draws next in both runs, from different states: it was moved between two draws.
    void explainMoved(const DrawAt& inA, const DrawAt& inB, std::size_t i, std::size_t j) {
        const bool movedA = i > 0 && m_streamA.draws[i - 1].after != inA.before;
        const bool movedB = j > 0 && m_streamB.draws[j - 1].after != inB.before;
        if (movedA && movedB) {
            // A new seed in both runs, another one each time, is a seed that is not fixed.
            report(inA.row, CauseClass::Unseeded, Confidence::Possible,
                   {EvidenceKind::StateMovedInBoth});
        } else {
            report(inA.row, CauseClass::ExtraDraw, Confidence::Likely,
                   {EvidenceKind::StateMoved, {}, {movedA ? "A" : "B"}});
        }
        addDistance(inA, inB);
    }

    void addDistance(const DrawAt& inA, const DrawAt& inB) {
        if (const auto numbers = distance(inA.event, inA.before, inB.before)) {
            m_result.findings.back().cause.evidence.push_back(
                {*numbers < 0 ? EvidenceKind::StreamBehind : EvidenceKind::StreamAhead,
                 m_name,
                 {std::to_string(std::abs(*numbers))}});
        }
    }

    /// The evidence is about this generator.
    void report(std::uint32_t row, CauseClass kind, Confidence confidence, Evidence evidence) {
        evidence.subject = m_name;
        Cause cause;
        cause.kind = kind;
        cause.confidence = confidence;
        cause.evidence.push_back(std::move(evidence));
        cause.subject = m_name;
        m_result.findings.push_back({row, std::move(cause)});
    }

    const StreamSide m_sideA;
    const StreamSide m_sideB;
    const Run& m_a = m_sideA.run;
    const Run& m_b = m_sideB.run;
    const Stream& m_streamA = m_sideA.stream;
    const Stream& m_streamB = m_sideB.stream;
    const Alignment& m_alignment;
    const std::string& m_name;
    RngComparison& m_result;
    bool m_parted = false;
    std::size_t m_syncA = 0; ///< draws before this one agree, in both runs
    std::size_t m_syncB = 0;
};

/// A generator that several threads of one run share is shared in the other too, even if one thread
/// happened to do all of the work there.
void shareInBoth(const std::string& name, const Stream& a, const Stream& b, RngComparison& result) {
    const auto sharedBy = [](const Stream& stream, const NamedDraws& shared) {
        return std::any_of(stream.draws.begin(), stream.draws.end(),
                           [&](const DrawAt& draw) { return shared.contains(draw.event); });
    };
    const auto share = [&](const Stream& stream, NamedDraws& shared) {
        for (const DrawAt& draw : stream.draws) {
            shared.try_emplace(draw.event, name);
        }
    };
    if (sharedBy(a, result.sharedA) != sharedBy(b, result.sharedB)) {
        share(a, result.sharedA);
        share(b, result.sharedB);
    }
}

} // namespace

RngComparison compareGenerators(const Run& a, const Run& b, const Alignment& alignment) {
    RngComparison result;
    result.sharedA = sharedDraws(a);
    result.sharedB = sharedDraws(b);
    const auto counts = [&](std::uint32_t row) { return isEvidence(a, b, alignment.rows[row]); };
    const Streams inA = streamsOf(a, alignment.rowOfA, counts);
    const Streams inB = streamsOf(b, alignment.rowOfB, counts);
    const std::vector<EventId> unseenA = unseenDraws(a);
    const std::vector<EventId> unseenB = unseenDraws(b);
    const std::map<std::uint32_t, const Stream*> ofRow = ownStreams(inB);
    for (const auto& [name, stream] : inA) {
        if (const Stream* other = counterpartOf(name, stream, inB, ofRow)) {
            shareInBoth(name, stream, *other, result);
            for (const DrawAt& draw : stream.draws) {
                if (isOfManyThreads(a, draw.event)) {
                    result.pooledA.try_emplace(draw.event, name);
                }
            }
            StreamComparer({a, unseenA, stream}, {b, unseenB, *other}, alignment, name, result)
                .run();
        }
    }
    return result;
}

} // namespace repro::replay
