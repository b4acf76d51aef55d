// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/canvas.h"

#include <vector>

namespace repro::gui::plot {

/// Runs of one op under some conditions: how many gave each different result.
struct RunBar {
    QString name;                 // "1 thread"
    std::vector<quint64> results; // runs of each, in the order of their coming
    QString note;                 // "up to 3 ulp, 2 as recorded"; or why there are none
};

/// A bar for each of the conditions, cut where results differ: one piece is an op that repeats.
class RunBars : public Canvas {
    Q_OBJECT
public:
    explicit RunBars(QWidget* parent = nullptr);

    /// `sentence` is what it comes to, and what an empty picture says.
    void setData(std::vector<RunBar> bars, const QString& sentence);

    void paintPlot(QPainter&, const PlotTheme&, QSizeF, qreal dpr) const override;
    [[nodiscard]] QString sentence() const override { return m_sentence; }

private:
    void paintBar(QPainter&, const RunBar&, const QRectF& place, const PlotTheme&) const;
    struct Piece {
        std::size_t bar, result;
    };
    std::vector<RunBar> m_bars;
    std::vector<Piece> m_pieces; // rows of the table
    QString m_sentence;
};

} // namespace repro::gui::plot
