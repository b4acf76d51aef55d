// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

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

} // namespace repro::gui::plot
