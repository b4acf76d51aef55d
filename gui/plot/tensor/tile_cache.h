// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/tensor/tensor_source.h"

#include <QObject>

#include <list>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace repro::gui::plot {

/// Which of two values stands for both in a picture: NaN before infinity before the larger
/// magnitude.
[[nodiscard]] bool heavier(double a, double b);

inline constexpr int kTileSide = 256;

/// A tile is 256 x 256 texels, a texel 2^rowLevel x 2^columnLevel elements.
struct TileKey {
    Channel channel = Channel::A;
    int rowLevel = 0, columnLevel = 0;
    int row = 0, column = 0; // of the tile, in tiles
    bool nearest = false;
    auto operator<=>(const TileKey&) const = default;
};

/// Texels as doubles, row after row, `columns` to a row. A texel that merges elements is the one
/// of the largest magnitude with its sign; NaN before Inf before all finite.
struct Tile {
    int rows = 0, columns = 0;
    std::vector<double> texels;
};

/// Returns: null when cancelled. May be called from any thread.
[[nodiscard]] std::shared_ptr<const Tile> reduceTile(const TensorSource& source, const TileKey& key,
                                                     const CancelFlag& cancel);

/// The tiles of one slice, reduced by jobs, the ones wanted last first. Belongs to the GUI thread;
/// its destructor waits for at most one block's work.
class TileCache : public QObject {
    Q_OBJECT
public:
    explicit TileCache(QObject* parent = nullptr);

    /// Drops everything that is known or under way.
    void setSource(std::shared_ptr<const TensorSource> source);
    /// Returns: the tile, or null and it is being made; ready() tells when.
    [[nodiscard]] std::shared_ptr<const Tile> tile(const TileKey& key);
    /// A coarser tile over the same elements that is there already, for the time being; else null.
    [[nodiscard]] std::shared_ptr<const Tile> coarser(const TileKey& key, TileKey& found) const;
    [[nodiscard]] bool busy() const { return !m_jobs.idle(); }
    /// Waits for all that is under way.
    void settle() { m_jobs.finish(); }

Q_SIGNALS:
    void ready();

private:
    void store(const TileKey& key, std::shared_ptr<const Tile> tile);

    struct Entry {
        std::shared_ptr<const Tile> tile; // shared: painted while it may be evicted
        std::list<TileKey>::iterator use;
    };
    std::shared_ptr<const TensorSource> m_source; // shared with the workers
    std::map<TileKey, Entry> m_tiles;
    std::list<TileKey> m_uses; // most recent first
    std::set<TileKey> m_wanted;
    JobRunner m_jobs;
    int m_serial = 0; // later requests come first
};

} // namespace repro::gui::plot
