// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/icons.h"

#include <QPainter>
#include <QPainterPath>

namespace repro::gui {

namespace {

constexpr int kSide = 18;
constexpr QPointF kMiddle(9, 9);

struct Shape {
    QPainterPath filled, drawn;
};

QPainterPath polygon(std::initializer_list<QPointF> points) {
    QPainterPath path;
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
    path.closeSubpath();
    return path;
}

void line(QPainterPath& path, std::initializer_list<QPointF> points) {
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
}

/// Those that lead back are their counterparts, mirrored.
Shape forwardShape(Icon icon) {
    Shape shape;
    const QPainterPath diamond = polygon({{9, 2}, {13, 6}, {9, 10}, {5, 6}});
    switch (icon) {
    case Icon::Forward:
        line(shape.drawn, {{3, 9}, {15, 9}});
        line(shape.drawn, {{10, 4}, {15, 9}, {10, 14}});
        break;
    case Icon::NextOrigin:
    case Icon::NextDifference:
        (icon == Icon::NextOrigin ? shape.filled : shape.drawn) = diamond;
        line(shape.drawn, {{5, 12}, {9, 16}, {13, 12}});
        break;
    case Icon::StepForward:
        shape.filled = polygon({{4, 4}, {11, 9}, {4, 14}});
        line(shape.drawn, {{14, 4}, {14, 14}});
        break;
    case Icon::Pause:
        line(shape.drawn, {{6.5, 4}, {6.5, 14}});
        line(shape.drawn, {{11.5, 4}, {11.5, 14}});
        break;
    default:
        shape.filled = polygon({{5, 3}, {15, 9}, {5, 15}});
        break;
    }
    return shape;
}

Shape shapeOf(Icon icon) {
    const auto mirrored = [](Icon of, double x, double y) {
        Shape shape = forwardShape(of);
        QTransform mirror;
        mirror.translate(kMiddle.x(), kMiddle.y())
            .scale(x, y)
            .translate(-kMiddle.x(), -kMiddle.y());
        return Shape{mirror.map(shape.filled), mirror.map(shape.drawn)};
    };
    switch (icon) {
    case Icon::Back:
        return mirrored(Icon::Forward, -1, 1);
    case Icon::StepBack:
        return mirrored(Icon::StepForward, -1, 1);
    case Icon::PreviousOrigin:
        return mirrored(Icon::NextOrigin, 1, -1);
    case Icon::PreviousDifference:
        return mirrored(Icon::NextDifference, 1, -1);
    default:
        return forwardShape(icon);
    }
}

} // namespace

QIcon iconOf(Icon icon, const plot::PlotTheme& theme) {
    QIcon made;
    const Shape shape = shapeOf(icon);
    for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Disabled}) {
        for (const int dpr : {1, 2, 3}) {
            QPixmap pixmap(kSide * dpr, kSide * dpr);
            pixmap.setDevicePixelRatio(dpr);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            painter.setRenderHint(QPainter::Antialiasing);
            const QColor colour = mode == QIcon::Normal ? theme.text : theme.unknown;
            painter.fillPath(shape.filled, colour);
            painter.strokePath(shape.drawn, QPen(colour, 1.7, Qt::SolidLine, Qt::RoundCap));
            made.addPixmap(pixmap, mode);
        }
    }
    return made;
}

} // namespace repro::gui
