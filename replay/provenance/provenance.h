// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"
#include "replay/provenance/history.h"
#include "replay/provenance/rng.h"

#include <cstdint>
#include <string>

namespace repro::replay {

/// Where the difference of an input comes from.
enum class SourceKind {
    Difference,     ///< a row that wrote (part of) it differs itself, or exists in one run only
    WrittenOutside, ///< the same rows wrote the same; it was changed before it was read
    Unordered,      ///< a row of another thread wrote it before in one run, after in the other
    OtherTurn,     ///< ops of several threads write one storage in turns, this one by this one in A
    OtherTensor,   ///< the runs read different tensors, or parts of one, the same in both runs
    Uninitialised, ///< allocated, and nobody wrote (some of) it
    FilledOutside, ///< allocated by an op, and filled by something that is no op
    Foreign,       ///< no op made it: from_blob, a file, data
    Scratch,       ///< an op's workspace: bytes without meaning
    Undecided,
};

struct Source {
    SourceKind kind = SourceKind::Undecided;
    bool certain = false; ///< contents at the ends of the interval were compared, not only inferred
    trace::EventId producerA =
        trace::kNone64; ///< the last row that wrote it, or allocated what nobody wrote
    trace::EventId producerB = trace::kNone64;
    bool hadContents = false; ///< filled outside, over what an op had put there, as zeros does
    trace::EventId adopter =
        trace::kNone64; ///< of run A: it gave the tensor a storage from outside
};

/// Traces a differing input to its source, by overlap of bytes in its storage.
class Provenance {
public:
    explicit Provenance(const Sides& sides) : m_sides(sides), m_histories(sides) {}

    /// Requires: the rows before the reader's are classified in the alignment.
    [[nodiscard]] Source trace(UsePair input) const;

    /// Was what a row reads written, or made a view of, by a row that differs?
    [[nodiscard]] bool comesFromDifference(UsePair input) const;

    /// The row that made the view that a use reads; kNone64 = none did.
    [[nodiscard]] static trace::EventId makerOfView(Run& run, std::uint64_t use);

    /// Does a row of one run read what a row that differs, or that one run lacks, has written?
    [[nodiscard]] bool readsDifference(const Side& side, trace::EventId event) const;

    /// The generator's name if `event` is one of `draws`, or works, over however many rows, on what
    /// one of them wrote; else null.
    [[nodiscard]] const std::string* reaches(const Side& side, trace::EventId event,
                                             const NamedDraws& draws) const;

private:
    void traceAllocated(UsePair input, const History& a, const History& b, Source& source) const;
    [[nodiscard]] trace::EventId counterpart(const Side& side, trace::EventId event) const;
    [[nodiscard]] bool isOfOtherView(UsePair input) const;
    [[nodiscard]] bool isUnordered(UsePair input, const History& a, const History& b) const;
    [[nodiscard]] bool isOtherTurn(UsePair input) const;

    const Sides& m_sides;
    Histories m_histories;
};

} // namespace repro::replay
