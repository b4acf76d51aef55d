// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/divergence_map.h"
#include "gui/plot/map/map_layout.h"
#include "gui/plot/map/map_raster.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace repro::gui::plot {

QRect DivergenceMap::cellsAt(QPointF position) const {
    const QRectF plot = plotArea(size(), theme());
    if (m_data.cells.empty() || !plot.contains(position)) {
        return {};
    }
    const QRectF shown = view();
    const PixelCells across(shown.left(), shown.right(), int(plot.width()), m_data.columns);
    const PixelCells down(shown.top(), shown.bottom(), int(plot.height()), m_data.rows);
    const int x = std::clamp(int(position.x() - plot.left()), 0, across.size() - 1);
    const int y = std::clamp(int(position.y() - plot.top()), 0, down.size() - 1);
    return {QPoint(across.begin(x), down.begin(y)), QPoint(across.end(x) - 1, down.end(y) - 1)};
}

int DivergenceMap::laneAt(QPointF position) const {
    const MapLayout layout = mapLayout(m_data, m_lanes, size(), theme());
    const auto lane = std::find_if(layout.lanes.begin(), layout.lanes.end(),
                                   [position](const QRectF& r) { return r.contains(position); });
    return lane == layout.lanes.end() ? -1 : int(lane - layout.lanes.begin());
}

QPoint DivergenceMap::heaviestOf(QRect cells) const {
    QPoint best(-1, -1);
    int weight = -1;
    for (int column = cells.left(); column <= cells.right(); ++column) {
        for (int row = cells.top(); row <= cells.bottom(); ++row) {
            const CellStyleSet styles = stylesAt(column, row);
            if (!styles.empty() && int(styles.heaviest()) > weight) {
                weight = int(styles.heaviest());
                best = {column, row};
            }
        }
    }
    return best;
}

CellStyleSet DivergenceMap::stylesAt(int column, int row) const {
    return m_data.cells[std::size_t(column) * std::size_t(m_data.rows) + std::size_t(row)];
}

QString DivergenceMap::describe(QRect cells) const {
    std::array<qint64, kCellStyleCount> counts{};
    for (int column = cells.left(); column <= cells.right(); ++column) {
        for (int row = cells.top(); row <= cells.bottom(); ++row) {
            const CellStyleSet styles = stylesAt(column, row);
            if (!styles.empty()) {
                ++counts[std::size_t(styles.heaviest())];
            }
        }
    }
    QStringList parts;
    for (int style = kCellStyleCount - 1; style >= 0; --style) {
        if (counts[std::size_t(style)] > 0) {
            parts += QStringLiteral("%1 %2").arg(count(counts[std::size_t(style)]),
                                                 styleName(CellStyle(std::uint8_t(style))));
        }
    }
    const QString steps =
        cells.width() == 1
            ? columnName(cells.left())
            : tr("%1 to %2").arg(columnName(cells.left()), columnName(cells.right()));
    return QStringLiteral("%1 %2: %3")
        .arg(m_data.columnTitle, steps,
             parts.isEmpty() ? tr("no event") : parts.join(QStringLiteral(", ")));
}

int DivergenceMap::columnAt(QPointF position) const {
    return std::clamp(int(std::floor(toData(position).x())), 0, std::max(0, m_data.columns - 1));
}

QString DivergenceMap::readout(QPointF position) const {
    if (const int lane = laneAt(position); lane >= 0) {
        const int column = columnAt(position);
        const QString words = laneWords(m_lanes[std::size_t(lane)], std::size_t(column));
        return QStringLiteral("%1, %2 %3: %4")
            .arg(m_lanes[std::size_t(lane)].name, m_data.columnTitle, columnName(column),
                 words.isEmpty() ? tr("nothing") : words);
    }
    const QRect cells = cellsAt(position);
    if (cells.isEmpty()) {
        return {};
    }
    return m_describer ? m_describer(cells) : describe(cells);
}

void DivergenceMap::activate(QPointF position, Qt::KeyboardModifiers /*modifiers*/) {
    if (const int lane = laneAt(position); lane >= 0) {
        Q_EMIT laneActivated(lane, columnAt(position));
        return;
    }
    const QPoint cell = heaviestOf(cellsAt(position));
    if (cell.x() >= 0) {
        Q_EMIT cellActivated(cell.x(), cell.y());
    }
}

// The next cell with an event in that direction; with Ctrl the next that differs.
void DivergenceMap::moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers) {
    if (m_data.cells.empty()) {
        return;
    }
    const QPoint step(dx, dy);
    QPoint at = m_focus.x() < 0 ? QPoint(0, 0) - step : m_focus;
    const QRect all(0, 0, m_data.columns, m_data.rows);
    for (at += step; all.contains(at); at += step) {
        const CellStyleSet styles = stylesAt(at.x(), at.y());
        if (modifiers & Qt::ControlModifier ? styles.notable() : !styles.empty()) {
            Q_EMIT cellActivated(at.x(), at.y());
            return;
        }
    }
}

bool DivergenceMap::beginDrag(QPointF position, Qt::KeyboardModifiers modifiers,
                              Qt::MouseButton button) {
    m_band = {};
    if (button != Qt::LeftButton || (modifiers & Qt::ShiftModifier) ||
        !plotArea(size(), theme()).contains(position)) {
        return false; // Shift+drag pans
    }
    m_bandStart = position;
    return true;
}

void DivergenceMap::drag(QPointF position) {
    m_band = QRectF(m_bandStart, position).normalized().intersected(plotArea(size(), theme()));
    update();
}

void DivergenceMap::endDrag(QPointF /*position*/) {
    const QRectF band = std::exchange(m_band, {});
    if (band.width() > 4 && band.height() > 4) {
        setView(QRectF(toData(band.topLeft()), toData(band.bottomRight())));
    }
    update();
}

void DivergenceMap::paintOverlay(QPainter& painter) const {
    Canvas::paintOverlay(painter);
    if (!m_band.isEmpty()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme().background, 3));
        painter.drawRect(m_band);
        painter.setPen(QPen(theme().selection, 1, Qt::DashLine));
        painter.drawRect(m_band);
    }
}

} // namespace repro::gui::plot
