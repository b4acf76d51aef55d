// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QPainter>
#include <QString>

#include <cstdint>

namespace repro::gui::plot {

/// What a row is, told by shape and letter first and by colour last.
enum class Mark : std::uint8_t {
    Same,
    Tolerated,
    Healed,
    Inherited,
    Amplified,
    OnlyA,
    OnlyB,
    Changed,
    Unknown,
    NonFinite,
    RngOrigin,
    Origin,
};
inline constexpr int kMarkCount = 12;

/// One character: = ≈ ○ ◇ ▲ A B # ? ! ◈ ◆
[[nodiscard]] QString markLetter(Mark mark);
/// "same", "within tolerance", "healed", ...
[[nodiscard]] QString markName(Mark mark);
/// Draws the mark's shape around `centre`, `size` high, with a halo of the background.
void drawMark(QPainter& painter, Mark mark, QPointF centre, qreal size, const PlotTheme& theme);
/// A ● or B ■, the mark of a run in lines and legends.
void drawRunMark(QPainter& painter, Run run, QPointF centre, qreal size, const PlotTheme& theme);
/// "A ●  B ■" in a row from the left middle of `place`. Returns: the width used.
qreal drawRunLegend(QPainter& painter, const QRectF& place, const PlotTheme& theme);

} // namespace repro::gui::plot
