// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/pixel_cells.h"
#include "gui/plot/map/divergence_map.h"

namespace repro::gui::plot {

/// The cells of a map as an image of device pixels. Keeps the last image, for most paints change
/// something else.
class MapRaster {
public:
    void invalidate() { m_image = {}; }
    /// Requires: the same data since invalidate().
    [[nodiscard]] const QImage& image(const MapData& data, const QRectF& view, QSize pixels,
                                      qreal dpr, const PlotTheme& theme);

private:
    QImage m_image;
    QRectF m_view;
    qreal m_dpr = 0;
    PlotTheme m_theme;
};

} // namespace repro::gui::plot
