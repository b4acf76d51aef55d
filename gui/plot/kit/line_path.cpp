// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/line_path.h"

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

/// The values [from, to) at xOf(i), of which [first, last] spans `place`.
template <class X>
QPainterPath pathOf(std::span<const double> values, std::size_t from, std::size_t to, X xOf,
                    double first, double last, const QRectF& place,
                    const std::function<double(double)>& toUnit) {
    Pen pen(place);
    const double perPixel = (last - first) / place.width();
    const bool crowded = double(to - from) > 2 * place.width();
    Pixel pixel;
    qint64 column = 0;
    const auto flush = [&] {
        if (!pixel.empty) {
            const double x = place.left() + double(column) + 0.5;
            for (const double unit : {pixel.first, pixel.lowest, pixel.highest, pixel.last}) {
                pen.lineTo(x, unit);
            }
        }
        pixel = {};
    };
    for (std::size_t i = from; i < to; ++i) {
        const double unit = std::isfinite(values[i]) ? toUnit(values[i]) : NAN;
        const double offset = (xOf(i) - first) / perPixel;
        if (crowded && qint64(std::floor(offset)) != column) {
            flush();
            column = qint64(std::floor(offset));
        }
        if (!std::isfinite(unit)) {
            flush();
            pen.lift();
        } else if (crowded) {
            pixel.add(unit);
        } else {
            pen.lineTo(place.left() + offset, unit);
        }
    }
    flush();
    pen.lift();
    return pen.path();
}

} // namespace

// One value more than is seen at either side, so that the curve leaves the place instead of ending
// in it.
QPainterPath linePath(std::span<const double> values, double first, double last,
                      const QRectF& place, const std::function<double(double)>& toUnit) {
    if (values.empty() || !(last > first) || place.isEmpty()) {
        return {};
    }
    const auto size = double(values.size());
    return pathOf(
        values, std::size_t(std::clamp(std::floor(first) - 1, 0.0, size)),
        std::size_t(std::clamp(std::ceil(last) + 1, 0.0, size)),
        [](std::size_t i) { return double(i) + 0.5; }, first, last, place, toUnit);
}

QPainterPath linePath(std::span<const double> xs, std::span<const double> values, double first,
                      double last, const QRectF& place,
                      const std::function<double(double)>& toUnit) {
    if (values.empty() || !(last > first) || place.isEmpty()) {
        return {};
    }
    auto from = std::size_t(std::lower_bound(xs.begin(), xs.end(), first) - xs.begin());
    auto to = std::size_t(std::upper_bound(xs.begin(), xs.end(), last) - xs.begin());
    return pathOf(
        values, from > 0 ? from - 1 : 0, std::min(values.size(), to + 1),
        [xs](std::size_t i) { return xs[i]; }, first, last, place, toUnit);
}

} // namespace repro::gui::plot
