// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>

namespace repro::gui::plot {

/// What tells classes apart without colour. Each fills `rect`, in phase with the picture and not
/// with the rectangle, so that neighbouring cells join.
void drawHatch(QPainter& painter, const QRectF& rect, const QColor& colour, qreal spacing = 4);
void drawDots(QPainter& painter, const QRectF& rect, const QColor& colour, qreal spacing = 4);
/// Says "more lies here than fits": one zig-zag line along the rectangle's middle.
void drawZigZag(QPainter& painter, const QRectF& rect, const QColor& colour);

} // namespace repro::gui::plot
