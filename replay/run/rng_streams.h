// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

/// The draws of one run, by generator.
namespace repro::replay {

struct DrawAt {
    std::uint32_t row = trace::kNone32;
    trace::EventId event = trace::kNone64; ///< the row's event in this run
    trace::Fingerprint before, after;
};

/// All draws from one generator of one run, in order.
struct Stream {
    std::vector<DrawAt> draws;
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> byRow;
    trace::Generator generator;
    trace::GeneratorId id = trace::kNone32; ///< in its run
};

using Streams = std::map<std::string, Stream>;

/// The draws in rows that are evidence, by `counts`.
Streams streamsOf(const Run& run, const std::vector<std::uint32_t>& rowOf,
                  const std::function<bool(std::uint32_t)>& counts);

/// Generators of the program's own are numbered as they are first used, which is chance where
/// several threads use theirs: they are told by the rows that draw from them.
std::map<std::uint32_t, const Stream*> ownStreams(const Streams& streams);

/// The other run's stream of the generator, by those rows or else by its name; null = none.
const Stream* counterpartOf(const std::string& name, const Stream& stream, const Streams& others,
                            const std::map<std::uint32_t, const Stream*>& ofRow);

/// Rows that drew from a generator, with its name.
using NamedDraws = std::unordered_map<trace::EventId, std::string>;

/// Rows of a run that drew from a generator which several threads draw from.
NamedDraws sharedDraws(const Run& run);

/// Events whose draw went unseen, for another thread was drawing.
std::vector<trace::EventId> unseenDraws(const Run& run);

/// One run's part in the comparison of a stream.
struct StreamSide {
    const Run& run;
    const std::vector<trace::EventId>& unseen;
    const Stream& stream;
};

/// How the draws around one lie to it that other threads made.
struct Neighbours {
    bool ofOtherThread = false;
    bool atTheSameTime = false; ///< then neither their order nor the states seen are sure
};

Neighbours neighboursOf(const StreamSide& side, std::size_t at);

/// Is the event one of a pool in which several threads had work? Which of them does what, and when,
/// is chance, even if one did all that draws.
bool isOfManyThreads(const Run& run, trace::EventId event);

} // namespace repro::replay
