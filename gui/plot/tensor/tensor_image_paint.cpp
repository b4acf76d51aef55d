// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_image.h"
#include "gui/plot/tensor/tensor_paint.h"
#include "gui/plot/tensor/tensor_panes.h"
#include "gui/plot/tensor/tile_cache.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

// The shortest text that is worth its cell: "-0.000000e-00" in small digits.
constexpr int kTextColumns = 12;

QFont textFont(const PlotTheme& theme) {
    QFont font = theme.mono;
    font.setPixelSize(std::max(9, theme.mono.pixelSize() - 2));
    return font;
}

} // namespace

void TensorImage::paintPlot(QPainter& painter, const PlotTheme& theme, QSizeF size,
                            qreal dpr) const {
    if (!m_source || bounds().isEmpty()) {
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF({}, size).adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         m_source ? tr("This slice has no elements") : sentence());
        return;
    }
    const TensorPanes all = panes(size, theme);
    for (std::size_t i = 0; i < all.panes.size(); ++i) {
        if (all.panes[i].image.width() >= 4 && all.panes[i].image.height() >= 4) {
            paintPane(painter, theme, i, all, dpr);
        }
    }
    if (m_layout == TensorLayout::Blink && m_source->has(Run::B)) {
        // The run behind is made ready, too: the flip shows it whole at once.
        const Channel shown = all.panes.front().channel;
        (void)paneImage(shown == Channel::A ? Channel::B : Channel::A,
                        (all.panes.front().image.size() * dpr).toSize(), theme, dpr);
    }
}

QImage TensorImage::paneImage(Channel channel, QSize pixels, const PlotTheme& theme,
                              qreal dpr) const {
    return tensorPixels(*m_tiles, *m_source, channel, m_nearest, view(), pixels, dpr,
                        TensorColours(channel, scale(channel), theme), theme.panel.rgb());
}

void TensorImage::paintPane(QPainter& painter, const PlotTheme& theme, std::size_t index,
                            const TensorPanes& all, qreal dpr) const {
    const TensorPanes::Pane& pane = all.panes[index];
    const QSize pixels = (pane.image.size() * dpr).toSize();
    QImage image = paneImage(pane.channel, pixels, theme, dpr);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawImage(pane.image, image);
    if (pane.both) {
        // B lies over A, right of (or below) the wipe.
        const bool sideways = m_wipeOrientation == Qt::Horizontal;
        QRectF part = pane.image;
        if (sideways) {
            part.setLeft(pane.image.left() + std::round(m_wipe * pane.image.width()));
        } else {
            part.setTop(pane.image.top() + std::round(m_wipe * pane.image.height()));
        }
        const QImage other = paneImage(Channel::B, pixels, theme, dpr);
        painter.drawImage(part, other,
                          QRectF((part.topLeft() - pane.image.topLeft()) * dpr, part.size() * dpr));
        painter.setPen(QPen(theme.background, 4));
        painter.drawLine(part.topLeft(), sideways ? part.bottomLeft() : part.topRight());
        painter.setPen(QPen(theme.selection, 2));
        painter.drawLine(part.topLeft(), sideways ? part.bottomLeft() : part.topRight());
    } else {
        paintTexts(painter, theme, pane.channel, pane.image, image);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.axis, 1));
    painter.drawRect(pane.image.adjusted(-0.5, -0.5, 0.5, 0.5));
    painter.restore();
    paintTensorTitle(painter, pane, theme);
    paintTensorLegend(painter, pane, scale(pane.channel), theme);
    paintTensorRulers(painter, pane.image, view(), index == 0 ? m_rowAxis : QString(),
                      index == 0 ? m_columnAxis : QString(), theme);
    if (index == 0) {
        paintMinimap(painter, pane.image, view(), bounds(), theme);
    }
    paintCursor(painter, theme, pane.image);
}

void TensorImage::paintTexts(QPainter& painter, const PlotTheme& theme, Channel channel,
                             const QRectF& place, const QImage& image) const {
    const QFont font = textFont(theme);
    const QFontMetricsF metrics(font);
    const QSizeF cell(place.width() / view().width(), place.height() / view().height());
    if (cell.height() < metrics.height() * 1.2 ||
        cell.width() < metrics.horizontalAdvance(QLatin1Char('0')) * kTextColumns) {
        return;
    }
    painter.setFont(font);
    painter.setClipRect(place, Qt::IntersectClip);
    const QRect shown = view().toAlignedRect();
    const qreal dpr = image.width() / place.width();
    for (int row = shown.top(); row <= shown.bottom(); ++row) {
        for (int column = shown.left(); column <= shown.right(); ++column) {
            const QRectF box(toPixel(QPointF(column, row), place), cell);
            if (!place.adjusted(-1, -1, 1, 1).contains(box)) {
                continue; // half a number would be another number
            }
            const QPointF inside = (box.center() - place.topLeft()) * dpr;
            const QColor under =
                image.pixelColor(std::clamp(int(inside.x()), 0, image.width() - 1),
                                 std::clamp(int(inside.y()), 0, image.height() - 1));
            const QString text = metrics.elidedText(m_source->text(channel, row, column),
                                                    Qt::ElideRight, cell.width() - 4);
            QRectF room({}, QSizeF(metrics.horizontalAdvance(text) + 6, metrics.height()));
            room.moveCenter(box.center());
            const bool hatched = under == theme.nonFinite || under == theme.hatch;
            if (hatched) {
                painter.fillRect(room, theme.nonFinite);
            }
            painter.setPen(hatched ? theme.hatch : readable(theme.text, under));
            painter.drawText(QPointF(room.left() + 3, box.center().y() + metrics.capHeight() / 2),
                             text);
        }
    }
}

void TensorImage::paintCursor(QPainter& painter, const PlotTheme& theme,
                              const QRectF& place) const {
    if (!m_cursor) {
        return;
    }
    QRectF box(toPixel(QPointF(double(m_cursor->column), double(m_cursor->row)), place),
               toPixel(QPointF(double(m_cursor->column + 1), double(m_cursor->row + 1)), place));
    const QPointF centre = box.center();
    box.setSize(box.size().expandedTo(QSizeF(9, 9)));
    box.moveCenter(centre);
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.background, 4));
    painter.drawRect(box);
    painter.setPen(QPen(theme.selection, 2));
    painter.drawRect(box);
    painter.restore();
}

void TensorImage::paintOverlay(QPainter& painter) const {
    if (!crosshair() || !m_source) {
        return;
    }
    painter.setPen(QPen(theme().mutedText, 1, Qt::DotLine));
    for (const TensorPanes::Pane& pane : panes(size(), theme()).panes) {
        const QPointF at = toPixel(*crosshair(), pane.image);
        if (pane.image.contains(at)) {
            painter.drawLine(QPointF(at.x(), pane.image.top()),
                             QPointF(at.x(), pane.image.bottom()));
            painter.drawLine(QPointF(pane.image.left(), at.y()),
                             QPointF(pane.image.right(), at.y()));
        }
    }
}

} // namespace repro::gui::plot
