// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/marks.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainterPath>

#include <array>

namespace repro::gui::plot {
namespace {

struct MarkWords {
    const char16_t* letter;
    const char* name;
};

constexpr std::array<MarkWords, kMarkCount> kWords{{
    {u"=", QT_TRANSLATE_NOOP("Mark", "same")},
    {u"\u2248", QT_TRANSLATE_NOOP("Mark", "within tolerance")},
    {u"\u25CB", QT_TRANSLATE_NOOP("Mark", "healed")},
    {u"\u25C7", QT_TRANSLATE_NOOP("Mark", "inherited")},
    {u"\u25B2", QT_TRANSLATE_NOOP("Mark", "amplified")},
    {u"A", QT_TRANSLATE_NOOP("Mark", "only in A")},
    {u"B", QT_TRANSLATE_NOOP("Mark", "only in B")},
    {u"#", QT_TRANSLATE_NOOP("Mark", "shape or type changed")},
    {u"?", QT_TRANSLATE_NOOP("Mark", "unknown")},
    {u"!", QT_TRANSLATE_NOOP("Mark", "NaN or Inf on one side")},
    {u"\u25C8", QT_TRANSLATE_NOOP("Mark", "RNG origin")},
    {u"\u25C6", QT_TRANSLATE_NOOP("Mark", "origin")},
}};

QPainterPath diamond(QPointF c, qreal half) {
    QPainterPath path(QPointF(c.x(), c.y() - half));
    path.lineTo(c.x() + half, c.y());
    path.lineTo(c.x(), c.y() + half);
    path.lineTo(c.x() - half, c.y());
    path.closeSubpath();
    return path;
}

QPainterPath triangle(QPointF c, qreal half) {
    QPainterPath path(QPointF(c.x(), c.y() - half));
    path.lineTo(c.x() + half, c.y() + half * 0.8);
    path.lineTo(c.x() - half, c.y() + half * 0.8);
    path.closeSubpath();
    return path;
}

void drawLetter(QPainter& painter, const QString& letter, QPointF centre, qreal size,
                const QColor& colour, const PlotTheme& theme) {
    painter.save();
    QFont font = theme.font;
    font.setPixelSize(std::max(7, qRound(size * 1.25)));
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(colour);
    // By the glyph's own box: metrics of the line would set small letters too low.
    const QRectF box = QFontMetricsF(font).tightBoundingRect(letter);
    painter.drawText(centre - box.center(), letter);
    painter.restore();
}

} // namespace

QString markLetter(Mark mark) {
    return QString::fromUtf16(kWords[std::size_t(mark)].letter);
}

QString markName(Mark mark) {
    return QCoreApplication::translate("Mark", kWords[std::size_t(mark)].name);
}

void drawMark(QPainter& painter, Mark mark, QPointF centre, qreal size, const PlotTheme& theme) {
    const qreal half = size / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QPen line(theme.text, std::max<qreal>(1.2, size / 7));
    switch (mark) {
    case Mark::Origin:
    case Mark::RngOrigin: {
        painter.strokePath(diamond(centre, half), QPen(theme.background, size / 3));
        painter.fillPath(diamond(centre, half), theme.text);
        if (mark == Mark::RngOrigin) {
            painter.strokePath(diamond(centre, half * 0.6), QPen(theme.background, size / 7));
        }
        break;
    }
    case Mark::Inherited:
        painter.fillPath(diamond(centre, half), theme.background);
        painter.strokePath(diamond(centre, half * 0.9), line);
        break;
    case Mark::Amplified:
        painter.strokePath(triangle(centre, half), QPen(theme.background, size / 3));
        painter.fillPath(triangle(centre, half), theme.text);
        break;
    case Mark::Healed:
        painter.setPen(line);
        painter.setBrush(theme.background);
        painter.drawEllipse(centre, half * 0.85, half * 0.85);
        break;
    case Mark::OnlyA:
    case Mark::OnlyB:
        drawLetter(painter, markLetter(mark), centre, size,
                   theme.label(mark == Mark::OnlyA ? Run::A : Run::B), theme);
        break;
    default:
        drawLetter(painter, markLetter(mark), centre, size, theme.text, theme);
    }
    painter.restore();
}

void drawRunMark(QPainter& painter, Run run, QPointF centre, qreal size, const PlotTheme& theme) {
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.fill(run));
    if (run == Run::A) {
        painter.drawEllipse(centre, size / 2, size / 2);
    } else {
        const qreal side = size * 0.88; // as much ink as the circle
        painter.drawRect(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side));
    }
    painter.restore();
}

qreal drawRunLegend(QPainter& painter, const QRectF& place, const PlotTheme& theme) {
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    qreal x = place.left();
    for (const Run run : {Run::A, Run::B}) {
        const QString letter = run == Run::A ? QStringLiteral("A") : QStringLiteral("B");
        painter.setPen(theme.label(run));
        painter.drawText(QPointF(x, place.center().y() + metrics.capHeight() / 2), letter);
        x += metrics.horizontalAdvance(letter) + metrics.height() * 0.4;
        drawRunMark(painter, run, {x, place.center().y()}, metrics.height() * 0.5, theme);
        x += metrics.height() * 0.8;
    }
    painter.restore();
    return x - place.left();
}

} // namespace repro::gui::plot
