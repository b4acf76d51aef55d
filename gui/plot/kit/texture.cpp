// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/texture.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {

void drawHatch(QPainter& painter, const QRectF& rect, const QColor& colour, qreal spacing) {
    if (rect.isEmpty()) {
        return;
    }
    // Lines x + y = k * spacing * sqrt 2, cut at the rectangle by arithmetic: cheaper than a clip.
    const qreal pitch = spacing * M_SQRT2;
    QPainterPath path;
    for (qreal sum = std::ceil((rect.left() + rect.top()) / pitch) * pitch;
         sum < rect.right() + rect.bottom(); sum += pitch) {
        const qreal x0 = std::max(rect.left(), sum - rect.bottom());
        const qreal x1 = std::min(rect.right(), sum - rect.top());
        path.moveTo(x0, sum - x0);
        path.lineTo(x1, sum - x1);
    }
    painter.strokePath(path, QPen(colour, 1));
}

void drawDots(QPainter& painter, const QRectF& rect, const QColor& colour, qreal spacing) {
    QPainterPath path;
    for (qreal y = std::ceil(rect.top() / spacing) * spacing; y < rect.bottom(); y += spacing) {
        for (qreal x = std::ceil(rect.left() / spacing) * spacing; x < rect.right(); x += spacing) {
            path.addRect(x, y, 1, 1);
        }
    }
    painter.fillPath(path, colour);
}

void drawZigZag(QPainter& painter, const QRectF& rect, const QColor& colour) {
    const qreal height = std::min<qreal>(3, rect.height());
    const qreal middle = rect.center().y();
    QPainterPath path(QPointF(rect.left(), middle + height / 2));
    bool up = true;
    for (qreal x = rect.left() + 2; x <= rect.right(); x += 2, up = !up) {
        path.lineTo(x, middle + (up ? -height / 2 : height / 2));
    }
    painter.strokePath(path, QPen(colour, 1));
}

} // namespace repro::gui::plot
