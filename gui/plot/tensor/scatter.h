// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/chart.h"
#include "gui/plot/tensor/tensor_source.h"

#include <QPolygonF>

#include <functional>
#include <memory>

namespace repro::gui::plot {

/// Residual: x = log2|A|, y = the distance in ULP on an axis that is linear between -1 and 1 and
/// doubles by unit steps beyond: 0, 1 for 1 ULP, 2 for 2, 3 for 4, ... Values: x = A, y = B.
enum class ScatterMode { Residual, Values };

/// How many elements fall on each cell of a grid; row 0 at the top. Only elements whose bits differ
/// count in Residual, so that the equal ones do not drown them.
struct Density {
    QRectF range; // in the mode's coordinates; top() is the lowest y
    int columns = 0, rows = 0;
    std::vector<std::uint32_t> cells;
    quint64 shown = 0, outside = 0; // not finite, or A = 0 in Residual: counted, not drawn
};

/// Where an element lies, or none where it is not drawn (see Density).
[[nodiscard]] std::optional<QPointF> scatterPoint(ScatterMode mode, double a, double b, double ulp);
/// Requires: the source has both runs. At most columns x rows cells. May be called from any thread.
/// Returns: an empty density when cancelled.
[[nodiscard]] Density density(const TensorSource& source, ScatterMode mode, int columns, int rows,
                              const CancelFlag& cancel);
/// Tells of an element whether it is drawn inside a lasso of the mode's coordinates. The test may
/// be called from any thread.
[[nodiscard]] std::function<bool(double a, double b, double ulp)>
insideLasso(ScatterMode mode, const QPolygonF& lasso);

/// A against B of all elements as a density. Shift+drag draws a lasso.
class Scatter : public Chart {
    Q_OBJECT
public:
    explicit Scatter(QWidget* parent = nullptr);

    /// Counted in a worker. Null: empty, with `reason`.
    void setSource(std::shared_ptr<const TensorSource> source, const QString& reason = {});
    void setMode(ScatterMode mode);
    [[nodiscard]] ScatterMode mode() const { return m_mode; }
    void clearLasso();

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;
    [[nodiscard]] bool busy() const override { return !m_jobs.idle(); }

Q_SIGNALS:
    /// For insideLasso(); empty: the lasso was cleared.
    void lassoed(const QPolygonF& lasso, repro::gui::plot::ScatterMode mode);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    void finishWork() override { m_jobs.finish(); }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] bool upwards() const override { return true; }
    [[nodiscard]] QSizeF closest() const override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;
    void endDrag(QPointF) override;

private:
    void start();
    void paintPoints(QPainter&, const QRectF& plot, const PlotTheme&) const;
    void paintDensity(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const;
    void paintAxes(QPainter&, const QRectF& plot, const PlotTheme&) const;

    std::shared_ptr<const TensorSource> m_source; // shared with the worker that reads it
    QString m_reason;
    ScatterMode m_mode = ScatterMode::Residual;
    Density m_density;
    QPolygonF m_lasso;               // in the mode's coordinates
    std::vector<std::size_t> m_full; // cells that are not empty, for the table
    JobRunner m_jobs;
};

} // namespace repro::gui::plot
