// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/provenance/foreign_streams.h"
#include "replay/result/environment.h"
#include "replay/result/result.h"
#include "replay/run/row_compare.h"

#include <optional>
#include <span>

namespace repro::replay {

/// Names the generator of Python or NumPy behind what a program handed to its ops.
class StreamExplainer {
public:
    StreamExplainer(const Sides& sides, std::span<const EnvironmentDifference> environment)
        : m_sides(sides), m_streams(sides), m_environment(environment) {}

    /// The cause, or CauseClass::Stream in its place where what differs came from the program, and
    /// one of those generators had parted by then. `slot`: the input that differs, if it is one.
    [[nodiscard]] Cause reconsidered(const Row& row, const std::optional<UsePair>& slot,
                                     Cause cause) const;

private:
    [[nodiscard]] EventPair handedOver(const Row& row, const std::optional<UsePair>& slot) const;
    [[nodiscard]] Cause drawn(const Row& row, const ForeignParting& parting, Cause cause) const;
    [[nodiscard]] Evidence whereItParted(const ForeignParting& parting) const;
    [[nodiscard]] bool mayBeHashOrder(const std::optional<UsePair>& slot, const Cause& cause) const;

    const Sides& m_sides;
    ForeignStreams m_streams;
    std::span<const EnvironmentDifference> m_environment;
};

} // namespace repro::replay
