// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tile_cache.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace repro::gui::plot {
namespace {

constexpr std::size_t kTilesKept = 256; // of 512 KiB: 128 MiB
// Read between two looks at `cancel`. Powers of two, so that a texel is in one band or fills it.
constexpr int kBandRows = 64, kBandColumns = 4096;
constexpr int kCoarser = 8; // levels to look up for a stand-in

void reduceRow(const double* in, qint64 length, int level, double* out) {
    const qint64 side = qint64(1) << level;
    for (qint64 first = 0; first < length; first += side, ++out) {
        const qint64 last = std::min(length, first + side);
        double best = *out;
        for (qint64 i = first; i < last; ++i) {
            if (heavier(in[i], best)) {
                best = in[i];
            }
        }
        *out = best;
    }
}

/// The first element of each texel.
void sample(const TensorSource& source, const TileKey& key, const Block& elements, Tile& tile) {
    const int step = 1 << std::min(key.rowLevel, key.columnLevel);
    const int rowSkip = (1 << key.rowLevel) / step, columnSkip = (1 << key.columnLevel) / step;
    std::vector<double> line(std::size_t((elements.columns + step - 1) / step));
    for (int row = 0; row < tile.rows; ++row) {
        readChannel(source, key.channel,
                    {elements.row + qint64(row) * rowSkip * step, elements.column, 1,
                     int(line.size()), step},
                    line);
        for (int column = 0; column < tile.columns; ++column) {
            tile.texels[std::size_t(row) * std::size_t(tile.columns) + std::size_t(column)] =
                line[std::size_t(column) * std::size_t(columnSkip)];
        }
    }
}

/// Reads the tile's elements in bands and keeps the heaviest of each texel.
bool reduceMax(const TensorSource& source, const TileKey& key, const Block& elements,
               const CancelFlag& cancel, Tile& tile) {
    std::vector<double> band;
    for (int row = 0; row < elements.rows; row += kBandRows) {
        for (int column = 0; column < elements.columns; column += kBandColumns) {
            if (cancel) {
                return false;
            }
            const Block block{elements.row + row, elements.column + column,
                              std::min(kBandRows, elements.rows - row),
                              std::min(kBandColumns, elements.columns - column)};
            band.resize(std::size_t(block.rows) * std::size_t(block.columns));
            readChannel(source, key.channel, block, band);
            for (int i = 0; i < block.rows; ++i) {
                const std::ptrdiff_t texel =
                    std::ptrdiff_t((row + i) >> key.rowLevel) * tile.columns +
                    (column >> key.columnLevel);
                reduceRow(band.data() + std::ptrdiff_t(i) * block.columns, block.columns,
                          key.columnLevel, tile.texels.data() + texel);
            }
        }
    }
    return true;
}

int texels(qint64 elements, int level) {
    return int((elements + (qint64(1) << level) - 1) >> level);
}

} // namespace

bool heavier(double a, double b) {
    return std::isnan(b) ? false : std::isnan(a) || std::abs(a) > std::abs(b);
}

std::shared_ptr<const Tile> reduceTile(const TensorSource& source, const TileKey& key,
                                       const CancelFlag& cancel) {
    const qint64 high = qint64(kTileSide) << key.rowLevel;
    const qint64 wide = qint64(kTileSide) << key.columnLevel;
    const Block elements{key.row * high, key.column * wide,
                         int(std::min(high, source.rows() - key.row * high)),
                         int(std::min(wide, source.columns() - key.column * wide))};
    Tile tile{texels(elements.rows, key.rowLevel), texels(elements.columns, key.columnLevel), {}};
    tile.texels.resize(std::size_t(tile.rows) * std::size_t(tile.columns));
    const bool plain = key.rowLevel == 0 && key.columnLevel == 0;
    if (cancel) {
        return nullptr;
    }
    if (plain) {
        readChannel(source, key.channel, elements, tile.texels);
    } else if (key.nearest) {
        sample(source, key, elements, tile);
    } else if (!reduceMax(source, key, elements, cancel, tile)) {
        return nullptr;
    }
    return std::make_shared<const Tile>(std::move(tile));
}

TileCache::TileCache(QObject* parent) : QObject(parent) {}

void TileCache::setSource(std::shared_ptr<const TensorSource> source) {
    m_jobs.cancelAll();
    m_source = std::move(source);
    m_tiles.clear();
    m_uses.clear();
    m_wanted.clear();
}

std::shared_ptr<const Tile> TileCache::tile(const TileKey& key) {
    const auto known = m_tiles.find(key);
    if (known != m_tiles.end()) {
        m_uses.splice(m_uses.begin(), m_uses, known->second.use);
        return known->second.tile;
    }
    if (m_source && m_wanted.insert(key).second) {
        ++m_serial;
        m_jobs.start(
            QString::number(m_serial),
            [key, source = m_source](const CancelFlag& cancel) {
                return reduceTile(*source, key, cancel);
            },
            [this, key](std::shared_ptr<const Tile> made) {
                store(key, std::move(made));
                Q_EMIT ready();
            },
            m_serial);
    }
    return nullptr;
}

std::shared_ptr<const Tile> TileCache::coarser(const TileKey& key, TileKey& found) const {
    found = key;
    for (int i = 0; i < kCoarser; ++i) {
        ++found.rowLevel;
        ++found.columnLevel;
        found.row /= 2;
        found.column /= 2;
        if (const auto known = m_tiles.find(found); known != m_tiles.end()) {
            return known->second.tile;
        }
    }
    return nullptr;
}

void TileCache::store(const TileKey& key, std::shared_ptr<const Tile> tile) {
    m_wanted.erase(key);
    m_uses.push_front(key);
    m_tiles[key] = {std::move(tile), m_uses.begin()};
    while (m_tiles.size() > kTilesKept) {
        m_tiles.erase(m_uses.back());
        m_uses.pop_back();
    }
}

} // namespace repro::gui::plot
