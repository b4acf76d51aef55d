// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_paint.h"

#include "gui/plot/kit/cell_style.h"
#include "gui/plot/kit/pixel_cells.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace repro::gui::plot {
namespace {

// A difference other than zero is at least this far from the centre of 128, or it would not be
// seen.
constexpr int kSmallestStep = 22;
constexpr double kLogDecades = 8; // of a log scale whose foot is not given

double foot(const ColourScale& scale) {
    return scale.low > 0 ? scale.low : scale.high * std::pow(10, -kLogDecades);
}

} // namespace

TensorColours::TensorColours(Channel channel, const ColourScale& scale, const PlotTheme& theme)
    : m_channel(channel), m_scale(scale), m_table(colourTable(scale.map, theme)),
      m_same(theme.deltaZero.rgb()), m_nonFinite(theme.nonFinite.rgb()),
      m_hatch(theme.hatch.rgb()) {
    for (std::size_t i = 0; i < m_severity.size(); ++i) {
        m_severity[i] = theme.severity[i].rgb();
    }
    const double range = scale.log                           ? std::log(scale.high / foot(scale))
                         : scale.map == ColourMap::Diverging ? scale.high
                                                             : scale.high - scale.low;
    m_factor = range > 0 && std::isfinite(range) ? 1 / range : 0;
}

int TensorColours::index(double value) const {
    const double size = std::abs(value);
    double unit = m_scale.log ? (size > 0 ? std::log(size / foot(m_scale)) * m_factor : 0) : 0;
    if (m_scale.map != ColourMap::Diverging) {
        unit = m_scale.log ? unit : (value - m_scale.low) * m_factor;
        return int(std::clamp(unit, 0.0, 1.0) * 255 + 0.5);
    }
    unit = m_scale.log ? unit : size * m_factor;
    const int step = int(std::clamp(unit, 0.0, 1.0) * 127 + 0.5);
    const int shown = value == 0 ? 0 : std::max(step, kSmallestStep);
    return std::clamp(128 + (value < 0 ? -shown : shown), 0, 255);
}

QRgb TensorColours::ulpPixel(double value, int x, int y) const {
    if (value == 0) {
        return m_same;
    }
    const double size = std::abs(value);
    if (size == TensorSource::kZeroSign) { // bits differ, values do not
        return x % 4 < 2 && y % 4 < 2 ? m_severity[1] : m_same;
    }
    const auto ulp = size < 1e18 ? std::uint64_t(size) : ~std::uint64_t(0);
    return m_severity[std::size_t(styleOfUlp(ulp)) - std::size_t(CellStyle::Ulp1)];
}

QRgb TensorColours::pixel(double value, int x, int y) const {
    if (!std::isfinite(value)) {
        return (x + y) % 4 == 0 ? m_hatch : m_nonFinite;
    }
    return m_channel == Channel::Ulp ? ulpPixel(value, x, y) : m_table[std::size_t(index(value))];
}

namespace {

/// The visible texels of one level, row after row, copied out of tiles.
struct Window {
    qint64 row = 0, column = 0; // first texel
    int rows = 0, columns = 0;
    std::vector<double> texels;
    std::vector<char> known;

    Window(qint64 row0, qint64 column0, qint64 row1, qint64 column1)
        : row(row0), column(column0), rows(int(row1 - row0)), columns(int(column1 - column0)),
          texels(std::size_t(rows) * std::size_t(columns)), known(texels.size(), 0) {}
};

void copyTile(Window& window, const TileKey& key, const Tile& tile, const TileKey& made) {
    const int up = made.rowLevel - key.rowLevel; // a stand-in is coarser by so many levels
    const qint64 row0 = qint64(key.row) * kTileSide, column0 = qint64(key.column) * kTileSide;
    const qint64 firstRow = std::max(row0, window.row),
                 firstColumn = std::max(column0, window.column);
    const qint64 lastRow = std::min(row0 + kTileSide, window.row + window.rows);
    const qint64 lastColumn = std::min(column0 + kTileSide, window.column + window.columns);
    for (qint64 row = firstRow; row < lastRow; ++row) {
        const qint64 from = (row >> up) - qint64(made.row) * kTileSide;
        if (from >= tile.rows) {
            break;
        }
        for (qint64 column = firstColumn; column < lastColumn; ++column) {
            const qint64 at = (column >> up) - qint64(made.column) * kTileSide;
            if (at >= tile.columns) {
                break;
            }
            const auto to = std::size_t(row - window.row) * std::size_t(window.columns) +
                            std::size_t(column - window.column);
            window.texels[to] = tile.texels[std::size_t(from * tile.columns + at)];
            window.known[to] = 1;
        }
    }
}

void fillWindow(Window& window, TileCache& tiles, TileKey key) {
    for (qint64 row = window.row / kTileSide; row * kTileSide < window.row + window.rows; ++row) {
        for (qint64 column = window.column / kTileSide;
             column * kTileSide < window.column + window.columns; ++column) {
            key.row = int(row);
            key.column = int(column);
            TileKey made = key;
            std::shared_ptr<const Tile> tile = tiles.tile(key);
            if (!tile) {
                tile = tiles.coarser(key, made);
            }
            if (tile) {
                copyTile(window, key, *tile, made);
            }
        }
    }
}

int levelOf(double elementsPerPixel) {
    return elementsPerPixel < 2 ? 0 : std::min(30, int(std::floor(std::log2(elementsPerPixel))));
}

} // namespace

QImage tensorPixels(TileCache& tiles, const TensorSource& source, Channel channel, bool nearest,
                    const QRectF& view, QSize pixels, qreal dpr, const TensorColours& colours,
                    QRgb pending) {
    QImage image(pixels, QImage::Format_RGB32);
    TileKey key{channel,
                levelOf(view.height() / pixels.height()),
                levelOf(view.width() / pixels.width()),
                0,
                0,
                nearest && (channel == Channel::A || channel == Channel::B)};
    const double rowSide = double(1LL << key.rowLevel), columnSide = double(1LL << key.columnLevel);
    const auto texels = [](qint64 elements, double side) {
        return qint64(std::ceil(double(elements) / side));
    };
    Window window(
        qint64(std::floor(view.top() / rowSide)), qint64(std::floor(view.left() / columnSide)),
        std::min(qint64(std::ceil(view.bottom() / rowSide)), texels(source.rows(), rowSide)),
        std::min(qint64(std::ceil(view.right() / columnSide)),
                 texels(source.columns(), columnSide)));
    if (window.texels.empty()) {
        image.fill(pending);
        return image;
    }
    fillWindow(window, tiles, key);
    const PixelCells down(view.top() / rowSide - double(window.row),
                          view.bottom() / rowSide - double(window.row), pixels.height(),
                          window.rows);
    const PixelCells across(view.left() / columnSide - double(window.column),
                            view.right() / columnSide - double(window.column), pixels.width(),
                            window.columns);
    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const int layoutY = int(y / dpr);
        for (int x = 0; x < pixels.width(); ++x) {
            std::size_t at = std::size_t(down.begin(y)) * std::size_t(window.columns) +
                             std::size_t(across.begin(x));
            double value = window.texels[at];
            bool known = window.known[at] != 0;
            for (int row = down.begin(y); row < down.end(y) && !nearest; ++row) {
                for (int column = across.begin(x); column < across.end(x); ++column) {
                    at = std::size_t(row) * std::size_t(window.columns) + std::size_t(column);
                    known = known && window.known[at] != 0;
                    value = heavier(window.texels[at], value) ? window.texels[at] : value;
                }
            }
            line[x] = known ? colours.pixel(value, int(x / dpr), layoutY) : pending;
        }
    }
    return image;
}

} // namespace repro::gui::plot
