// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/chart.h"

#include <vector>

namespace repro::gui::plot {

/// One draw. `x` places it: events in their common order, so that aligned draws share their x.
struct RngDraw {
    qint64 x = 0;
    QString op;       // "aten::dropout"
    QString place;    // "11:2903", for the read-out
    bool same = true; // matched, and the states before and after it are equal in both runs
};

struct RngGenerator {
    QString name;                       // "cpu", "cuda:0"
    QString seedA, seedB;               // empty: not recorded
    std::vector<RngDraw> a, b;          // rising in x
    int mismatchA = -1, mismatchB = -1; // first draw that has no equal; -1: none in that run
    QString finding; // "extra draw in B at 11:2903"; empty: the lane says what it can
};

/// Who drew what: for each generator a lane of ticks for A over one for B, and where the streams
/// part.
class RngLanes : public Chart {
    Q_OBJECT
public:
    explicit RngLanes(QWidget* parent = nullptr);

    void setGenerators(std::vector<RngGenerator> generators);
    /// The title of the x axis: "event".
    void setXTitle(const QString& title);
    void setFocusX(std::optional<qint64> x);

    [[nodiscard]] QString sentence() const override;
    [[nodiscard]] QString readout(QPointF position) const override;

Q_SIGNALS:
    void drawActivated(int generator, repro::gui::plot::Run run, int draw);

protected:
    void paintChart(QPainter&, const QRectF& plot, const PlotTheme&, qreal dpr) const override;
    void paintFocus(QPainter&, const QRectF& plot, const PlotTheme&) const override;
    [[nodiscard]] bool hasLegend() const override { return true; }
    [[nodiscard]] QRectF plotArea(QSizeF, const PlotTheme&) const override;
    [[nodiscard]] QRectF bounds() const override;
    [[nodiscard]] Qt::Orientations zoomable() const override { return Qt::Horizontal; }
    [[nodiscard]] QSizeF closest() const override;
    void activate(QPointF, Qt::KeyboardModifiers) override;
    void moveCursor(int dx, int dy, Qt::KeyboardModifiers) override;

private:
    struct Hit {
        int generator = -1;
        Run run = Run::A;
        int draw = -1;
    };
    [[nodiscard]] Hit hitAt(QPointF position) const;
    [[nodiscard]] QRectF laneRect(int generator, Run run, const QRectF& plot) const;
    [[nodiscard]] QString finding(const RngGenerator&) const;
    void paintLane(QPainter&, const PlotTheme&, int generator, Run run, const QRectF& plot) const;
    void paintLabels(QPainter&, const PlotTheme&, int generator, const QRectF& plot) const;
    void paintMismatch(QPainter&, const PlotTheme&, int generator, const QRectF& plot) const;

    std::vector<RngGenerator> m_generators;
    QString m_xTitle = QStringLiteral("event");
    std::optional<qint64> m_focusX;
};

} // namespace repro::gui::plot
