// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"

namespace repro::gui::plot {

/// A picture in a frame of axes, with a line over it. While there is nothing to draw it is its
/// sentence, and what has no room is not painted.
class Chart : public Canvas {
    Q_OBJECT
public:
    using Canvas::Canvas;

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const final;

protected:
    [[nodiscard]] virtual bool isEmpty() const { return bounds().isEmpty(); }
    /// Requires: it is not empty, and the plot is at least smallest().
    virtual void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const = 0;
    [[nodiscard]] virtual QSizeF smallest() const { return {8, 8}; }
    /// The line over the plot, at the right.
    [[nodiscard]] virtual QString head() const { return sentence(); }
    /// Whether the legend of A and B stands at the left of it.
    [[nodiscard]] virtual bool hasLegend() const { return false; }

    /// What lies over all else: paintFocusLine(), where there is a focus.
    virtual void paintFocus(QPainter&, const QRectF& /*plot*/, const PlotTheme&) const {}

    /// Of a pixel of the widget.
    [[nodiscard]] bool isOverPlot(QPointF position) const;
    /// A vertical line at x, in data coordinates: where the focus is.
    void paintFocusLine(QPainter&, double x, const QRectF& plot, const PlotTheme&,
                        Qt::PenStyle) const;
    /// Two plots over each other, the upper one with this share of the height.
    struct Panels {
        QRectF upper, lower;
    };
    [[nodiscard]] static Panels panels(const QRectF& plot, double share, const PlotTheme&);
};

} // namespace repro::gui::plot
