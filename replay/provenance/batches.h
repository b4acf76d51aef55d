// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// A batch that a worker process of a loader made. What is not known is empty.
struct Batch {
    std::string number; ///< in its pass over the loader, from 0
    std::string worker;
    std::string seed;     ///< of the worker
    std::string examples; ///< that it was asked for
    struct States {
        std::string random, numpy; ///< fingerprints of the worker's generators
    };
    States before, after;
};

/// The batches of one run.
class Batches {
public:
    explicit Batches(const Run& run);
    /// The last that was handed over in the event's thread before it.
    [[nodiscard]] std::optional<Batch> before(trace::EventId event) const;

private:
    const Run& m_run;
    std::vector<trace::EventId> m_events;
};

} // namespace repro::replay
