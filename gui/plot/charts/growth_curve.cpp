// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/growth_curve.h"

#include "gui/plot/kit/chart_frame.h"
#include "gui/plot/kit/line_path.h"
#include "gui/plot/kit/marks.h"
#include "gui/plot/kit/texture.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {

GrowthCurve::GrowthCurve(QWidget* parent) : Chart(tr("Growth of the difference"), parent) {
    setTable(
        {QStringLiteral("x"), tr("differing"), tr("max relative error")},
        [this] { return int(m_data.x.size()); },
        [this](int row, int column) -> QVariant {
            const auto i = std::size_t(row);
            return column == 0                         ? m_data.x[i]
                   : column == 1                       ? m_data.differing[i]
                   : std::isnan(m_data.maxRelative[i]) ? tr("not known")
                                                       : QVariant(m_data.maxRelative[i]);
        });
    dataChanged();
}

void GrowthCurve::setData(GrowthData given) {
    m_data = std::move(given);
    m_focus = -1;
    fit();
    dataChanged();
}

void GrowthCurve::setFocusPoint(int index) {
    m_focus = index;
    repaintPlot();
}

QRectF GrowthCurve::bounds() const {
    if (m_data.x.empty()) {
        return {};
    }
    const double span = m_data.x.back() - m_data.x.front();
    // A little air at either side; a single point stands in the middle.
    const double air = span > 0 ? span * 0.01 : 0.5;
    return {m_data.x.front() - air, 0, span + 2 * air, 1};
}

Axis GrowthCurve::errorAxis() const {
    double low = m_data.threshold > 0 ? m_data.threshold : INFINITY, high = 0;
    for (const double value : m_data.maxRelative) {
        if (std::isfinite(value) && value > 0) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    low = std::isfinite(low) ? low : 1e-7;
    return {std::pow(10, std::floor(std::log10(low) - 0.2)),
            std::pow(10, std::ceil(std::log10(std::max(high, low)) + 0.2)), Scale::Log10,
            tr("rel. error")};
}

QRectF GrowthCurve::plotArea(QSizeF size, const PlotTheme& theme) const {
    double most = 1;
    for (const double n : m_data.differing) {
        most = std::isfinite(n) ? std::max(most, n) : most;
    }
    const qreal left = std::max(chartArea(size, theme, errorAxis()).left(),
                                chartArea(size, theme, countAxis(most, tr("differ"))).left());
    QRectF plot = chartArea(size, theme, errorAxis());
    plot.setLeft(left);
    return plot;
}

void GrowthCurve::paintChart(QPainter& painter, const QRectF& plot, const PlotTheme& theme,
                             qreal /*dpr*/) const {
    const Panels place = panels(plot, 0.4, theme);
    paintSpread(painter, place.upper, theme);
    paintError(painter, place.lower, theme);
    drawXAxis(painter, {view().left(), view().right(), Scale::Linear, m_data.xTitle}, plot, theme,
              true);
}

void GrowthCurve::paintFocus(QPainter& painter, const QRectF& plot, const PlotTheme& theme) const {
    if (m_focus >= 0 && std::size_t(m_focus) < m_data.x.size()) {
        paintFocusLine(painter, m_data.x[std::size_t(m_focus)], plot, theme, Qt::SolidLine);
    }
}

void GrowthCurve::paintSpread(QPainter& painter, const QRectF& place,
                              const PlotTheme& theme) const {
    double most = 1;
    for (const double n : m_data.differing) {
        most = std::isfinite(n) ? std::max(most, n) : most;
    }
    const Axis axis = countAxis(most, tr("differ"));
    drawYAxis(painter, axis, place, theme);
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    const QPainterPath line = linePath(m_data.x, m_data.differing, view().left(), view().right(),
                                       place, [&axis](double n) { return countUnit(axis, n); });
    painter.strokePath(line, QPen(theme.severity[2], 2));
    painter.restore();
}

void GrowthCurve::paintError(QPainter& painter, const QRectF& place, const PlotTheme& theme) const {
    const Axis axis = errorAxis();
    drawYAxis(painter, axis, place, theme);
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    if (m_data.threshold > 0) {
        const qreal y = place.bottom() - axis.toUnit(m_data.threshold) * place.height();
        painter.setPen(QPen(theme.axis, 1, Qt::DashLine));
        painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y));
    }
    // Equal points lie on the foot: a log scale has no 0.
    const auto unit = [&axis](double value) { return value > 0 ? axis.toUnit(value) : 0; };
    painter.strokePath(
        linePath(m_data.x, m_data.maxRelative, view().left(), view().right(), place, unit),
        QPen(theme.severity[3], 2));
    for (std::size_t i = 0; i < m_data.x.size(); ++i) {
        if (std::isinf(m_data.maxRelative[i])) {
            const qreal x = toPixel({m_data.x[i], 0}, place).x();
            const QRectF bar(x - 1.5, place.top(), 3, place.height());
            painter.fillRect(bar, theme.nonFinite);
            drawHatch(painter, bar, theme.hatch);
        }
    }
    if (m_data.x.size() <= std::size_t(place.width() / 8)) { // room for points
        for (std::size_t i = 0; i < m_data.x.size(); ++i) {
            if (std::isfinite(m_data.maxRelative[i])) {
                painter.setPen(QPen(theme.background, 1));
                painter.setBrush(theme.severity[3]);
                painter.drawEllipse(
                    QPointF(toPixel({m_data.x[i], 0}, place).x(),
                            place.bottom() - unit(m_data.maxRelative[i]) * place.height()),
                    3, 3);
            }
        }
    }
    painter.restore();
}

int GrowthCurve::pointAt(QPointF position) const {
    if (m_data.x.empty()) {
        return -1;
    }
    const double at = toData(position).x();
    const auto next = std::lower_bound(m_data.x.begin(), m_data.x.end(), at);
    if (next == m_data.x.begin()) {
        return 0;
    }
    const auto index = int(next - m_data.x.begin());
    return next == m_data.x.end() || at - *std::prev(next) < *next - at ? index - 1 : index;
}

void GrowthCurve::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    if (const int point = pointAt(position); point >= 0) {
        Q_EMIT pointActivated(point);
    }
}

void GrowthCurve::moveCursor(int dx, int /*dy*/, Qt::KeyboardModifiers /*modifiers*/) {
    if (!m_data.x.empty() && dx != 0) {
        Q_EMIT pointActivated(std::clamp(m_focus + dx, 0, int(m_data.x.size()) - 1));
    }
}

QString GrowthCurve::sentence() const {
    if (m_data.x.empty()) {
        return tr("Nothing differs, so nothing grows.");
    }
    double worst = -1;
    for (const double value : m_data.maxRelative) {
        worst = std::isnan(value) ? worst : std::max(worst, value);
    }
    if (worst < 0) {
        return tr("How far the values differ is not known: their bytes were not recorded.");
    }
    const auto over = std::find_if(m_data.maxRelative.begin(), m_data.maxRelative.end(),
                                   [this](double v) { return v > m_data.threshold; });
    const QString end = tr("largest relative error %1").arg(number(worst, 3));
    return over == m_data.maxRelative.end() || m_data.threshold <= 0
               ? tr("%1, never above %2.")
                     .arg(end.at(0).toUpper() + end.mid(1), number(m_data.threshold, 3))
               : tr("Leaves %1 at %2 %3; %4.")
                     .arg(number(m_data.threshold, 3), m_data.xTitle,
                          number(m_data.x[std::size_t(over - m_data.maxRelative.begin())]), end);
}

QString GrowthCurve::readout(QPointF position) const {
    const int point = isOverPlot(position) ? pointAt(position) : -1;
    if (point < 0) {
        return {};
    }
    const auto i = std::size_t(point);
    const double error = m_data.maxRelative[i];
    return tr("%1 %2: %3 differ, largest relative error %4")
        .arg(m_data.xTitle, number(m_data.x[i]), number(m_data.differing[i]),
             std::isnan(error) ? tr("not known") : number(error, 3));
}

} // namespace repro::gui::plot
