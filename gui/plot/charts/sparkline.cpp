// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/sparkline.h"

#include "gui/plot/kit/line_path.h"

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {

void drawSparkline(QPainter& painter, std::span<const double> values, const QRectF& place,
                   const QColor& colour) {
    double low = INFINITY, high = -INFINITY;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    const double span = high > low ? high - low : 1;
    painter.strokePath(linePath(values, 0, double(values.size()), place.adjusted(0, 1, 0, -1),
                                [&](double v) { return high > low ? (v - low) / span : 0.5; }),
                       QPen(colour, 1.4));
}

void drawBars(QPainter& painter, std::span<const quint64> counts, const QRectF& place,
              const QColor& colour) {
    const quint64 most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    if (most == 0) {
        return;
    }
    const qreal width = place.width() / qreal(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) {
            const qreal height = std::max(1.0, place.height() * double(counts[i]) / double(most));
            painter.fillRect(QRectF(place.left() + qreal(i) * width, place.bottom() - height,
                                    std::max(1.0, width - 1), height),
                             colour);
        }
    }
}

} // namespace repro::gui::plot
