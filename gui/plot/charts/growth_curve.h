// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart.h"

namespace repro::gui::plot {

/// How far the difference has spread and how large it is, point by point. x rises.
struct GrowthData {
    QString xTitle = QStringLiteral("step");
    std::vector<double> x;
    std::vector<double> differing;   // tensors (or elements) that differ at x
    std::vector<double> maxRelative; // largest relative error; NaN: not known, Inf: not finite
    double threshold = 1e-6;         // a line across; 0: none
};

/// The spread of a difference over the run, both curves on log scales.
class GrowthCurve : public Chart {
    Q_OBJECT
public:
    explicit GrowthCurve(QWidget* parent = nullptr);

    void setData(GrowthData data);
    /// The point in focus, or -1.
    void setFocusPoint(int index);

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    void pointActivated(int index);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    void paintFocus(QPainter&, const QRectF& plot, const PlotTheme&) const override;
    [[nodiscard]] QSizeF smallest() const override { return {8, 40}; }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] Qt::Orientations zoomable() const override { return Qt::Horizontal; }
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;

private:
    [[nodiscard]] Axis errorAxis() const;
    void paintError(QPainter&, const QRectF& place, const PlotTheme&) const;
    void paintSpread(QPainter&, const QRectF& place, const PlotTheme&) const;
    [[nodiscard]] int pointAt(QPointF position) const;

    GrowthData m_data;
    int m_focus = -1;
};

} // namespace repro::gui::plot
