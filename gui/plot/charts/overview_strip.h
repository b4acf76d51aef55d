// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/cell_style.h"

#include <functional>
#include <memory>

namespace repro::gui::plot {

/// The whole list of events beside its scroll bar, up to tens of millions of rows, top to bottom. A
/// single differing row always has at least 2 px.
class OverviewStrip : public Canvas {
    Q_OBJECT
public:
    explicit OverviewStrip(QWidget* parent = nullptr);
    ~OverviewStrip() override;

    /// Shared because a worker builds it and the map and the strip both read it.
    void setRows(std::shared_ptr<const CellStylePyramid> rows);
    /// Rows, rising.
    void setBookmarks(std::vector<qint64> rows);
    void setFindHits(std::vector<qint64> rows);
    /// The rows that the list shows.
    void setViewport(qint64 first, qint64 count);
    /// The row in focus, or -1.
    void setFocusRow(qint64 row);

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// A click or Enter: of the rows of that pixel the heaviest.
    void rowActivated(qint64 row);
    /// Drag and wheel: show rows from here on.
    void viewportRequested(qint64 first);

protected:
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;
    void wheelEvent(QWheelEvent*) override;

private:
    void paintStyles(QPainter&, const PlotTheme&, const QRectF& place, qreal dpr) const;
    void paintViewport(QPainter&, const PlotTheme&, QSizeF) const;
    [[nodiscard]] std::pair<qint64, qint64> rowsAt(qreal y, qreal height) const;

    std::shared_ptr<const CellStylePyramid> m_rows;
    std::vector<qint64> m_bookmarks, m_findHits, m_origins;
    qint64 m_differing = 0;
    qint64 m_first = 0, m_count = 0, m_focus = -1;
};

} // namespace repro::gui::plot
