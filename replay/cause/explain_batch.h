// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"
#include "replay/provenance/batches.h"
#include "replay/result/result.h"

#include <optional>

namespace repro::replay {

/// Says why a batch that a loader's worker made has other data.
class BatchExplainer {
public:
    explicit BatchExplainer(const Sides& sides)
        : m_sides(sides), m_a(sides.a.run), m_b(sides.b.run) {}

    /// A better cause than that of an input which no op made, if the last batch tells one.
    [[nodiscard]] std::optional<Cause> reconsidered(const Row& row, const Cause& cause) const;

private:
    const Sides& m_sides;
    Batches m_a, m_b;
};

} // namespace repro::replay
