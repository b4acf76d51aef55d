// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/map/divergence_map.h"

namespace repro::gui::plot {

/// Where the parts of a divergence map lie in a picture of one size.
struct MapLayout {
    QRectF legend, plot;
    std::vector<QRectF> lanes; // one for each lane, over or under the plot
};

[[nodiscard]] MapLayout mapLayout(const MapData& data, const std::vector<MapLane>& lanes,
                                  QSizeF size, const PlotTheme& theme);
/// Names of the groups at the left of the plot (or numbers of rows), lines between them.
void paintMapRows(QPainter& painter, const MapData& data, const QRectF& view, const QRectF& plot,
                  const PlotTheme& theme);
/// The x axis below `foot`, with the columns' own numbers.
void paintMapColumns(QPainter& painter, const MapData& data, const QRectF& view, const QRectF& foot,
                     const PlotTheme& theme);
void paintMapLanes(QPainter& painter, const std::vector<MapLane>& lanes, const MapLayout& layout,
                   const QRectF& view, const PlotTheme& theme);

} // namespace repro::gui::plot
