// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/divergence_map.h"

namespace repro::gui::plot {

/// Which cells fall on each pixel of one direction: every visible cell on exactly one pixel where
/// there are more cells than pixels, every pixel on exactly one cell where there are fewer.
class PixelCells {
public:
    PixelCells(double first, double last, int pixels, int cells);
    [[nodiscard]] int begin(int pixel) const { return m_begin[std::size_t(pixel)]; }
    [[nodiscard]] int end(int pixel) const {
        return std::max(m_begin[std::size_t(pixel) + 1], begin(pixel) + 1);
    }
    [[nodiscard]] int size() const { return int(m_begin.size()) - 1; }
    /// Pixels a cell takes, at least.
    [[nodiscard]] double perCell() const { return m_perCell; }

private:
    std::vector<int> m_begin;
    double m_perCell = 1;
};

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
