// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/cell_style.h"

#include <optional>

namespace repro::gui::plot {

/// A strip of its own over the columns of a map: loss curve, RNG, environment, events per step.
/// Lines have one value a column, marks one style set a column; a lane may have both. NaN is
/// "none", but where the mark is of what is not finite.
struct MapLane {
    QString name;
    std::vector<double> a, b;  // lines of the runs
    std::vector<double> delta; // |Δ|, drawn as an area
    std::vector<CellStyleSet> marks;
    bool above = true;
    Scale scale = Scale::Linear; // of a and b
};

/// What a line has in a column; none where it has nothing.
[[nodiscard]] std::optional<double> laneValue(const MapLane& lane, Run run, std::size_t column);
/// What a lane has in a column: "A 0.693147182, B 0.693147242, |Δ| 5.96e-08"; empty: nothing.
[[nodiscard]] QString laneWords(const MapLane& lane, std::size_t column);
[[nodiscard]] qreal laneHeight(const MapLane& lane, const PlotTheme& theme);
/// Paints columns [first, last) across `place`; wide ranges keep the minimum and maximum of each
/// pixel.
void paintLane(QPainter& painter, const MapLane& lane, double first, double last,
               const QRectF& place, const PlotTheme& theme);

} // namespace repro::gui::plot
