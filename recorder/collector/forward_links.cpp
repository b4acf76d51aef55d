// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/forward_links.h"

#include <algorithm>

namespace repro::collector {
namespace {

constexpr std::size_t kMostIntervals = 1U << 20U;

} // namespace

bool ForwardLinks::claim(std::uint64_t thread, std::uint64_t begin, std::uint64_t end,
                         const Link& link) {
    auto& intervals = m_byThread[thread];
    const auto inner = std::lower_bound(
        intervals.begin(), intervals.end(), begin,
        [](const Interval& interval, std::uint64_t at) { return interval.begin < at; });
    const std::vector<Interval> nested(inner, intervals.end());
    intervals.erase(inner, intervals.end());
    bool claimed = false;
    std::uint64_t at = begin;
    const auto fill = [&](std::uint64_t until) {
        if (at < until) {
            intervals.push_back({at, until, link});
            claimed = true;
        }
    };
    for (const Interval& interval : nested) {
        fill(std::min(interval.begin, end));
        intervals.push_back(interval);
        at = std::max(at, interval.end);
    }
    fill(end);
    if (intervals.size() > kMostIntervals) {
        intervals.erase(intervals.begin(), intervals.begin() + kMostIntervals / 2);
    }
    return claimed;
}

ForwardLinks::Link ForwardLinks::find(std::uint64_t thread, std::uint64_t sequence) const {
    const auto found = m_byThread.find(thread);
    if (found == m_byThread.end()) {
        return {};
    }
    const auto& intervals = found->second;
    const auto after = std::upper_bound(
        intervals.begin(), intervals.end(), sequence,
        [](std::uint64_t at, const Interval& interval) { return at < interval.begin; });
    if (after == intervals.begin()) {
        return {};
    }
    const Interval& candidate = *(after - 1);
    return sequence < candidate.end ? candidate.link : Link{};
}

} // namespace repro::collector
