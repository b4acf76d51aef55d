// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <vector>

namespace repro::collector {

/// Where the steps of a run begin. Which rule holds is known only at the end (an optimizer may step
/// for the first time after a million events), so candidates of every rule are kept: 16 bytes each.
///
/// In order of precedence: marks of the API; the ends of optimizers' steps; calls of zero_grad (for
/// optimizers of the user's own); calls of the first root layer.
class Steps {
public:
    /// `nextEvent` is the event that will begin next: the first of the new step.
    void optimizerStepped(std::uint64_t optimizer, trace::EventId nextEvent);
    void zeroGrad(std::uint64_t optimizer, trace::EventId event);
    void rootLayerCalled(trace::LayerId layer, trace::EventId event);
    void marked(std::uint64_t step, trace::EventId event);

    /// Element k is the first event of step k + 1. Boundaries behind the last event do not count.
    [[nodiscard]] std::vector<trace::EventId> settle(trace::EventId eventCount) const;
    /// How many steps there are, where `starts` is what settle() gave. What comes after the last
    /// step of an optimizer has a number of its own and is no step.
    [[nodiscard]] std::uint64_t count(const std::vector<trace::EventId>& starts) const;

private:
    struct Candidate {
        std::uint64_t who = 0;
        trace::EventId event = 0;
    };
    [[nodiscard]] std::vector<trace::EventId> fromMarks() const;
    [[nodiscard]] std::vector<trace::EventId> fromOptimizers() const;

    std::vector<Candidate> m_marks;
    std::vector<Candidate> m_optimizerSteps;
    std::vector<Candidate> m_zeroGrads;
    std::vector<Candidate> m_rootCalls;
};

} // namespace repro::collector
