// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/map/map_lane.h"
#include "gui/viewmodel/document.h"
#include "gui/viewmodel/losses.h"

namespace repro::gui {

/// The losses of a document; `b` is empty of one run.
struct LossesOfRuns {
    std::vector<Loss> a, b;
};
[[nodiscard]] LossesOfRuns lossesOf(const Document& document, const CancelFlag& cancel);

/// The curves of the losses over the columns of a map.
struct LossLanes {
    std::vector<plot::MapLane> lanes;
    /// By lane and column: the row that computed the loss; kNone32 where there is none.
    std::vector<std::vector<std::uint32_t>> rows;
    bool unread = false; ///< there are losses, but no number of any was recorded
};
/// A lane for each loss of a step (a GAN has two); one for the last, where a step has more than a
/// map has room for. Matched losses share the column of their row.
[[nodiscard]] LossLanes lossLanes(const Document& document, const LossesOfRuns& losses,
                                  std::size_t columns, std::uint32_t stepsPerColumn);

} // namespace repro::gui
