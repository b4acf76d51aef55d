// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/axis.h"
#include "gui/plot/canvas.h"
#include "gui/plot/tensor_source.h"

#include <QPolygonF>

#include <memory>

namespace repro::gui::plot {

class ScatterJob;
class Twin;

/// Residual: x = log2|A|, y = signed ULP on a log scale that is linear around 0. Values: x = A, y =
/// B.
enum class ScatterMode { Residual, Values };

/// How many elements fall on each cell of a grid; row 0 at the top. Only elements whose bits differ
/// count in Residual, so that the equal ones do not drown them.
struct Density {
    Axis x, y;
    int columns = 0, rows = 0;
    std::vector<std::uint32_t> cells;
    quint64 shown = 0, outside = 0; // not finite, zero or out of range: counted, not drawn
};

/// Requires: the source has both runs. Reads it once, or twice where the range is not known.
/// Returns: an empty density when cancelled.
[[nodiscard]] Density density(const TensorSource& source, ScatterMode mode, int columns, int rows,
                              const Cancel& cancel);
/// The elements inside a lasso of the mode's coordinates, row-major, at most `limit`.
[[nodiscard]] std::vector<Element> elementsInside(const TensorSource& source, ScatterMode mode,
                                                  const QPolygonF& lasso, std::size_t limit,
                                                  const Cancel& cancel);

/// A against B of all elements as a density. Shift+drag draws a lasso.
class Scatter : public Canvas {
    Q_OBJECT
public:
    explicit Scatter(QWidget* parent = nullptr);
    ~Scatter() override;

    /// Counted in a worker. Null: empty, with `reason`.
    void setSource(std::shared_ptr<const TensorSource> source, const QString& reason = {});
    void setMode(ScatterMode mode);
    [[nodiscard]] ScatterMode mode() const { return m_mode; }

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QAbstractTableModel* twin() const override;
    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] bool busy() const override;
    void settle() override;

Q_SIGNALS:
    /// For elementsInside(), in a worker of the listener; empty: the lasso was cleared.
    void lassoed(const QPolygonF& lasso, repro::gui::plot::ScatterMode mode);

protected:
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] bool upwards() const override { return true; }
    [[nodiscard]] QSizeF closest() const override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;
    void endDrag(QPointF) override;
    void paintOverlay(QPainter&) const override;

private:
    void start();

    std::shared_ptr<const TensorSource> m_source; // shared with the worker that reads it
    QString m_reason;
    ScatterMode m_mode = ScatterMode::Residual;
    Density m_density;
    QPolygonF m_lasso; // in plot coordinates
    std::unique_ptr<ScatterJob> m_job;
    Twin* m_twin = nullptr;
};

} // namespace repro::gui::plot
