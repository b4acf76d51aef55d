// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/inputs.h"

#include "replay/numbers/values.h"
#include "replay/provenance/list_order.h"
#include "replay/provenance/race.h"
#include "replay/run/storage_uses.h"

#include <fmt/format.h>

#include <algorithm>

namespace repro::replay {

using trace::EventId;
using trace::EventKind;
using trace::kNone64;

RowClass Inputs::judge(std::size_t index, const RowComparison& now, const Reordered& reordered) {
    const Row& row = m_sides.alignment.rows[index];
    const auto isKnown = [&](const UsePair& pair) { return m_known.contains(pairKey(pair)); };
    if (auto order = otherOrder(m_a, m_b, row, now.inputs);
        order && std::ranges::none_of(now.inputs, isKnown)) {
        order->firstA = reordered.first.a;
        order->firstB = reordered.first.b;
        m_origins.add(index, now.inputs.front(), m_explain.order(row, *order));
        for (const UsePair& pair : now.inputs) {
            m_known.insert(pairKey(pair));
        }
        return RowClass::Origin;
    }
    RowClass result = RowClass::Inherited;
    for (const UsePair& pair : now.inputs) {
        if (isKnown(pair)) {
            continue;
        }
        const Source source = m_provenance.trace(pair);
        m_known.insert(pairKey(pair));
        if (isFromBeforeResume(source)) {
            m_origins.add(index, pair, m_explain.checkpoint(row, pair, *m_sides.alignment.resume));
            result = RowClass::Origin;
            continue;
        }
        if (isExplained(row, pair, source)) {
            continue;
        }
        // What was paired by a guess may be another item's work.
        const bool guessed =
            source.kind == SourceKind::OtherTensor &&
            (row.strategy == Strategy::Order || m_explain.isOtherBuild() || reordered.count > 0);
        if ((source.kind == SourceKind::Undecided || guessed) && m_origins.parted()) {
            result = result == RowClass::Origin ? result : RowClass::Unknown;
            continue;
        }
        m_origins.add(index, pair, causeOf(row, pair, source));
        m_explained.insert(sourceKey(pair, source));
        result = RowClass::Origin;
    }
    return result;
}

/// Does what is known already explain that the input differs?
bool Inputs::isExplained(const Row& row, const UsePair& pair, const Source& source) const {
    return source.kind == SourceKind::Difference || m_explained.contains(sourceKey(pair, source)) ||
           (source.kind == SourceKind::Foreign && forwardOpDiffers(row));
}

/// Did what differs come about before a resumed run begins to do what the other does?
bool Inputs::isFromBeforeResume(const Source& source) const {
    const auto before = [](EventId producer, EventId place) {
        return producer == kNone64 || producer < place;
    };
    const auto& resume = m_sides.alignment.resume;
    return resume && before(source.producerA, resume->eventA) &&
           before(source.producerB, resume->eventB);
}

Cause Inputs::causeOf(const Row& row, const UsePair& pair, const Source& source) const {
    // Sums in another order agree but for rounding; data that are handed in differ anyhow.
    Source told = source;
    if (source.hadContents &&
        areNearlyEqual(m_a.reader(), m_a.uses.value[pair.a], m_b.reader(), m_b.uses.value[pair.b])
            .value_or(false)) {
        told.kind = SourceKind::WrittenOutside;
    }
    Cause cause = m_explain.input(row, pair, told, generatorOf(source));
    if (told.kind == SourceKind::WrittenOutside) {
        cause = raceOn(row, pair).value_or(std::move(cause));
    }
    if (source.kind == SourceKind::OtherTurn) {
        cause.subject = storageSubject(m_a, writtenBy(row));
    } else if (cause.kind == CauseClass::WrittenOutsideOps ||
               cause.kind == CauseClass::UninitialisedMemory || cause.kind == CauseClass::Race) {
        // Who writes past the ops does so again, in any step; what nobody wrote stays so.
        cause.subject = storageSubject(m_a, pair.a);
    } else if (source.kind == SourceKind::OtherTensor && cause.subject.empty()) {
        cause.subject = fmt::format("event {}", row.a); // one choice may fill a list
    }
    return cause;
}

/// The generator which several threads draw from, if it decides which tensor is read; or null.
const std::string* Inputs::generatorOf(const Source& source) const {
    if (source.kind != SourceKind::OtherTensor) {
        return nullptr;
    }
    const RngComparison& rng = m_draws.comparison();
    const std::string* shared = m_provenance.reaches(m_sides.a, source.producerA, rng.sharedA);
    return shared != nullptr ? shared
                             : m_provenance.reaches(m_sides.a, source.producerA, rng.pooledA);
}

/// Bytes that changed between two ops were not written past the ops where threads contest them.
std::optional<Cause> Inputs::raceOn(const Row& row, const UsePair& pair) const {
    if (const auto race = raceOf(m_sides, row)) {
        return m_explain.raced(row, *race);
    }
    for (const Side& side : m_sides.all) {
        if (const auto contest = contestFor(side.run, side.run.storageOf(side.of(pair)))) {
            return m_explain.contested(row, pair, *contest, side);
        }
    }
    return std::nullopt;
}

/// What the op writes of its arguments.
std::uint64_t Inputs::writtenBy(const Row& row) const {
    const auto uses = m_a.usesOf(row.a);
    return *std::ranges::find_if(uses, [&](std::uint64_t use) {
        return (m_a.uses.flags[use] & trace::use_flag::Written) != 0;
    });
}

bool Inputs::forwardOpDiffers(const Row& row) const {
    EventId event = m_a.events.parent[row.a];
    while (event != kNone64 && static_cast<EventKind>(m_a.events.kind[event]) != EventKind::Node) {
        event = m_a.events.parent[event];
    }
    const EventId forward = event == kNone64 ? kNone64 : m_a.events.forward[event];
    const EventId origin = forward == kNone64 ? kNone64 : m_a.enclosingRow(forward);
    return origin != kNone64 &&
           m_sides.alignment.rows[m_sides.a.rowOf[origin]].rowClass != RowClass::Same;
}

void Inputs::dropWorkspaces(RowComparison& now) {
    std::erase_if(now.inputs, [&](const UsePair& pair) { return comesFromScratch(pair); });
    std::erase_if(now.outputs, [&](const UsePair& pair) {
        const bool unread = isUnreadOutput(m_sides.a.run, pair.a, m_sides.b.run, pair.b);
        if (unread) {
            m_scratch.insert(pairKey(pair));
            note(EvidenceKind::OutputUnread, pair);
        }
        return unread;
    });
}

bool Inputs::comesFromScratch(const UsePair& pair) {
    const std::uint64_t key = pairKey(pair);
    if (!m_scratch.contains(key) && !m_known.contains(key) &&
        m_provenance.trace(pair).kind == SourceKind::Scratch) {
        m_scratch.insert(key);
        note(EvidenceKind::InputScratch, pair);
    }
    return m_scratch.contains(key);
}

void Inputs::note(EvidenceKind kind, const UsePair& pair) {
    m_notes.add({kind, slotName(m_a, pair.a), {}, {m_sides.a.ref(m_a.uses.event[pair.a])}});
}

void Inputs::remember(const RowComparison& now) {
    for (const UsePair& pair : now.outputs) {
        m_known.insert(pairKey(pair));
    }
}

/// The bytes of both runs and who wrote them last: what changed them since changed every view.
std::uint64_t Inputs::sourceKey(const UsePair& pair, const Source& source) const {
    return mixHash(mixHash(m_a.storageOf(pair.a), m_b.storageOf(pair.b)),
                   mixHash(source.producerA, source.producerB));
}

/// The contents of both runs and where they lie: small contents alone meet by chance.
std::uint64_t Inputs::pairKey(const UsePair& pair) const {
    const auto a = m_a.uses.value[pair.a];
    const auto b = m_b.uses.value[pair.b];
    return mixHash(mixHash(m_a.values.fingerprintLow[a], m_b.values.fingerprintLow[b]),
                   mixHash(m_a.values.storage[a], m_b.values.storage[b]));
}

std::string storageSubject(const Run& run, std::uint64_t use) {
    return fmt::format("storage {}", run.storageOf(use));
}

} // namespace repro::replay
