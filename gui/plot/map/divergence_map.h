// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/cell_style.h"
#include "gui/plot/map/map_lane.h"

#include <QStringList>

#include <functional>
#include <memory>

namespace repro::gui::plot {

class MapRaster;
/// A run of rows that belong together: a layer, a module, a type of op.
struct RowGroup {
    QString name;
    int first = 0, count = 0;
    bool operator==(const RowGroup&) const = default;
};

/// Columns (steps) by rows (layers, or events in their order), fewer than 2^32 cells. A cell
/// without style has no event.
struct MapData {
    int columns = 0, rows = 0;
    std::vector<CellStyleSet> cells;   // column after column: cells[column * rows + row]
    std::vector<std::uint32_t> events; // how many events a cell holds; empty: at most one each
    std::vector<qint64> columnNumbers; // what the x axis shows; empty: 0, 1, ...
    std::vector<bool> unaligned;       // columns that could not be aligned; empty: none
    std::vector<RowGroup> groups;      // top to bottom, may be empty
    QString columnTitle = QStringLiteral("step"), rowTitle = QStringLiteral("layer");
};

/// Step by layers: where and when the runs differ, how much, and where it began. Drag zooms into
/// the rectangle, Shift+drag pans, click focuses, Ctrl+arrow finds the next cell that differs; the
/// rest as Canvas. No cell is ever lost in a smaller picture: merged pixels show their heaviest
/// style with a zig-zag, an origin keeps its mark.
class DivergenceMap : public Canvas {
    Q_OBJECT
public:
    explicit DivergenceMap(QWidget* parent = nullptr);
    ~DivergenceMap() override;

    void setData(MapData data);
    /// Lanes share the x axis; those with `above` lie over the map, the rest under it, in their
    /// order.
    void setLanes(std::vector<MapLane> lanes);
    /// Words for the cells of a rectangle (hover), instead of a count of their styles.
    void setDescriber(std::function<QString(QRect cells)> describer);
    /// Marks one cell; -1 for none.
    void setFocusCell(int column, int row);
    [[nodiscard]] QPoint focusCell() const { return m_focus; }

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    /// The cell clicked on: of the pixel's cells the heaviest.
    void cellActivated(int column, int row);
    void laneActivated(int lane, int column);

protected:
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;
    void paintOverlay(QPainter&) const override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;
    void endDrag(QPointF) override;

private:
    void paintUnaligned(QPainter&, const QRectF& plot, const PlotTheme&) const;
    void paintOrigins(QPainter&, const QRectF& plot, const PlotTheme&) const;
    void paintFocus(QPainter&, const QRectF& plot, const PlotTheme&) const;
    [[nodiscard]] CellStyleSet stylesAt(int column, int row) const;
    [[nodiscard]] QRect cellsAt(QPointF position) const;
    [[nodiscard]] QPoint heaviestOf(QRect cells) const;
    [[nodiscard]] int laneAt(QPointF position) const;
    [[nodiscard]] int columnAt(QPointF position) const;
    [[nodiscard]] qint64 columnNumber(int column) const;
    [[nodiscard]] QString columnName(int column) const;
    [[nodiscard]] QVariant cellInTable(std::size_t cell, int field) const;
    [[nodiscard]] QVariant laneInTable(QPoint value, int field) const;
    [[nodiscard]] QString sentenceOf(const MapLane& lane) const;
    [[nodiscard]] QString describe(QRect cells) const;

    MapData m_data;
    std::vector<MapLane> m_lanes;
    std::vector<QPoint> m_laneValues;     // what the table tells of them; x: column, y: lane
    std::vector<std::uint32_t> m_notable; // cells, rising
    std::vector<std::uint32_t> m_origins; // those with an origin
    CellStyleSet m_present;
    std::unique_ptr<MapRaster> m_raster;
    std::function<QString(QRect)> m_describer;
    QPoint m_focus{-1, -1};
    QPointF m_bandStart;
    QRectF m_band; // zoom rectangle being drawn, in pixels
};

} // namespace repro::gui::plot
