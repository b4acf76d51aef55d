// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/cell_style.h"
#include "gui/plot/kit/marks.h"
#include "gui/viewmodel/visible_rows.h"

#include <vector>

namespace repro::gui {

/// How rows of a document are drawn.
[[nodiscard]] plot::Mark markOf(const RowEntry& row);
/// One style for each row that is shown (null: for each row there is); `details` (may be null)
/// tells ULP.
[[nodiscard]] std::vector<plot::CellStyleSet> stylesOf(const Rows& rows,
                                                       const std::vector<RowDetail>* details,
                                                       const VisibleRows* shown = nullptr);

} // namespace repro::gui
