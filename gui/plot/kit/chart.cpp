// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/chart.h"

#include "gui/plot/kit/chart_frame.h"

#include <QFontMetricsF>

#include <cmath>

namespace repro::gui::plot {

void Chart::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size, qreal dpr) const {
    if (isEmpty()) {
        drawEmpty(painter, size, sentence(), theme);
        return;
    }
    const QRectF plot = plotArea(size, theme);
    if (plot.width() < smallest().width() || plot.height() < smallest().height()) {
        return;
    }
    paintChart(painter, plot, theme, dpr);
    drawChartHead(painter, plot, head(), hasLegend(), theme);
    paintFocus(painter, plot, theme);
}

bool Chart::isOverPlot(QPointF position) const {
    return plotArea(size(), theme()).contains(position);
}

void Chart::paintFocusLine(QPainter& painter, double x, const QRectF& plot, const PlotTheme& theme,
                           Qt::PenStyle style) const {
    const qreal at = toPixel({x, 0}, plot).x();
    if (at >= plot.left() && at <= plot.right()) {
        painter.setPen(QPen(theme.selection, 1.5, style));
        painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
    }
}

Chart::Panels Chart::panels(const QRectF& plot, double share, const PlotTheme& theme) {
    const qreal gap = QFontMetricsF(theme.font).height();
    const qreal high = std::floor((plot.height() - gap) * share);
    return {QRectF(plot.topLeft(), QSizeF(plot.width(), high)),
            QRectF(plot.left(), plot.top() + high + gap, plot.width(), plot.height() - high - gap)};
}

} // namespace repro::gui::plot
