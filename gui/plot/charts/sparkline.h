// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QPainter>
#include <QRectF>

#include <span>

namespace repro::gui::plot {

/// A curve without axes, for a table cell or a card: min and max of each pixel kept, NaN a gap.
void drawSparkline(QPainter& painter, std::span<const double> values, const QRectF& place,
                   const QColor& colour);
/// Counts as bars, the largest as high as the place.
void drawBars(QPainter& painter, std::span<const quint64> counts, const QRectF& place,
              const QColor& colour);

} // namespace repro::gui::plot
