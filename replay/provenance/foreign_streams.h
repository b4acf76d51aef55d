// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// A move of a generator that is not LibTorch's.
struct ForeignMove {
    trace::EventId event = trace::kNone64; ///< before which it was noticed
    trace::Fingerprint before, after;
};

/// How a generator of Python or NumPy parted between two runs.
struct ForeignParting {
    std::string generator;
    bool isGlobal = false;
    /// The first move that is not the same in both. Null: that run has no further one.
    const ForeignMove* inA = nullptr;
    const ForeignMove* inB = nullptr;
    /// Its state differed before that move: it was not seeded, or otherwise.
    bool fromOtherState = false;
    /// It moved right before the program handed over what differs.
    bool justBefore = false;
    std::optional<std::int64_t> wordsA, wordsB; ///< by which it moved, where that can be told
};

/// An event of each run; kNone64: it has none.
struct EventPair {
    trace::EventId a, b;
};

/// The outermost op before an event in its thread; kNone64: there is none.
trace::EventId opBefore(const Run& run, trace::EventId event);

/// What Python's and NumPy's generators did in both runs.
class ForeignStreams {
public:
    explicit ForeignStreams(const Sides& sides);

    /// The one that had parted when the row began, if any; of several the last that moved.
    /// `handed`: where what differs was seen first in each run. Of those that never moved only
    /// generators of NumPy are told, which programs make and draw from before their first op.
    [[nodiscard]] std::optional<ForeignParting> partedBefore(const Row& row,
                                                             const EventPair& handed) const;

private:
    struct Stream {
        trace::GeneratorId generator = trace::kNone32; ///< in its run
        bool isGlobal = false;
        trace::Fingerprint first; ///< its state when it was met
        std::vector<ForeignMove> moves;

        /// Of kNone64 all.
        [[nodiscard]] std::size_t movesBefore(trace::EventId event) const;
        [[nodiscard]] trace::Fingerprint stateAfter(std::size_t moves) const;
    };
    using Streams = std::map<std::string, Stream>;

    static Streams streamsOf(const Run& run);
    [[nodiscard]] std::optional<ForeignParting> parting(const std::string& name, const Stream& a,
                                                        const Stream& b, const Row& row) const;
    static bool movedSince(const Run& run, const Stream& stream, trace::EventId handed,
                           trace::EventId row);
    [[nodiscard]] std::optional<std::int64_t> wordsOf(const Run& run, const Stream& stream,
                                                      const ForeignMove* move) const;

    const Sides& m_sides;
    Streams m_a, m_b;
    mutable std::map<const ForeignMove*, std::optional<std::int64_t>> m_words; ///< measured so far
};

} // namespace repro::replay
