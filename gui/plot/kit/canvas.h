// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/data_table.h"
#include "gui/plot/kit/theme.h"

#include <QImage>
#include <QPainter>
#include <QRectF>
#include <QWidget>

#include <optional>

namespace repro::gui::plot {

/// Base of every picture. One paint path serves screen, PNG and SVG: paintPlot() paints from data,
/// theme, size and view alone; only crosshair and focus frame are the screen's. All of it belongs
/// to the GUI thread. A canvas emits what the user asks for and never changes its own data.
///
/// Keys (while it has focus): arrows move the cursor, Enter activates what is under it, W S or + -
/// zoom, A D pan, F fits, Ctrl+C copies the table as TSV. Mouse: wheel or Ctrl+wheel zooms at the
/// cursor, drag pans, click activates, double click fits.
class Canvas : public QWidget {
    Q_OBJECT
public:
    /// `name` is what a screen reader says: "Divergence map".
    explicit Canvas(const QString& name, QWidget* parent = nullptr);

    virtual void paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                           qreal dpr) const = 0;
    /// The same data as a table; lives as long as the canvas, and is refreshed when the data
    /// changes.
    [[nodiscard]] DataTable* table() const { return m_table; }
    /// One generated line: tooltip of the pane, screen reader, report.
    [[nodiscard]] virtual QString sentence() const = 0;

    void setTheme(const PlotTheme& theme);
    [[nodiscard]] const PlotTheme& theme() const { return m_theme; }

    /// The visible part in data coordinates; an empty rectangle means all of it.
    [[nodiscard]] QRectF view() const;
    void setView(const QRectF& view);
    void fit() { setView({}); }

    /// The shared crosshair, in data coordinates: set it from the hovered() of a linked canvas.
    void setCrosshair(std::optional<QPointF> place);
    /// What is under a pixel of the widget in words; empty where there is nothing.
    [[nodiscard]] virtual QString readout(QPointF position) const;

    /// True while workers still compute what the view needs; settle() waits for them (before a
    /// screenshot). The export functions settle by themselves.
    [[nodiscard]] virtual bool busy() const { return false; }
    void settle();

    /// The picture without a screen. `dpr` scales pixels, not layout.
    [[nodiscard]] QImage picture(QSize size, qreal dpr = 1);
    [[nodiscard]] QByteArray svg(QSize size);
    /// Each returns an empty string, or one line: what failed, on which file.
    [[nodiscard]] QString exportPng(const QString& path, QSize size, qreal dpr = 1);
    [[nodiscard]] QString exportSvg(const QString& path, QSize size);
    [[nodiscard]] QString exportPdf(const QString& path, QSize size);
    [[nodiscard]] QString exportCsv(const QString& path) const;

Q_SIGNALS:
    /// The crosshair's data coordinates, or none when the mouse has left.
    void hovered(std::optional<QPointF> data);
    /// What the cursor is on, for the status bar.
    void readoutChanged(const QString& text);
    void viewChanged(const QRectF& view);
    void busyChanged(bool busy);

protected:
    /// Where data is painted in a picture of this size. Everything: no axes.
    [[nodiscard]] virtual QRectF plotArea(QSizeF size, const PlotTheme& theme) const;
    /// Where several plots show the same data: the same place in the one of plotArea().
    [[nodiscard]] virtual QPointF inMainPlot(QPointF position) const { return position; }
    /// Waits for the workers that the last paintPlot() has started.
    virtual void finishWork() {}
    /// The data coordinates of "fit"; y grows downwards unless upwards() says otherwise. Empty:
    /// this canvas does not zoom.
    [[nodiscard]] virtual QRectF bounds() const { return {}; }
    [[nodiscard]] virtual bool upwards() const { return false; }
    /// Which directions zoom and pan work in.
    [[nodiscard]] virtual Qt::Orientations zoomable() const {
        return Qt::Horizontal | Qt::Vertical;
    }
    /// The smallest width and height the view may have.
    [[nodiscard]] virtual QSizeF closest() const { return {1, 1}; }
    /// A click, Enter: emit the subclass's signal for what lies there.
    virtual void activate(QPointF /*position*/, Qt::KeyboardModifiers /*modifiers*/) {}
    /// Arrow keys. The default moves the crosshair by a pixel, 10 with Shift.
    virtual void moveCursor(int dx, int dy, Qt::KeyboardModifiers modifiers);
    /// What the screen shows above the picture. The default paints the crosshair.
    virtual void paintOverlay(QPainter& painter) const;
    /// A drag that the canvas takes for itself (slider, wipe, lasso) instead of panning.
    virtual bool beginDrag(QPointF /*position*/, Qt::KeyboardModifiers /*m*/,
                           Qt::MouseButton /*b*/) {
        return false;
    }
    virtual void drag(QPointF /*position*/) {}
    virtual void endDrag(QPointF /*position*/) {}

    /// Requires: the constructor calls it once.
    void setTable(QStringList header, std::function<int()> rows, DataTable::Cell cell);
    /// The data changed: repaint, refresh the table, tell the screen reader.
    void dataChanged();
    /// Something else that paintPlot() reads has changed: paint anew.
    void repaintPlot();
    [[nodiscard]] QPointF toData(QPointF position) const;
    [[nodiscard]] QPointF toPixel(QPointF place) const;
    [[nodiscard]] QPointF toPixel(QPointF place, const QRectF& plot) const;
    [[nodiscard]] std::optional<QPointF> crosshair() const { return m_crosshair; }

    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void render(QPaintDevice& device, QSizeF size, qreal dpr) const;
    void hover(std::optional<QPointF> position);
    void zoomAt(QPointF position, double factor, Qt::Orientations orientations);
    void panBy(QPointF pixels);

    PlotTheme m_theme;
    DataTable* m_table = nullptr;
    QRectF m_view;
    QImage m_cache; // of paintPlot(), so that a moving crosshair costs one copy
    std::optional<QPointF> m_crosshair;
    std::optional<QPointF> m_pressed; // where the mouse went down
    QPointF m_last;
    bool m_dragged = false, m_ownDrag = false;
};

} // namespace repro::gui::plot
