// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace repro::collector {

/// Which op built a backward node. LibTorch numbers the nodes that a thread builds; an op that
/// moved the number from `begin` to `end` built the nodes [begin, end), but for those that ops
/// within it built. Ends arrive inside out, so a later claim takes only what is left.
class ForwardLinks {
public:
    struct Link {
        trace::EventId event = trace::kNone64; ///< none: only the layer is known
        trace::LayerId layer = trace::kNone32;
        trace::SiteId site = trace::kNone32;
    };

    /// Returns: whether anything of the interval was left to claim.
    bool claim(std::uint64_t thread, std::uint64_t begin, std::uint64_t end, const Link& link);
    /// `sequence` of a node, `thread` that built it.
    [[nodiscard]] Link find(std::uint64_t thread, std::uint64_t sequence) const;

private:
    struct Interval {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        Link link;
    };
    /// Sorted, disjoint. The oldest are forgotten: nodes that old have run or never will.
    std::unordered_map<std::uint64_t, std::vector<Interval>> m_byThread;
};

} // namespace repro::collector
