// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/pixel_cells.h"

namespace repro::gui::plot {

PixelCells::PixelCells(double first, double last, int pixels, int cells)
    : m_perCell(pixels / std::max(last - first, 1e-9)) {
    m_begin.reserve(std::size_t(pixels) + 1);
    for (int pixel = 0; pixel <= pixels; ++pixel) {
        const double at = first + (last - first) * pixel / std::max(pixels, 1);
        m_begin.push_back(
            std::clamp(int(std::floor(at + 1e-9)), 0, pixel < pixels ? cells - 1 : cells));
    }
}

} // namespace repro::gui::plot
