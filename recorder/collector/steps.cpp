// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/steps.h"

#include <algorithm>

namespace repro::collector {
namespace {

/// A mark that jumps further is taken for a label of its own, not for so many empty steps.
constexpr std::uint64_t kFurthestJump = 1U << 20U;

/// Each candidate but the first begins a step.
template <class List>
std::vector<trace::EventId> allButFirst(const List& candidates) {
    std::vector<trace::EventId> starts;
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        starts.push_back(candidates[i].event);
    }
    return starts;
}

} // namespace

void Steps::optimizerStepped(std::uint64_t optimizer, trace::EventId nextEvent) {
    m_optimizerSteps.push_back({optimizer, nextEvent});
}

void Steps::zeroGrad(std::uint64_t optimizer, trace::EventId event) {
    // With several of them the first one's call begins the step, as it does every time.
    if (m_zeroGrads.empty() || m_zeroGrads.front().who == optimizer) {
        m_zeroGrads.push_back({optimizer, event});
    }
}

void Steps::rootLayerCalled(trace::LayerId layer, trace::EventId event) {
    if (m_rootCalls.empty() || m_rootCalls.front().who == layer) {
        m_rootCalls.push_back({layer, event});
    }
}

void Steps::marked(std::uint64_t step, trace::EventId event) {
    m_marks.push_back({step, event});
}

std::vector<trace::EventId> Steps::fromMarks() const {
    std::vector<trace::EventId> starts;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const std::uint64_t current = starts.size();
        const std::uint64_t wanted = m_marks[i].who;
        if (i == 0 && wanted == 0) {
            continue; // what came before belongs to step 0 as well
        }
        const bool ahead = wanted > current && wanted - current <= kFurthestJump;
        // A count that starts over (a new epoch) goes on from where it was.
        starts.resize(ahead ? wanted : current + 1, m_marks[i].event);
    }
    return starts;
}

std::vector<trace::EventId> Steps::fromOptimizers() const {
    const std::uint64_t first = m_optimizerSteps.front().who;
    const bool single = std::ranges::all_of(
        m_optimizerSteps, [first](const Candidate& step) { return step.who == first; });
    std::vector<trace::EventId> starts;
    bool otherStepped = false;
    std::uint64_t closer = first; ///< whose step closed the round before
    for (std::size_t i = 0; i < m_optimizerSteps.size(); ++i) {
        const Candidate& step = m_optimizerSteps[i];
        if (single) {
            starts.push_back(step.event);
            continue;
        }
        if (step.who == first && otherStepped) {
            starts.push_back(m_optimizerSteps[i - 1].event);
            closer = m_optimizerSteps[i - 1].who;
            otherStepped = false;
        }
        otherStepped = otherStepped || step.who != first;
    }
    // The last round has nobody after it to close it: it is whole if the usual one stepped last.
    const bool whole = starts.empty() || m_optimizerSteps.back().who == closer;
    if (!single && otherStepped && whole) {
        starts.push_back(m_optimizerSteps.back().event);
    }
    return starts;
}

std::vector<trace::EventId> Steps::settle(trace::EventId eventCount) const {
    std::vector<trace::EventId> starts;
    if (!m_marks.empty()) {
        starts = fromMarks();
    } else if (!m_optimizerSteps.empty()) {
        starts = fromOptimizers();
    } else if (!m_zeroGrads.empty()) {
        starts = allButFirst(m_zeroGrads);
    } else {
        starts = allButFirst(m_rootCalls);
    }
    while (!starts.empty() && starts.back() >= eventCount) {
        starts.pop_back();
    }
    return starts;
}

std::uint64_t Steps::count(const std::vector<trace::EventId>& starts) const {
    const bool ends = m_marks.empty() && !m_optimizerSteps.empty() && !starts.empty() &&
                      m_optimizerSteps.back().event <= starts.back();
    return starts.size() + (ends ? 0 : 1);
}

} // namespace repro::collector
