// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/foreign_streams.h"

#include "replay/provenance/cpu_stream.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::kNone64;

/// Names of objects that a program makes by np.random.default_rng begin with it.
constexpr std::string_view kNumpyGenerator = "numpy.random.Generator";

/// How far a stream is followed to measure a move.
constexpr std::int64_t kFarthestMove = 1 << 19;

/// Measured from the last state before the move that was recorded whole.
std::optional<std::int64_t> measured(const trace::Reader& reader, trace::GeneratorId generator,
                                     const ForeignMove& move) {
    const trace::RngState* base = nullptr;
    for (const trace::RngState& state : reader.rngStates()) {
        const bool isEarlier = state.event == kNone64 || state.event < move.event;
        base = state.generator == generator && isEarlier ? &state : base;
    }
    const auto stream = base == nullptr ? std::nullopt : CpuStream::from(base->bytes);
    return stream ? distanceOf(*stream, move.before, move.after, kFarthestMove) : std::nullopt;
}

/// Moves that both streams begin with, of those before the row. Where both made as many they may
/// have parted, met again by a new seed, and parted again: the last time counts.
std::size_t sameMoves(std::span<const ForeignMove> a, std::span<const ForeignMove> b) {
    // What a seed sets counts, not what was before it.
    const auto isSame = [&](std::size_t i) { return a[i].after == b[i].after; };
    std::size_t same = a.size() == b.size() ? a.size() : 0;
    while (a.size() == b.size() && same > 0 && !isSame(same - 1)) {
        --same;
    }
    while (a.size() != b.size() && same < std::min(a.size(), b.size()) && isSame(same)) {
        ++same;
    }
    return same;
}

} // namespace

EventId opBefore(const Run& run, EventId event) {
    const std::uint32_t thread = run.events.thread[event];
    EventId before = event;
    while (before > 0) {
        --before;
        if (run.events.thread[before] == thread &&
            (run.events.flags[before] & trace::event_flag::Outermost) != 0) {
            return before;
        }
    }
    return kNone64;
}

std::size_t ForeignStreams::Stream::movesBefore(EventId event) const {
    const auto end = std::ranges::lower_bound(moves, event, {}, &ForeignMove::event);
    return static_cast<std::size_t>(end - moves.begin());
}

trace::Fingerprint ForeignStreams::Stream::stateAfter(std::size_t count) const {
    return count == 0 ? first : moves[count - 1].after;
}

ForeignStreams::ForeignStreams(const Sides& sides)
    : m_sides(sides), m_a(streamsOf(sides.a.run)), m_b(streamsOf(sides.b.run)) {}

ForeignStreams::Streams ForeignStreams::streamsOf(const Run& run) {
    Streams streams;
    const trace::Reader& reader = run.reader();
    const auto& generators = reader.generators();
    const auto nameOf = [&](trace::GeneratorId id) {
        return std::string(reader.text(generators[id].name));
    };
    for (trace::GeneratorId id = 0; id < generators.size(); ++id) {
        if (generators[id].isForeign) {
            streams.try_emplace(nameOf(id), Stream{id, generators[id].isDefault, {}, {}});
        }
    }
    if (streams.empty()) {
        return streams;
    }
    for (const trace::RngState& state : reader.rngStates()) {
        const bool isNamed = isForeign(reader, state.generator);
        Stream* stream = isNamed ? &streams[nameOf(state.generator)] : nullptr;
        if (stream != nullptr && stream->generator == state.generator) {
            stream->first = state.fingerprint;
        }
    }
    for (const trace::Draw& draw : reader.draws()) {
        if (isForeign(reader, draw.generator)) {
            streams[nameOf(draw.generator)].moves.push_back({draw.event, draw.before, draw.after});
        }
    }
    return streams;
}

std::optional<ForeignParting> ForeignStreams::partedBefore(const Row& row,
                                                           const EventPair& handed) const {
    std::optional<ForeignParting> last;
    const auto rank = [](const ForeignParting& parting) {
        const EventId event = parting.inA != nullptr   ? parting.inA->event
                              : parting.inB != nullptr ? parting.inB->event
                                                       : 0;
        return std::pair(parting.justBefore, event);
    };
    for (const auto& [name, stream] : m_a) {
        const auto other = m_b.find(name);
        if (other == m_b.end()) {
            continue;
        }
        auto found = parting(name, stream, other->second, row);
        if (found) {
            found->justBefore = movedSince(m_sides.a.run, stream, handed.a, row.a) ||
                                movedSince(m_sides.b.run, other->second, handed.b, row.b);
        }
        if (found && (!last || rank(*last) < rank(*found))) {
            last = std::move(found);
        }
    }
    if (last) { // measured for the one that is told
        last->wordsA = wordsOf(m_sides.a.run, m_a.at(last->generator), last->inA);
        last->wordsB = wordsOf(m_sides.b.run, m_b.at(last->generator), last->inB);
    }
    return last;
}

std::optional<std::int64_t> ForeignStreams::wordsOf(const Run& run, const Stream& stream,
                                                    const ForeignMove* move) const {
    if (move == nullptr) {
        return std::nullopt;
    }
    const auto [words, isNew] = m_words.try_emplace(move);
    if (isNew) {
        words->second = measured(run.reader(), stream.generator, *move);
    }
    return words->second;
}

std::optional<ForeignParting> ForeignStreams::parting(const std::string& name, const Stream& a,
                                                      const Stream& b, const Row& row) const {
    const std::size_t countA = a.movesBefore(row.a);
    const std::size_t countB = b.movesBefore(row.b);
    // Libraries have objects of random.Random of their own, and make them without a seed.
    const bool mayMoveUnseen = name.starts_with(kNumpyGenerator);
    if (a.stateAfter(countA) == b.stateAfter(countB) ||
        (countA == 0 && countB == 0 && !mayMoveUnseen)) {
        return std::nullopt;
    }
    const std::size_t same =
        sameMoves(std::span(a.moves).first(countA), std::span(b.moves).first(countB));
    ForeignParting parting;
    parting.generator = name;
    parting.isGlobal = a.isGlobal;
    parting.inA = same < countA ? &a.moves[same] : nullptr;
    parting.inB = same < countB ? &b.moves[same] : nullptr;
    parting.fromOtherState = a.stateAfter(same) != b.stateAfter(same);
    return parting;
}

/// Did it move between the op before the event, which saw what differs for the first time, and
/// the row?
bool ForeignStreams::movedSince(const Run& run, const Stream& stream, EventId handed, EventId row) {
    const std::size_t count = row == kNone64 ? 0 : stream.movesBefore(row);
    const EventId before = count == 0 ? kNone64 : opBefore(run, handed);
    return count > 0 && (before == kNone64 || stream.moves[count - 1].event > before);
}

} // namespace repro::replay
