// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/align.h"
#include "replay/provenance/rng.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <cstdint>
#include <string>
#include <vector>

namespace repro::replay {

/// Where the difference of an input comes from.
enum class Whence {
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

struct Provenance {
    Whence whence = Whence::Undecided;
    bool certain = false; ///< contents at the ends of the interval were compared, not only inferred
    trace::EventId producerA =
        trace::kNone64; ///< the last row that wrote it, or allocated what nobody wrote
    trace::EventId producerB = trace::kNone64;
    bool hadContents = false; ///< filled outside, over what an op had put there, as zeros does
    trace::EventId adopter =
        trace::kNone64; ///< of run A: it gave the tensor a storage from outside
};

/// Answers whence a differing input came, by overlap of bytes in its storage.
class Lineage {
public:
    Lineage(Run& a, Run& b, const Alignment& alignment) : m_a(a), m_b(b), m_alignment(alignment) {}

    /// Requires: the rows before the reader's are classified in the alignment.
    [[nodiscard]] Provenance ask(UsePair input);

    /// Was what a row reads written, or made a view of, by a row that differs?
    [[nodiscard]] bool comesFromDifference(UsePair input);

    /// The row that made the view that is read in run A (or B); kNone64 = none did.
    [[nodiscard]] trace::EventId makerOfView(UsePair input, bool isA);

    /// Does a row of run A (or of B) read what a row that differs, or that one run lacks, has
    /// written?
    [[nodiscard]] bool readsDifference(trace::EventId event, bool isA);

    /// The generator's name if `event` is one of `draws`, or works, over however many rows, on what
    /// one of them wrote; else null.
    [[nodiscard]] const std::string* reaches(trace::EventId event, bool isA,
                                             const NamedDraws& draws);

private:
    struct History;
    History historyOf(Run& run, std::uint64_t use, bool isA);
    void judgeWrite(Run& run, std::uint64_t write, bool isA, History& history);
    [[nodiscard]] trace::EventId twinRow(trace::EventId event, bool isA) const;
    void judgeNestedWrite(Run& run, std::uint64_t write, bool isA, History& history);
    [[nodiscard]] bool isOfOtherView(UsePair input);
    bool bornInDifference(Run& run, std::uint64_t storage, bool isA);
    [[nodiscard]] bool isUnordered(UsePair input, const History& a, const History& b) const;
    bool isOtherTurn(UsePair input);
    [[nodiscard]] bool rowDiffers(trace::EventId row, bool isA) const;

    Run& m_a;
    Run& m_b;
    const Alignment& m_alignment;
};

} // namespace repro::replay
