// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/rng_streams.h"

#include <algorithm>
#include <unordered_set>

namespace repro::replay {
namespace {

/// Draws on each side of one that may have taken place at the same time.
constexpr std::size_t kNeighbours = 8;

} // namespace

using trace::EventId;
using trace::kNone64;

Streams streamsOf(const Run& run, const std::vector<std::uint32_t>& rowOf,
                  const std::function<bool(std::uint32_t)>& counts) {
    Streams streams;
    const auto& generators = run.reader().generators();
    for (const trace::Draw& draw : run.reader().draws()) {
        const EventId event = run.enclosingRow(draw.event);
        if (event == kNone64 || draw.generator >= generators.size() ||
            generators[draw.generator].isForeign || !counts(rowOf[event])) {
            continue;
        }
        const trace::Generator& generator = generators[draw.generator];
        Stream& stream = streams[std::string(run.reader().text(generator.name))];
        stream.generator = generator;
        stream.id = draw.generator;
        stream.byRow[rowOf[event]].push_back(stream.draws.size());
        stream.draws.push_back({rowOf[event], event, draw.before, draw.after});
    }
    return streams;
}

std::vector<EventId> unseenDraws(const Run& run) {
    std::vector<EventId> unseen;
    for (EventId event = 0; event < run.events.count; ++event) {
        if ((run.events.flags[event] & trace::event_flag::GeneratorHeld) != 0) {
            unseen.push_back(event);
        }
    }
    return unseen;
}

Neighbours neighboursOf(const StreamSide& side, std::size_t at) {
    const auto& [run, unseen, stream] = side;
    Neighbours found;
    if (at >= stream.draws.size()) {
        return found;
    }
    const EventId event = stream.draws[at].event;
    const std::uint64_t since = at == 0 ? 0 : run.events.end[stream.draws[at - 1].event];
    found.atTheSameTime = std::any_of(unseen.begin(), unseen.end(), [&](EventId other) {
        return run.events.thread[other] != run.events.thread[event] &&
               run.events.begin[other] < run.events.end[event] && since < run.events.end[other];
    });
    found.ofOtherThread = found.atTheSameTime;
    const std::size_t first = at < kNeighbours ? 0 : at - kNeighbours;
    const std::size_t last = std::min(at + kNeighbours + 1, stream.draws.size());
    for (std::size_t i = first; i < last; ++i) {
        const EventId other = stream.draws[i].event;
        const bool otherThread = run.events.thread[other] != run.events.thread[event];
        found.ofOtherThread = found.ofOtherThread || otherThread;
        found.atTheSameTime = found.atTheSameTime ||
                              (otherThread && run.events.begin[other] < run.events.end[event] &&
                               run.events.begin[event] < run.events.end[other]);
    }
    return found;
}

bool isOfManyThreads(const Run& run, EventId event) {
    const auto& threads = run.reader().threads();
    const std::uint32_t own = run.events.thread[event];
    const auto poolOf = [&](const trace::Thread& thread) { return run.reader().text(thread.pool); };
    return own < threads.size() && !poolOf(threads[own]).empty() &&
           std::count_if(threads.begin(), threads.end(), [&](const trace::Thread& thread) {
               return poolOf(thread) == poolOf(threads[own]);
           }) > 1;
}

std::map<std::uint32_t, const Stream*> ownStreams(const Streams& streams) {
    std::map<std::uint32_t, const Stream*> ofRow;
    for (const auto& [name, stream] : streams) {
        for (const DrawAt& draw : stream.draws) {
            if (!stream.generator.isDefault) {
                ofRow.try_emplace(draw.row, &stream);
            }
        }
    }
    return ofRow;
}

const Stream* counterpartOf(const std::string& name, const Stream& stream, const Streams& others,
                            const std::map<std::uint32_t, const Stream*>& ofRow) {
    for (const DrawAt& draw : stream.draws) {
        const auto found = ofRow.find(draw.row);
        if (!stream.generator.isDefault && found != ofRow.end()) {
            return found->second;
        }
    }
    const auto found = others.find(name);
    return found == others.end() ? nullptr : &found->second;
}

NamedDraws sharedDraws(const Run& run) {
    const auto& generators = run.reader().generators();
    const auto rows = drawingRows(run);
    std::unordered_map<trace::GeneratorId, std::uint32_t> threadOf;
    std::unordered_set<trace::GeneratorId> shared;
    for (const auto& [event, generator] : rows) {
        const std::uint32_t thread = run.events.thread[event];
        if (threadOf.try_emplace(generator, thread).first->second != thread) {
            shared.insert(generator);
        }
    }
    NamedDraws result;
    for (const auto& [event, generator] : rows) {
        if (shared.contains(generator) && generator < generators.size()) {
            result.emplace(event, run.reader().text(generators[generator].name));
        }
    }
    return result;
}

} // namespace repro::replay
