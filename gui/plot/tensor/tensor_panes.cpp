// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_panes.h"

#include "gui/plot/kit/axis.h"
#include "gui/plot/kit/cell_style_paint.h"
#include "gui/plot/kit/marks.h"
#include "gui/plot/tensor/tensor_paint.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

qreal lineOf(const PlotTheme& theme) {
    return std::ceil(QFontMetricsF(theme.font).height());
}

} // namespace

QString channelName(Channel channel) {
    switch (channel) {
    case Channel::A:
        return QStringLiteral("A");
    case Channel::B:
        return QStringLiteral("B");
    case Channel::Delta:
        return QStringLiteral("\u0394 = B\u2212A");
    case Channel::Ulp:
        return QStringLiteral("ULP");
    }
    return {};
}

TensorPanes tensorPanes(const std::vector<Channel>& channels, bool bothFirst, double rows,
                        double columns, QSizeF size, const PlotTheme& theme) {
    TensorPanes result;
    const qreal line = lineOf(theme);
    const auto number = qreal(std::max<std::size_t>(1, channels.size()));
    const Axis ruler{0, std::max(1.0, rows - 1), Scale::Linear, {}};
    const qreal left = yAxisWidth(ruler, size.height(), theme), over = 2 * line + kPad,
                under = line + kPad;
    // Side by side unless the tensor is so wide that the panes fill the place better stacked.
    const auto shape = [&](qreal across, qreal down) {
        const qreal w = std::max(1.0, size.width() / across - left - kPad);
        const qreal h = std::max(1.0, size.height() / down - over - under - kPad);
        const double scale = std::min(w / std::max(1.0, columns), h / std::max(1.0, rows));
        return std::min(1.0, scale * columns / w) * std::min(1.0, scale * rows / h) * w * h;
    };
    const bool stacked = number > 1 && shape(1, number) > 1.3 * shape(number, 1);
    const qreal wide = std::floor(size.width() / (stacked ? 1 : number));
    const qreal high = std::floor(size.height() / (stacked ? number : 1));
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const QRectF place(stacked ? 0 : qreal(i) * wide, stacked ? qreal(i) * high : 0, wide,
                           high);
        TensorPanes::Pane pane{channels[i], bothFirst && i == 0, {}, {}, {}};
        pane.image = place.adjusted(std::ceil(left), over, -kPad, -under - kPad);
        pane.title = {pane.image.left(), place.top() + 2, pane.image.width(), line};
        pane.legend = {pane.image.left(), pane.image.bottom() + kPad, pane.image.width(), line};
        result.panes.push_back(pane);
    }
    return result;
}

void paintTensorTitle(QPainter& painter, const TensorPanes::Pane& pane, const PlotTheme& theme) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const QPointF base(pane.title.left(), pane.title.center().y() + metrics.capHeight() / 2);
    if (pane.both) {
        drawRunLegend(painter, pane.title, theme);
    } else if (pane.channel == Channel::A || pane.channel == Channel::B) {
        const Run run = pane.channel == Channel::A ? Run::A : Run::B;
        painter.setPen(theme.label(run));
        painter.drawText(base, channelName(pane.channel));
        drawRunMark(painter, run,
                    {base.x() + metrics.horizontalAdvance(channelName(pane.channel)) +
                         metrics.height() * 0.5,
                     pane.title.center().y()},
                    metrics.height() * 0.5, theme);
    } else {
        painter.setPen(theme.text);
        painter.drawText(base, channelName(pane.channel));
    }
    painter.restore();
}

void paintTensorLegend(QPainter& painter, const TensorPanes::Pane& pane, const ColourScale& scale,
                       const PlotTheme& theme) {
    if (pane.channel == Channel::Ulp) {
        CellStyleSet present;
        for (const CellStyle style : {CellStyle::Ulp1, CellStyle::Ulp4, CellStyle::Ulp32,
                                      CellStyle::Ulp1024, CellStyle::Ulp1M, CellStyle::NonFinite}) {
            present |= style;
        }
        drawStyleLegend(painter, pane.legend, present, theme);
        return;
    }
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const bool diverging = scale.map == ColourMap::Diverging;
    const QString low = number(diverging ? -scale.high : scale.low, 4);
    const QString high = number(scale.high, 4) + (scale.log ? QStringLiteral(" log") : QString());
    const qreal lowWidth = metrics.horizontalAdvance(low),
                highWidth = metrics.horizontalAdvance(high);
    const qreal base = pane.legend.center().y() + metrics.capHeight() / 2;
    const QRectF bar(pane.legend.left() + lowWidth + kPad, pane.legend.center().y() - 5,
                     std::min(160.0, pane.legend.width() - lowWidth - highWidth - 2 * kPad), 10);
    painter.setPen(theme.mutedText);
    if (bar.width() < 16) { // the values matter more than the bar
        painter.drawText(QPointF(pane.legend.left(), base),
                         metrics.elidedText(QStringLiteral("%1 \u2026 %2").arg(low, high),
                                            Qt::ElideRight, pane.legend.width()));
        painter.restore();
        return;
    }
    QImage ramp(256, 1, QImage::Format_RGB32);
    const ColourTable table = colourTable(scale.map, theme);
    for (int i = 0; i < 256; ++i) {
        ramp.setPixel(i, 0, table[std::size_t(i)]);
    }
    painter.drawImage(bar, ramp);
    painter.drawText(QPointF(pane.legend.left(), base), low);
    painter.drawText(QPointF(bar.right() + kPad, base), high);
    painter.restore();
}

void paintTensorRulers(QPainter& painter, const QRectF& image, const QRectF& view,
                       const QString& rowAxis, const QString& columnAxis, const PlotTheme& theme) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const auto inside = [](const Tick& tick, double last) { return tick.value + 0.5 <= last; };
    const Axis columns{view.left(), view.right(), Scale::Linear, {}};
    qreal free = image.left() - 4;
    for (const Tick& tick : ticks(columns, wantedXTicks(image.width(), theme), true)) {
        const qreal x = image.left() + columns.toUnit(tick.value + 0.5) * image.width();
        const qreal width = metrics.horizontalAdvance(tick.label);
        if (!inside(tick, view.right()) || x - width / 2 < free ||
            x + width / 2 > image.right() + kPad) {
            continue;
        }
        free = x + width / 2 + 4;
        painter.setPen(theme.axis);
        painter.drawLine(QPointF(x, image.top() - 3), QPointF(x, image.top()));
        painter.setPen(theme.mutedText);
        painter.drawText(QPointF(x - width / 2, image.top() - 5), tick.label);
    }
    const Axis rows{view.top(), view.bottom(), Scale::Linear, {}};
    for (const Tick& tick :
         ticks(rows, std::max(1, int(image.height() / metrics.height() / 2)), true)) {
        const qreal y = image.top() + rows.toUnit(tick.value + 0.5) * image.height();
        if (!inside(tick, view.bottom())) {
            continue;
        }
        painter.setPen(theme.axis);
        painter.drawLine(QPointF(image.left() - 3, y), QPointF(image.left(), y));
        painter.setPen(theme.mutedText);
        painter.drawText(QPointF(image.left() - 6 - metrics.horizontalAdvance(tick.label),
                                 y + metrics.capHeight() / 2),
                         tick.label);
    }
    const QString names = rowAxis.isEmpty() && columnAxis.isEmpty()
                              ? QString()
                              : QStringLiteral("%1 \u2193  %2 \u2192").arg(rowAxis, columnAxis);
    const QString shown = metrics.elidedText(names, Qt::ElideRight, image.width() * 0.6);
    painter.setPen(theme.mutedText);
    painter.drawText(QPointF(image.right() - metrics.horizontalAdvance(shown),
                             image.top() - 5 - metrics.height()),
                     shown);
    painter.restore();
}

void paintMinimap(QPainter& painter, const QRectF& image, const QRectF& view, const QRectF& all,
                  const PlotTheme& theme) {
    if (view == all || image.width() < 120 || image.height() < 90) {
        return;
    }
    const double scale = std::min(72 / all.width(), 48 / all.height());
    QRectF whole(0, 0, std::max(8.0, all.width() * scale), std::max(8.0, all.height() * scale));
    whole.moveTopRight(image.topRight() + QPointF(-6, 6));
    QRectF part(whole.left() + view.left() / all.width() * whole.width(),
                whole.top() + view.top() / all.height() * whole.height(),
                std::max(3.0, view.width() / all.width() * whole.width()),
                std::max(3.0, view.height() / all.height() * whole.height()));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    QColor glass = theme.background;
    glass.setAlphaF(0.8F);
    painter.setBrush(glass);
    painter.setPen(theme.axis);
    painter.drawRect(whole);
    painter.setBrush(theme.runAText);
    painter.drawRect(part.intersected(whole));
    painter.restore();
}

} // namespace repro::gui::plot
