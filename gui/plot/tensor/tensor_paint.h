// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/tensor/tensor_image.h"
#include "gui/plot/tensor/tile_cache.h"

#include <QImage>

namespace repro::gui::plot {

/// Colours of one channel under one scale and theme, pixel by pixel.
class TensorColours {
public:
    TensorColours(Channel channel, const ColourScale& scale, const PlotTheme& theme);
    /// x and y are layout pixels and only set the phase of the hatch.
    [[nodiscard]] QRgb pixel(double value, int x, int y) const;
    /// Where a finite value lies in the colour table, 0 to 255.
    [[nodiscard]] int index(double value) const;
    [[nodiscard]] const ColourTable& table() const { return m_table; }

private:
    [[nodiscard]] QRgb ulpPixel(double value, int x, int y) const;

    Channel m_channel;
    ColourScale m_scale;
    ColourTable m_table;
    std::array<QRgb, 5> m_severity{};
    QRgb m_same = 0, m_nonFinite = 0, m_hatch = 0;
    double m_factor = 1; // of the linear or logarithmic range
};

/// The elements of `view` as an image of device pixels, out of tiles; what is not there yet is
/// asked for and stood in for by a coarser tile, or by `pending`.
[[nodiscard]] QImage tensorPixels(TileCache& tiles, const TensorSource& source, Channel channel,
                                  bool nearest, const QRectF& view, QSize pixels, qreal dpr,
                                  const TensorColours& colours, QRgb pending);

} // namespace repro::gui::plot
