// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/line_path.h"

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

struct Pixel {
    double first = 0, lowest = 0, highest = 0, last = 0; // units; of the values in it
    bool empty = true;

    void add(double unit) {
        if (empty) {
            first = lowest = highest = unit;
            empty = false;
        }
        lowest = std::min(lowest, unit);
        highest = std::max(highest, unit);
        last = unit;
    }
};

class Pen {
public:
    explicit Pen(const QRectF& place) : m_place(place) {}

    void lineTo(double x, double unit) {
        const QPointF at(x, m_place.bottom() - std::clamp(unit, -1.0, 2.0) * m_place.height());
        if (m_down) {
            m_path.lineTo(at);
            m_alone = false;
        } else {
            m_path.moveTo(at);
            m_start = at;
            m_alone = m_down = true;
        }
    }
    void lift() {
        if (m_down && m_alone) {
            m_path.lineTo(m_start + QPointF(1.5, 0));
        }
        m_down = false;
    }
    [[nodiscard]] const QPainterPath& path() const { return m_path; }

private:
    QRectF m_place;
    QPainterPath m_path;
    QPointF m_start;
    bool m_down = false, m_alone = false;
};

} // namespace

QPainterPath linePath(std::span<const double> values, double first, double last,
                      const QRectF& place, const std::function<double(double)>& toUnit) {
    Pen pen(place);
    if (values.empty() || !(last > first) || place.isEmpty()) {
        return {};
    }
    const double perPixel = (last - first) / place.width();
    // One value more at either side, so that the curve leaves the place instead of ending in it.
    const auto from = std::size_t(std::clamp(std::floor(first) - 1, 0.0, double(values.size())));
    const auto to = std::size_t(std::clamp(std::ceil(last) + 1, 0.0, double(values.size())));
    Pixel pixel;
    qint64 column = 0;
    const auto flush = [&] {
        if (!pixel.empty) {
            const double x = place.left() + double(column) + 0.5;
            pen.lineTo(x, pixel.first);
            pen.lineTo(x, pixel.lowest);
            pen.lineTo(x, pixel.highest);
            pen.lineTo(x, pixel.last);
        }
        pixel = {};
    };
    for (std::size_t i = from; i < to; ++i) {
        const double unit = std::isfinite(values[i]) ? toUnit(values[i]) : NAN;
        const double offset = (double(i) + 0.5 - first) / perPixel;
        if (perPixel > 1 && qint64(std::floor(offset)) != column) {
            flush();
            column = qint64(std::floor(offset));
        }
        if (!std::isfinite(unit)) {
            flush();
            pen.lift();
        } else if (perPixel > 1) {
            pixel.add(unit);
        } else {
            pen.lineTo(place.left() + offset, unit);
        }
    }
    flush();
    pen.lift();
    return pen.path();
}

} // namespace repro::gui::plot
