// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart.h"

namespace repro::gui::plot {

/// Counts of equal bins over [low, high] (of log10|v| if log), B's empty in one-run mode.
struct ValueBins {
    double low = 0, high = 1;
    bool log = false;
    QString title = QStringLiteral("value");
    std::vector<quint64> a, b;
    quint64 nonFiniteA = 0, nonFiniteB = 0;
};

/// How values are spread in A and B, with the black and white point of an image as two handles.
class ValueHistogram : public Chart {
    Q_OBJECT
public:
    explicit ValueHistogram(QWidget* parent = nullptr);

    void setBins(ValueBins bins);
    /// Black and white point in data coordinates, low <= high.
    void setRange(double low, double high);
    [[nodiscard]] std::pair<double, double> range() const { return {m_low, m_high}; }
    /// Both handles move together, symmetric to zero (diverging maps).
    void setZeroLocked(bool locked);

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    /// A handle was dragged or moved by keys (arrows: high, Shift+arrows: low).
    void rangeChanged(double low, double high);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    [[nodiscard]] QString head() const override;
    [[nodiscard]] bool hasLegend() const override { return !m_bins.b.empty(); }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] Qt::Orientations zoomable() const override { return Qt::Horizontal; }
    [[nodiscard]] QSizeF closest() const override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;
    bool beginDrag(QPointF, Qt::KeyboardModifiers, Qt::MouseButton) override;
    void drag(QPointF) override;

private:
    void paintRange(QPainter&, const QRectF& plot, const PlotTheme&) const;
    [[nodiscard]] double edge(int bin) const;
    [[nodiscard]] double position(double value) const;
    [[nodiscard]] double valueAt(double position) const;
    void moveHandle(int handle, double value);

    ValueBins m_bins;
    double m_low = 0, m_high = 1;
    bool m_zeroLocked = false;
    int m_handle = -1; // being dragged: 0 low, 1 high
};

} // namespace repro::gui::plot
