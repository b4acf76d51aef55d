// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"
#include "gui/plot/lineage/lineage_layout.h"

namespace repro::gui::plot {

/// Producers at the left, infected consumers at the right, marks by class, lines by error. Arrows
/// walk the graph, Enter activates, Alt+click or Shift+Enter asks to fold or
/// unfold a node's views and copies.
class LineageGraph : public Canvas {
    Q_OBJECT
public:
    explicit LineageGraph(QWidget* parent = nullptr);

    void setData(LineageData data);
    /// Only moves the focus: cheaper than setData().
    void setFocusNode(int node);

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    void nodeActivated(int node);
    void foldRequested(int node);
    /// A folded rest was activated: its nodes.
    void restActivated(const std::vector<int>& nodes);

protected:
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] QSizeF closest() const override;
    void keyPressEvent(QKeyEvent*) override;
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;

private:
    [[nodiscard]] QPointF centreOf(int place, const QRectF& area) const;
    [[nodiscard]] QSizeF boxSize(const QRectF& area, const PlotTheme&) const;
    [[nodiscard]] bool isFocus(int place) const;
    [[nodiscard]] bool isOnMaxPath(int node) const;
    void paintLine(QPainter&, const PlotTheme&, const LineageLayout::Line&,
                   const QRectF& area) const;
    void paintPlace(QPainter&, const PlotTheme&, int place, const QRectF& area) const;
    void moveTo(int place);
    [[nodiscard]] QString words(int place) const;
    [[nodiscard]] int placeAt(QPointF position) const;

    LineageData m_data;
    LineageLayout m_layout;
    std::vector<int> m_layerOf; // of each node
    int m_cursor = -1;          // a place
};

} // namespace repro::gui::plot
