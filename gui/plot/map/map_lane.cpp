// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/map_lane.h"

#include "gui/plot/kit/cell_style_paint.h"
#include "gui/plot/kit/line_path.h"
#include "gui/plot/kit/marks.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

Axis valueAxis(const MapLane& lane) {
    Axis axis{INFINITY, -INFINITY, lane.scale, {}};
    for (const auto* values : {&lane.a, &lane.b}) {
        for (const double value : *values) {
            if (std::isfinite(value) && (lane.scale == Scale::Linear || value > 0)) {
                axis.low = std::min(axis.low, value);
                axis.high = std::max(axis.high, value);
            }
        }
    }
    return axis.low <= axis.high ? axis : Axis{};
}

void paintDelta(QPainter& painter, const MapLane& lane, double first, double last,
                const QRectF& place, const PlotTheme& theme) {
    double most = 0;
    for (const double value : lane.delta) {
        most = std::isfinite(value) ? std::max(most, value) : most;
    }
    if (most <= 0) {
        return;
    }
    const double per = place.width() / (last - first);
    const auto from = std::size_t(std::max(0.0, std::floor(first)));
    const auto to = std::min(lane.delta.size(), std::size_t(std::max(0.0, std::ceil(last))));
    // Of the columns that share a pixel the highest is drawn: there may be far more of them.
    for (std::size_t i = from; i < to;) {
        const qreal left = place.left() + (double(i) - first) * per;
        double highest = lane.delta[i];
        for (++i; i < to && place.left() + (double(i) - first) * per < std::floor(left) + 1; ++i) {
            highest = std::max(highest, lane.delta[i]);
        }
        if (highest > 0) { // the smallest difference still shows
            const qreal height = std::max(1.0, std::min(1.0, highest / most) * place.height());
            painter.fillRect(QRectF(left, place.bottom() - height, std::max(per, 1.0), height)
                                 .intersected(place),
                             theme.axis);
        }
    }
}

void paintMarks(QPainter& painter, const MapLane& lane, double first, double last,
                const QRectF& place, const PlotTheme& theme) {
    const CellStylePalette palette(theme);
    const int pixels = int(place.width());
    const qreal bar = std::min<qreal>(place.height(), 8);
    CellStyleSet shown;
    qreal free = -INFINITY; // where the last mark ends
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const auto from = std::int64_t(first + pixel * (last - first) / pixels);
        const auto to =
            std::max(from + 1, std::int64_t(first + (pixel + 1) * (last - first) / pixels));
        CellStyleSet styles;
        for (auto i = std::max<std::int64_t>(from, 0);
             i < std::min(to, std::int64_t(lane.marks.size())); ++i) {
            styles |= lane.marks[std::size_t(i)];
        }
        if (styles.empty()) {
            continue;
        }
        const QRectF column(place.left() + pixel, place.center().y() - bar / 2, 1, bar);
        painter.fillRect(column, QColor::fromRgb(palette.pixel(styles, pixel, 2)));
        const bool origin = styles.has(CellStyle::Origin) || styles.has(CellStyle::RngOrigin);
        // Once for each column, in its middle.
        const double middle = (double(from) + 0.5 - first) / (last - first) * pixels;
        if (origin && column.left() >= free && pixel >= int(middle)) {
            drawMark(painter, styles.has(CellStyle::Origin) ? Mark::Origin : Mark::RngOrigin,
                     column.center(), theme.markSize, theme);
            free = place.left() + (double(to) - first) / (last - first) * pixels;
            free = std::max(free, column.left() + theme.markSize);
        }
    }
}

constexpr int kDigits = 9; // tell neighbours in float32 apart

} // namespace

std::optional<double> laneValue(const MapLane& lane, Run run, std::size_t column) {
    const auto& values = run == Run::A ? lane.a : lane.b;
    if (column >= values.size()) {
        return std::nullopt;
    }
    const bool isNumber =
        !std::isnan(values[column]) ||
        (column < lane.marks.size() && lane.marks[column].has(CellStyle::NonFinite));
    return isNumber ? std::optional(values[column]) : std::nullopt;
}

QString laneWords(const MapLane& lane, std::size_t column) {
    QStringList parts;
    for (const Run run : {Run::A, Run::B}) {
        if (const auto value = laneValue(lane, run, column)) {
            parts += QStringLiteral("%1 %2").arg(run == Run::A ? QChar(u'A') : QChar(u'B'),
                                                 number(*value, kDigits));
        }
    }
    if (column < lane.delta.size() && (parts.size() == 2 || lane.a.empty())) {
        const QString delta = number(lane.delta[column], 3);
        parts += lane.a.empty() ? delta : QStringLiteral("|Δ| %1").arg(delta);
    }
    return parts.join(QStringLiteral(", "));
}

qreal laneHeight(const MapLane& lane, const PlotTheme& theme) {
    const bool curves = !lane.a.empty() || !lane.b.empty() || !lane.delta.empty();
    return std::ceil(QFontMetricsF(theme.font).height() * (curves ? 2.6 : 1.3));
}

void paintLane(QPainter& painter, const MapLane& lane, double first, double last,
               const QRectF& place, const PlotTheme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintDelta(painter, lane, first, last, place, theme);
    paintMarks(painter, lane, first, last, place, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    const Axis axis = valueAxis(lane);
    const auto toUnit = [&axis](double value) { return axis.toUnit(value); };
    const QRectF inner = place.adjusted(0, 4, 0, -4);
    for (const Run run : {Run::B, Run::A}) { // where both are equal A's thinner line lies on B's
        const auto& values = run == Run::A ? lane.a : lane.b;
        painter.strokePath(linePath(values, first, last, inner, toUnit),
                           QPen(theme.fill(run), run == Run::A ? 1.4 : 3.4));
        auto end = std::min(values.size(), std::size_t(std::max(0.0, std::floor(last))));
        while (end > 0 && !std::isfinite(values[end - 1])) {
            --end; // the last step may have none
        }
        if (end > 0 && double(end) > first) { // told apart by shape, too
            const double x =
                place.left() + (double(end) - 0.5 - first) / (last - first) * place.width();
            drawRunMark(painter, run,
                        {std::min(x, place.right() - 4),
                         inner.bottom() - toUnit(values[end - 1]) * inner.height()},
                        7, theme);
        }
    }
    painter.restore();
}

} // namespace repro::gui::plot
