// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/chart.h"

namespace repro::gui::plot {

enum class ProfileOrder { Index, Differing, MaxDelta, MeanDelta };

/// One entry for each index of one axis of a tensor, all vectors of the same length; NaN: not
/// finite.
struct ProfileData {
    QString axis = QStringLiteral("channel"); // "d1", "channel"
    std::vector<quint64> differing;           // elements whose bits differ
    std::vector<double> maxDelta, meanDelta;  // |Δ|
    std::vector<double> a, b;                 // mean value of the runs; b may be empty
    std::vector<bool> nonFinite;              // one-sided NaN or Inf inside; may be empty
};

/// |Δ| for each channel as bars, the runs' means as lines; sortable, so that one bad lane stands
/// out.
class ChannelProfile : public Chart {
    Q_OBJECT
public:
    explicit ChannelProfile(QWidget* parent = nullptr);

    void setData(ProfileData data);
    void setOrder(ProfileOrder order);
    /// The channel in focus, or -1.
    void setFocusChannel(qint64 index);

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    /// An index of the axis, whatever the order.
    void channelActivated(qint64 index);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    [[nodiscard]] QSizeF smallest() const override { return {8, 40}; }
    [[nodiscard]] bool hasLegend() const override { return !m_data.b.empty(); }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] Qt::Orientations zoomable() const override { return Qt::Horizontal; }
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;

private:
    /// What the bars show: |Δ| (largest or mean), or the number of differing elements.
    [[nodiscard]] double metric(qint64 index) const;
    [[nodiscard]] Axis metricAxis() const;
    [[nodiscard]] Axis meanAxis() const;
    void paintBars(QPainter&, const QRectF& place, const PlotTheme&) const;
    void paintMeans(QPainter&, const QRectF& place, const PlotTheme&) const;
    [[nodiscard]] bool odd(qint64 index) const;
    [[nodiscard]] qint64 placeAt(QPointF position) const;
    void sort();

    ProfileData m_data;
    ProfileOrder m_order = ProfileOrder::Index;
    std::vector<qint64> m_places; // which index stands at a place
    qint64 m_focus = -1;
};

} // namespace repro::gui::plot
