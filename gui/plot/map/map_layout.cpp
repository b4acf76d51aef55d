// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/map_layout.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

qreal labelWidth(const MapData& data, const std::vector<MapLane>& lanes, QSizeF size,
                 const PlotTheme& theme) {
    const QFontMetricsF metrics(theme.font);
    qreal widest = metrics.horizontalAdvance(count(data.rows));
    for (const RowGroup& group : data.groups) {
        widest = std::max(widest, metrics.horizontalAdvance(group.name));
    }
    for (const MapLane& lane : lanes) {
        widest = std::max(widest, metrics.horizontalAdvance(lane.name));
    }
    return std::ceil(std::min(widest, size.width() * 0.24)) + metrics.height() + 2 * kPad;
}

void drawLabel(QPainter& painter, const QString& text, const QRectF& place,
               const PlotTheme& theme) {
    const QFontMetricsF metrics(theme.font);
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, place.width());
    painter.setPen(theme.mutedText);
    painter.drawText(QPointF(place.right() - metrics.horizontalAdvance(shown),
                             place.center().y() + metrics.capHeight() / 2),
                     shown);
}

} // namespace

MapLayout mapLayout(const MapData& data, const std::vector<MapLane>& lanes, QSizeF size,
                    const PlotTheme& theme) {
    MapLayout layout;
    const qreal line = QFontMetricsF(theme.font).height();
    const qreal left = labelWidth(data, lanes, size, theme), right = size.width() - line;
    qreal top = kPad;
    layout.legend = {left, top, right - left, line};
    top += line + kPad;
    qreal bottom = size.height() - xAxisHeight(theme) - kPad / 2;
    layout.lanes.resize(lanes.size());
    const qreal wanted = line * 4; // the map itself comes first: lanes that leave less are dropped
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const qreal height = laneHeight(lanes[i], theme);
        if (bottom - top - height < wanted) {
            continue;
        }
        if (lanes[i].above) {
            layout.lanes[i] = {left, top, right - left, height};
            top += height + 2;
        } else {
            bottom -= height + 2;
        }
    }
    // Below the map they keep the order of the list.
    qreal under = bottom + 2;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (!lanes[i].above && under + laneHeight(lanes[i], theme) <=
                                   size.height() - xAxisHeight(theme) - kPad / 2 + 0.5) {
            layout.lanes[i] = {left, under, right - left, laneHeight(lanes[i], theme)};
            under += layout.lanes[i].height() + 2;
        }
    }
    // Whole pixels, so that cells are sharp.
    layout.plot = QRectF(QPointF(std::ceil(left), std::ceil(top)),
                         QPointF(std::floor(right), std::floor(std::max(top + 1, bottom))));
    return layout;
}

void paintMapRows(QPainter& painter, const MapData& data, const QRectF& view, const QRectF& plot,
                  const PlotTheme& theme) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const qreal perRow = plot.height() / view.height();
    const auto pixel = [&](double row) { return plot.top() + (row - view.top()) * perRow; };
    if (data.groups.empty()) {
        const Axis axis{view.bottom(), view.top(), Scale::Linear, data.rowTitle};
        Axis rising{view.top(), view.bottom(), Scale::Linear, {}};
        for (const Tick& tick :
             ticks(rising, std::max(1, int(plot.height() / (metrics.height() * 2))), true)) {
            if (tick.value < data.rows && pixel(tick.value + 0.5) < plot.bottom()) {
                const qreal y = pixel(tick.value + 0.5);
                drawLabel(painter, tick.label, {kPad, y - 1, plot.left() - 2 * kPad, 2}, theme);
            }
        }
    }
    qreal free = -INFINITY;
    for (const RowGroup& group : data.groups) {
        const qreal top = std::max(pixel(group.first), plot.top());
        const qreal bottom = std::min(pixel(group.first + group.count), plot.bottom());
        if (bottom <= top) {
            continue;
        }
        if (bottom - top > 3 && bottom < plot.bottom() - 1) {
            painter.setPen(QPen(theme.grid, 1));
            painter.drawLine(QPointF(plot.left(), std::round(bottom) + 0.5),
                             QPointF(plot.right(), std::round(bottom) + 0.5));
        }
        const qreal middle = (top + bottom) / 2;
        if (middle - metrics.ascent() / 2 >= free) { // as many names as there is room for
            drawLabel(painter, group.name, {kPad, middle - 1, plot.left() - 2 * kPad, 2}, theme);
            free = middle + metrics.ascent() / 2;
        }
    }
    painter.restore();
}

void paintMapColumns(QPainter& painter, const MapData& data, const QRectF& view, const QRectF& foot,
                     const PlotTheme& theme) {
    const Axis axis{view.left(), view.right(), Scale::Linear, data.columnTitle};
    std::vector<Tick> marks;
    for (Tick tick : ticks(axis, wantedXTicks(foot.width(), theme), true)) {
        const auto column = std::size_t(std::max(0.0, tick.value));
        if (column < std::size_t(data.columns) && tick.value + 0.5 <= view.right()) {
            tick.label =
                count(data.columnNumbers.empty() ? qint64(column) : data.columnNumbers.at(column));
            tick.value += 0.5; // the middle of its cells
            marks.push_back(tick);
        }
    }
    drawXTicks(painter, axis, marks, foot, theme);
}

void paintMapLanes(QPainter& painter, const std::vector<MapLane>& lanes, const MapLayout& layout,
                   const QRectF& view, const PlotTheme& theme) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const QRectF& place = layout.lanes[i];
        if (place.isEmpty()) {
            continue;
        }
        painter.save();
        drawLabel(painter, lanes[i].name,
                  {kPad, place.top(), place.left() - 2 * kPad, place.height()}, theme);
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(place.bottomLeft(), place.bottomRight());
        painter.setClipRect(place, Qt::IntersectClip);
        paintLane(painter, lanes[i], view.left(), view.right(), place, theme);
        painter.restore();
    }
}

} // namespace repro::gui::plot
