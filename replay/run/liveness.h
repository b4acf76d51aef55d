// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <vector>

namespace repro::replay {

class Run;

/// Which of the bytes that a run's ops wrote somebody can see, told backwards from its end as a
/// compiler finds dead stores. Bytes are seen if an op reads them, before they are overwritten,
/// and something is seen of what that op does; an op that returns no tensor, one that is not
/// ATen's and one that never ended are seen, but for those that draw the seed of a loader's
/// workers, of which is seen what the workers make. Bytes that no op reads are seen if they are the
/// last that was written there, for the program has the pointer, unless the tensor was given
/// another storage (set_, set_data) or its name went to another tensor.
///
/// One backward pass over the uses; memory is two bits an event and a use while it lives.
/// Threads: immutable once made.
class Liveness {
public:
    explicit Liveness(const Run& run);

    /// Of an output or an argument that was written; of a gradient's mark and a watch, what it
    /// looked at.
    [[nodiscard]] bool isSeen(std::uint64_t use) const { return m_use[use]; }
    /// Is any output of the op seen, or does it hand on what it read in another way?
    [[nodiscard]] bool isEventSeen(trace::EventId event) const { return m_event[event]; }

private:
    std::vector<bool> m_use, m_event;
};

} // namespace repro::replay
