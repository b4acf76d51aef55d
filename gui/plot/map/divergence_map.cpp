// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/divergence_map.h"

#include "gui/plot/kit/cell_style_paint.h"
#include "gui/plot/kit/marks.h"
#include "gui/plot/kit/texture.h"
#include "gui/plot/map/map_layout.h"
#include "gui/plot/map/map_raster.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

QString rowName(const MapData& data, int row) {
    for (const RowGroup& group : data.groups) {
        if (row >= group.first && row < group.first + group.count) {
            return group.count == 1
                       ? group.name
                       : QStringLiteral("%1 [%2]").arg(group.name, count(row - group.first));
        }
    }
    return QStringLiteral("%1 %2").arg(data.rowTitle, count(row));
}

} // namespace

DivergenceMap::DivergenceMap(QWidget* parent)
    : Canvas(tr("Divergence map"), parent), m_raster(std::make_unique<MapRaster>()) {
    setTable(
        {tr("step"), tr("layer"), tr("difference"), tr("events"), tr("A"), tr("B"), tr("|Δ|")},
        [this] { return int(m_notable.size() + m_laneValues.size()); },
        [this](int row, int field) {
            const auto place = std::size_t(row);
            return place < m_notable.size()
                       ? cellInTable(m_notable[place], field)
                       : laneInTable(m_laneValues[place - m_notable.size()], field);
        });
    setMinimumHeight(96);
    dataChanged();
}

DivergenceMap::~DivergenceMap() = default;

qint64 DivergenceMap::columnNumber(int column) const {
    return m_data.columnNumbers.empty() ? column : m_data.columnNumbers.at(std::size_t(column));
}

QString DivergenceMap::columnName(int column) const {
    return count(columnNumber(column));
}

QVariant DivergenceMap::cellInTable(std::size_t cell, int field) const {
    switch (field) {
    case 0:
        return columnNumber(int(cell / std::size_t(m_data.rows)));
    case 1:
        return rowName(m_data, int(cell % std::size_t(m_data.rows)));
    case 2:
        return styleName(m_data.cells[cell].heaviest());
    case 3:
        return m_data.events.empty() ? 1U : m_data.events[cell];
    default:
        return {};
    }
}

QVariant DivergenceMap::laneInTable(QPoint value, int field) const {
    const MapLane& lane = m_lanes[std::size_t(value.y())];
    const auto column = std::size_t(value.x());
    const auto cell = [](std::optional<double> number) {
        return number ? QVariant(*number) : QVariant();
    };
    switch (field) {
    case 0:
        return columnNumber(value.x());
    case 1:
        return lane.name;
    case 4:
        return cell(laneValue(lane, Run::A, column));
    case 5:
        return cell(laneValue(lane, Run::B, column));
    case 6:
        return column < lane.delta.size() ? QVariant(lane.delta[column]) : QVariant();
    default:
        return {};
    }
}

void DivergenceMap::setData(MapData given) {
    Q_ASSERT(given.cells.size() == std::size_t(given.columns) * std::size_t(given.rows));
    m_data = std::move(given);
    m_notable.clear();
    m_origins.clear();
    m_present = {};
    for (std::size_t cell = 0; cell < m_data.cells.size(); ++cell) {
        m_present |= m_data.cells[cell];
        if (m_data.cells[cell].notable()) {
            m_notable.push_back(std::uint32_t(cell));
        }
        if (m_data.cells[cell].has(CellStyle::Origin) ||
            m_data.cells[cell].has(CellStyle::RngOrigin)) {
            m_origins.push_back(std::uint32_t(cell));
        }
    }
    m_focus = {-1, -1};
    m_raster->invalidate();
    fit();
    dataChanged();
}

void DivergenceMap::setLanes(std::vector<MapLane> lanes) {
    m_lanes = std::move(lanes);
    m_laneValues.clear();
    for (int lane = 0; lane < int(m_lanes.size()); ++lane) {
        for (int column = 0; column < m_data.columns; ++column) {
            const MapLane& values = m_lanes[std::size_t(lane)];
            const auto at = std::size_t(column);
            if (laneValue(values, Run::A, at) || laneValue(values, Run::B, at) ||
                (at < values.delta.size() && values.delta[at] > 0)) {
                m_laneValues.emplace_back(column, lane);
            }
        }
    }
    dataChanged();
}

void DivergenceMap::setDescriber(std::function<QString(QRect)> describer) {
    m_describer = std::move(describer);
}

void DivergenceMap::setFocusCell(int column, int row) {
    m_focus = {column, row};
    const QRectF cell(column, row, 1, 1);
    if (column >= 0 && !view().intersects(cell)) {
        QRectF moved = view();
        moved.moveCenter(cell.center());
        setView(moved);
    }
    repaintPlot();
}

QRectF DivergenceMap::plotArea(QSizeF size, const PlotTheme& theme) const {
    return mapLayout(m_data, m_lanes, size, theme).plot;
}

QRectF DivergenceMap::bounds() const {
    return {0, 0, double(m_data.columns), double(m_data.rows)};
}

void DivergenceMap::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                              qreal dpr) const {
    const MapLayout layout = mapLayout(m_data, m_lanes, size, theme);
    const QRectF& plot = layout.plot;
    if (m_data.cells.empty()) {
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF({}, size), Qt::AlignCenter, tr("No events to compare"));
        return;
    }
    if (plot.width() < 4 || plot.height() < 4) {
        return;
    }
    const QRectF shown = view();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawImage(plot,
                      m_raster->image(m_data, shown, (plot.size() * dpr).toSize(), dpr, theme));
    painter.restore();
    paintUnaligned(painter, plot, theme);
    paintMapRows(painter, m_data, shown, plot, theme);
    paintMapLanes(painter, m_lanes, layout, shown, theme);
    qreal foot = plot.bottom();
    for (const QRectF& lane : layout.lanes) {
        foot = std::max(foot, lane.bottom());
    }
    paintMapColumns(painter, m_data, shown, {plot.topLeft(), QPointF(plot.right(), foot)}, theme);
    if (!m_notable.empty()) {
        drawStyleLegend(painter, layout.legend, m_present, theme);
    }
    paintOrigins(painter, plot, theme);
    paintFocus(painter, plot, theme);
}

void DivergenceMap::paintUnaligned(QPainter& painter, const QRectF& plot,
                                   const PlotTheme& theme) const {
    for (std::size_t column = 0; column < m_data.unaligned.size(); ++column) {
        if (m_data.unaligned[column]) {
            const qreal left = toPixel({double(column), 0}, plot).x();
            const qreal right = toPixel({double(column + 1), 0}, plot).x();
            drawHatch(painter,
                      QRectF(left, plot.top(), std::max<qreal>(2, right - left), plot.height())
                          .intersected(plot),
                      theme.unknown, 6);
        }
    }
}

void DivergenceMap::paintOrigins(QPainter& painter, const QRectF& plot,
                                 const PlotTheme& theme) const {
    std::vector<QPointF> drawn;
    for (const std::size_t cell : m_origins) {
        const CellStyleSet styles = m_data.cells[cell];
        const QPointF at = toPixel({double(cell / std::size_t(m_data.rows)) + 0.5,
                                    double(cell % std::size_t(m_data.rows)) + 0.5},
                                   plot);
        // Cells come column by column, so what would overlap is among the last few.
        const bool crowded = std::any_of(
            drawn.rbegin(), drawn.rbegin() + std::min<std::ptrdiff_t>(64, std::ssize(drawn)),
            [&](QPointF other) { return (other - at).manhattanLength() < theme.markSize; });
        if (plot.contains(at) && !crowded) {
            drawMark(painter, styles.has(CellStyle::Origin) ? Mark::Origin : Mark::RngOrigin, at,
                     theme.markSize, theme);
            drawn.push_back(at);
        }
    }
}

void DivergenceMap::paintFocus(QPainter& painter, const QRectF& plot,
                               const PlotTheme& theme) const {
    if (m_focus.x() < 0) {
        return;
    }
    QRectF cell(toPixel(QPointF(m_focus), plot), toPixel(QPointF(m_focus) + QPointF(1, 1), plot));
    const QPointF centre = cell.center();
    cell.setSize(cell.size().expandedTo(QSizeF(theme.markSize + 4, theme.markSize + 4)));
    cell.moveCenter(centre);
    if (plot.intersects(cell)) {
        painter.save();
        painter.setClipRect(plot.adjusted(-6, -6, 6, 6), Qt::IntersectClip);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.background, 4));
        painter.drawRect(cell);
        painter.setPen(QPen(theme.selection, 2));
        painter.drawRect(cell);
        painter.restore();
    }
}

QString DivergenceMap::sentence() const {
    if (m_data.cells.empty()) {
        return tr("No events to compare.");
    }
    QStringList sentences;
    if (m_notable.empty()) {
        sentences += tr("All %1 steps are the same in all %2 rows.")
                         .arg(count(m_data.columns), count(m_data.rows));
    } else {
        const auto first = int(m_notable.front());
        sentences +=
            tr("%1 of %2 cells differ, first at %3 %4 in %5; %6 with an origin; heaviest: %7.")
                .arg(count(qint64(m_notable.size())), count(qint64(m_data.cells.size())),
                     m_data.columnTitle, columnName(first / m_data.rows),
                     rowName(m_data, first % m_data.rows), count(qint64(m_origins.size())),
                     styleName(m_present.heaviest()));
    }
    for (const MapLane& lane : m_lanes) {
        const QString words = lane.above ? sentenceOf(lane) : QString();
        if (!words.isEmpty()) {
            sentences += words;
        }
    }
    return sentences.join(u' ');
}

/// Of one run, how the line ends; of two, where they part.
QString DivergenceMap::sentenceOf(const MapLane& lane) const {
    int last = -1;
    for (int column = 0; column < m_data.columns; ++column) {
        if (!laneValue(lane, Run::A, std::size_t(column))) {
            continue;
        }
        last = column;
        if (std::size_t(column) < lane.delta.size() && lane.delta[std::size_t(column)] > 0) {
            return tr("The runs diverge in %1 at %2 %3: %4.")
                .arg(lane.name, m_data.columnTitle, columnName(column),
                     laneWords(lane, std::size_t(column)));
        }
    }
    return last < 0 ? QString()
                    : tr("%1 at %2 %3: %4.")
                          .arg(lane.name, m_data.columnTitle, columnName(last),
                               laneWords(lane, std::size_t(last)));
}

} // namespace repro::gui::plot
