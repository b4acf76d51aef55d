// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QPainter>
#include <QRectF>
#include <QString>

#include <vector>

namespace repro::gui::plot {

/// Time is in seconds and ticks at 1, 2, 5, 10, 30 of ns to h. Log scales need low > 0.
enum class Scale { Linear, Log2, Log10, Time };

struct Tick {
    double value = 0;
    QString label; // empty: a minor tick
    bool operator==(const Tick&) const = default;
};

/// A range of values and where it lies on paper. A plain value: no invariant but low <= high.
struct Axis {
    double low = 0, high = 1;
    Scale scale = Scale::Linear;
    QString title; // with its unit: "step", "|Δ|", "ULP"

    /// Returns: 0 at low, 1 at high; outside of [0, 1] beyond them. The middle where low = high.
    [[nodiscard]] double toUnit(double value) const;
    [[nodiscard]] double fromUnit(double unit) const;
};

/// At most about `wanted` labelled ticks inside the axis, rising, at round values; whole numbers
/// only if `integers`.
[[nodiscard]] std::vector<Tick> ticks(const Axis& axis, int wanted, bool integers = false);

/// For prose and axes: 1,234,567; 0.001; 5.96e-08. At most `digits` significant; "NaN", "Inf",
/// "-Inf".
[[nodiscard]] QString number(double value, int digits = 6);
/// Whole numbers, with thousands apart by commas whatever the locale: 16,777,216.
[[nodiscard]] QString count(qint64 value);

/// Draws the ticks and title below, or at the left of, `plot`, and their grid lines across it if
/// asked.
void drawXAxis(QPainter& painter, const Axis& axis, const QRectF& plot, const PlotTheme& theme,
               bool integers = false, bool grid = false);
void drawYAxis(QPainter& painter, const Axis& axis, const QRectF& plot, const PlotTheme& theme,
               bool integers = false, bool grid = true);
/// The same with ticks of the caller's making.
void drawXTicks(QPainter& painter, const Axis& axis, const std::vector<Tick>& marks,
                const QRectF& plot, const PlotTheme& theme, bool grid = false);
void drawYTicks(QPainter& painter, const Axis& axis, const std::vector<Tick>& marks,
                const QRectF& plot, const PlotTheme& theme, bool grid = true);
/// How many labels fit side by side.
[[nodiscard]] int wantedXTicks(qreal width, const PlotTheme& theme);
/// What the axes take of the picture: px below the plot, and px at its left.
[[nodiscard]] qreal xAxisHeight(const PlotTheme& theme);
[[nodiscard]] qreal yAxisWidth(const Axis& axis, qreal height, const PlotTheme& theme);

} // namespace repro::gui::plot
