// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/align/side.h"
#include "replay/cause/explain.h"
#include "replay/classify/draws.h"
#include "replay/classify/inputs.h"
#include "replay/classify/origins.h"

#include <cstddef>

namespace repro::replay {

/// Judges rows that made something else of equal inputs and arguments.
class Kernels {
public:
    Kernels(const Sides& sides, const Explainer& explain, const Draws& draws, const Inputs& inputs,
            Origins& origins)
        : m_sides(sides), m_explain(explain), m_draws(draws), m_inputs(inputs), m_origins(origins) {
    }

    /// Requires: outputs in `now`.
    RowClass judge(std::size_t index, const RowComparison& now);

private:
    [[nodiscard]] bool nestedDiffers(const Row& row) const;

    const Sides& m_sides;
    const Explainer& m_explain;
    const Draws& m_draws;
    const Inputs& m_inputs;
    Origins& m_origins;
};

} // namespace repro::replay
