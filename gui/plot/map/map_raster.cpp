// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/map_raster.h"

#include "gui/plot/kit/cell_style_paint.h"

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

constexpr qreal kSmallestMark = 2; // layout pixels

struct Merged {
    CellStyleSet styles;
    bool several = false;
};

using Plane = std::vector<Merged>; // row after row

Plane merge(const MapData& data, const PixelCells& across, const PixelCells& down) {
    Plane plane(std::size_t(across.size()) * std::size_t(down.size()));
    for (int x = 0; x < across.size(); ++x) {
        for (int column = across.begin(x); column < across.end(x); ++column) {
            const CellStyleSet* cells =
                data.cells.data() + std::size_t(column) * std::size_t(data.rows);
            for (int y = 0; y < down.size(); ++y) {
                Merged& pixel = plane[std::size_t(y) * std::size_t(across.size()) + std::size_t(x)];
                for (int row = down.begin(y); row < down.end(y); ++row) {
                    if (!cells[row].empty()) {
                        pixel.several = pixel.several || !pixel.styles.empty();
                        pixel.styles |= cells[row];
                    }
                }
            }
        }
    }
    return plane;
}

// Cells smaller than a mark may be grow to the right and down over what is of no note.
void grow(Plane& plane, int width, int height, int byX, int byY) {
    const Plane original = plane;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const Merged& from = original[std::size_t(y) * std::size_t(width) + std::size_t(x)];
            if (!from.styles.notable()) {
                continue;
            }
            for (int dy = 0; dy <= byY; ++dy) {
                for (int dx = 0; dx <= byX; ++dx) {
                    // At the far edges a mark grows back.
                    const int toX = x + byX < width ? x + dx : x - dx;
                    const int toY = y + byY < height ? y + dy : y - dy;
                    if (toX < 0 || toY < 0) {
                        continue;
                    }
                    const auto at = std::size_t(toY) * std::size_t(width) + std::size_t(toX);
                    if (!original[at].styles.notable() && !plane[at].styles.notable()) {
                        plane[at] = from;
                    }
                }
            }
        }
    }
}

int missing(double perCell, qreal dpr) {
    return std::max(0, int(std::ceil(kSmallestMark * dpr - perCell)));
}

} // namespace

const QImage& MapRaster::image(const MapData& data, const QRectF& view, QSize pixels, qreal dpr,
                               const PlotTheme& theme) {
    if (!m_image.isNull() && m_image.size() == pixels && m_view == view && m_dpr == dpr &&
        m_theme == theme) {
        return m_image;
    }
    m_view = view;
    m_dpr = dpr;
    m_theme = theme;
    m_image = QImage(pixels, QImage::Format_RGB32);
    const PixelCells across(view.left(), view.right(), pixels.width(), data.columns);
    const PixelCells down(view.top(), view.bottom(), pixels.height(), data.rows);
    Plane plane = merge(data, across, down);
    grow(plane, pixels.width(), pixels.height(), missing(across.perCell(), dpr),
         missing(down.perCell(), dpr));
    const CellStylePalette palette(theme);
    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        for (int x = 0; x < pixels.width(); ++x) {
            const Merged& merged =
                plane[std::size_t(y) * std::size_t(pixels.width()) + std::size_t(x)];
            line[x] = palette.pixel(merged.styles, int(x / dpr), int(y / dpr), merged.several);
        }
    }
    return m_image;
}

} // namespace repro::gui::plot
