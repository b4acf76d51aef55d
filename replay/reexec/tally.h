// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"
#include "replay/result/result.h"
#include "trace/reader.h"

#include <span>
#include <vector>

namespace repro::replay::exec {

/// One result among those that the runs of an op came to.
struct Distinct {
    std::uint64_t runs = 0; ///< that came to it
    std::vector<Result> results;
    std::vector<bool> isRecorded; ///< for each recording: is it what that one has?
};

/// Sorts the outcomes of an op's runs by their bits. Slots that carry no meaning in the recording,
/// as workspaces, do not count.
class Tally {
public:
    /// Borrows the readers. `events`: the op in each, the first of which was run.
    struct Recording {
        const trace::Reader* reader;
        trace::EventId event;
    };
    explicit Tally(std::vector<Recording> recordings);

    /// Returns: which of `distinct()` the outcome is. Requires: no error in it.
    std::size_t add(Outcome outcome);

    [[nodiscard]] std::uint64_t runs() const;
    /// In the order of their coming.
    [[nodiscard]] std::span<const Distinct> distinct() const { return m_distinct; }
    /// The most that another result is apart from that which came first.
    [[nodiscard]] Difference spread() const;
    /// Runs that came to what a recording has.
    [[nodiscard]] std::uint64_t asRecorded(std::size_t recording) const;

private:
    [[nodiscard]] bool isAsRecorded(const std::vector<Result>& results,
                                    const Recording& recording) const;
    std::vector<Recording> m_recordings;
    std::vector<Distinct> m_distinct;
};

} // namespace repro::replay::exec
