// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/cell_style.h"
#include "gui/plot/kit/theme.h"

#include <QImage>
#include <QPainter>

#include <array>

namespace repro::gui::plot {

/// The colours and textures of styles under one theme, pixel by pixel, so that maps, strips and
/// legends agree. x and y are layout pixels and only set the phase of the texture.
class CellStylePalette {
public:
    explicit CellStylePalette(const PlotTheme& theme);

    /// Of an empty set: the background. `merged`: more events lie here than the pixel can tell
    /// apart.
    [[nodiscard]] QRgb pixel(CellStyleSet styles, int x, int y, bool merged = false) const;
    /// A rectangle of one style, as in a legend.
    void fill(QPainter& painter, const QRect& place, CellStyleSet styles) const;

private:
    enum class Texture : std::uint8_t { None, Hatch, BackHatch, Dots, Grid, Lines };
    struct Look {
        QRgb base = 0, mark = 0;
        Texture texture = Texture::None;
        int pitch = 4;
    };
    [[nodiscard]] static bool marked(const Look& look, int x, int y);

    std::array<Look, kCellStyleCount> m_looks;
    QRgb m_background = 0, m_text = 0;
};

/// The styles that occur, each a swatch and its name, in one line from the left of
/// `place`; what does not fit is left out, and "..." says so.
void drawStyleLegend(QPainter& painter, const QRectF& place, CellStyleSet present,
                     const PlotTheme& theme);

} // namespace repro::gui::plot
