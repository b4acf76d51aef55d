// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/nested.h"

namespace repro::replay {

std::vector<trace::EventId> nestedEvents(const Run& run, trace::EventId event) {
    std::vector<trace::EventId> nested;
    const std::uint64_t end = run.events.end[event];
    for (trace::EventId e = event + 1; e < run.events.count && run.events.begin[e] < end; ++e) {
        if (run.events.thread[e] == run.events.thread[event]) {
            nested.push_back(e);
        }
    }
    return nested;
}

} // namespace repro::replay
