// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/chart_frame.h"

#include "gui/plot/kit/marks.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {} // namespace

QRectF chartArea(QSizeF size, const PlotTheme& theme, const Axis& y) {
    const qreal line = QFontMetricsF(theme.font).height();
    const qreal top = std::ceil(line + 2 * kPad),
                bottom = std::floor(size.height() - xAxisHeight(theme) - 2);
    const qreal left = std::ceil(yAxisWidth(y, bottom - top, theme) + 2);
    return QRectF(QPointF(left, top), QPointF(std::floor(size.width() - line), bottom));
}

void drawChartHead(QPainter& painter, const QRectF& plot, const QString& text, bool runs,
                   const PlotTheme& theme) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    QRectF head(plot.left(), plot.top() - kPad - metrics.height(), plot.width(), metrics.height());
    if (runs) {
        head.setLeft(head.left() + drawRunLegend(painter, head, theme) + kPad);
    }
    const QString shown = metrics.elidedText(text, Qt::ElideRight, head.width());
    painter.setPen(theme.text);
    painter.drawText(QPointF(head.right() - metrics.horizontalAdvance(shown),
                             head.center().y() + metrics.capHeight() / 2),
                     shown);
    painter.restore();
}

void drawEmpty(QPainter& painter, QSizeF size, const QString& text, const PlotTheme& theme) {
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF({}, size).adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     text);
}

void drawHandle(QPainter& painter, qreal x, const QRectF& plot, const PlotTheme& theme) {
    painter.save();
    painter.setPen(QPen(theme.background, 3));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setPen(QPen(theme.selection, 1.5));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setPen(QPen(theme.background, 1));
    painter.setBrush(theme.selection);
    const QPointF foot(x, plot.bottom());
    painter.drawPolygon(
        QPolygonF({foot - QPointF(0, 9), foot + QPointF(6, 0), foot - QPointF(6, 0)}));
    painter.restore();
}

Axis countAxis(double most, const QString& title) {
    return {0.5, std::max(10.0, most * 1.3), Scale::Log10, title};
}

double countUnit(const Axis& axis, double count) {
    return count > 0 ? std::clamp(axis.toUnit(count), 0.0, 1.0) : 0;
}

} // namespace repro::gui::plot
