// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/theme.h"

#include <QPainter>
#include <QRectF>

namespace repro::gui::plot {

/// What is left for data once axes, and a line of legend at the top, have taken their room. Whole
/// pixels.
[[nodiscard]] QRectF chartArea(QSizeF size, const PlotTheme& theme, const Axis& y);
/// The line over the plot: legend at the left, `text` at the right, elided where both do not fit.
void drawChartHead(QPainter& painter, const QRectF& plot, const QString& text, bool runs,
                   const PlotTheme& theme);
/// A sentence in the middle of an empty picture.
void drawEmpty(QPainter& painter, QSizeF size, const QString& text, const PlotTheme& theme);
/// A vertical line that can be dragged, with a grip at its foot.
void drawHandle(QPainter& painter, qreal x, const QRectF& plot, const PlotTheme& theme);
/// An axis of counts: logarithmic, so that one among millions is still a bar.
[[nodiscard]] Axis countAxis(double most, const QString& title);
/// The height of a count on it, 0 to 1; 0 stays 0.
[[nodiscard]] double countUnit(const Axis& axis, double count);

} // namespace repro::gui::plot
