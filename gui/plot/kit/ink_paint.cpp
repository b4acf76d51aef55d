// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/ink_paint.h"

#include "gui/plot/kit/marks.h"

#include <QFontMetricsF>

#include <cstdlib>

namespace repro::gui::plot {
namespace {

QRgb mixed(QRgb a, QRgb b, int percent) {
    const auto at = [percent](int from, int to) { return from + (to - from) * percent / 100; };
    return qRgb(at(qRed(a), qRed(b)), at(qGreen(a), qGreen(b)), at(qBlue(a), qBlue(b)));
}

// What a reader looks for first stands first: a narrow legend loses its end.
constexpr std::array<Ink, kInkCount> kLegendOrder{
    Ink::Origin,  Ink::RngOrigin,   Ink::Ulp1,      Ink::Ulp4,  Ink::Ulp32, Ink::Ulp1024,
    Ink::Ulp1M,   Ink::UnknownSize, Ink::NonFinite, Ink::OnlyA, Ink::OnlyB, Ink::Changed,
    Ink::Unknown, Ink::Tolerated,   Ink::Healed,    Ink::Same};

QString legendName(Ink ink, bool brief) {
    switch (ink) {
    case Ink::Ulp1:
        return brief ? QStringLiteral("1") : QStringLiteral("1-3");
    case Ink::Ulp4:
        return brief ? QStringLiteral("4") : QStringLiteral("4-31");
    case Ink::Ulp32:
        return brief ? QStringLiteral("32") : QStringLiteral("32-1023");
    case Ink::Ulp1024:
        return brief ? QStringLiteral("1024+") : QStringLiteral("\u2265 1024 ULP");
    case Ink::Ulp1M:
        return brief ? QStringLiteral("2^20+") : QStringLiteral("\u2265 2^20 ULP");
    case Ink::NonFinite:
        return brief ? QStringLiteral("NaN") : QStringLiteral("NaN/Inf");
    case Ink::Changed:
        return brief ? QStringLiteral("#") : QStringLiteral("shape/type");
    case Ink::OnlyA:
        return brief ? QStringLiteral("A") : inkName(ink);
    case Ink::OnlyB:
        return brief ? QStringLiteral("B") : inkName(ink);
    case Ink::Unknown:
        return brief ? QStringLiteral("?") : inkName(ink);
    case Ink::Tolerated:
        return brief ? QStringLiteral("\u2248") : inkName(ink);
    case Ink::RngOrigin:
        return brief ? QStringLiteral("RNG") : inkName(ink);
    default:
        return inkName(ink);
    }
}

} // namespace

InkPalette::InkPalette(const PlotTheme& theme)
    : m_background(theme.background.rgb()), m_text(theme.text.rgb()) {
    const QRgb muted = theme.unknown.rgb();
    const auto look = [this](Ink ink) -> Look& { return m_looks[std::size_t(ink)]; };
    const QRgb same = mixed(m_background, theme.grid.rgb(), 70);
    look(Ink::Same) = {same, 0};
    look(Ink::Healed) = {same, muted, Texture::Dots, 5};
    look(Ink::Tolerated) = {mixed(m_background, theme.severity[0].rgb(), 60), theme.grid.rgb(),
                            Texture::Lines, 3};
    look(Ink::Unknown) = {m_background, muted, Texture::BackHatch, 4};
    for (int step = 0; step < 5; ++step) {
        look(Ink(int(Ink::Ulp1) + step)) = {theme.severity[std::size_t(step)].rgb(), m_background,
                                            theme.patternsAlways ? Texture::Lines : Texture::None,
                                            7 - step};
    }
    look(Ink::Changed) = {m_background, theme.text.rgb(), Texture::Grid, 4};
    look(Ink::OnlyA) = {m_background, theme.runA.rgb(), Texture::Dots, 3};
    look(Ink::OnlyB) = {m_background, theme.runB.rgb(), Texture::Dots, 3};
    look(Ink::NonFinite) = {theme.nonFinite.rgb(), theme.hatch.rgb(), Texture::Hatch, 4};
    look(Ink::UnknownSize) = {theme.severity[1].rgb(), m_background, Texture::BackHatch, 4};
    look(Ink::Origin) = look(Ink::RngOrigin) = look(Ink::UnknownSize);
}

bool InkPalette::marked(const Look& look, int x, int y) {
    const int pitch = look.pitch;
    switch (look.texture) {
    case Texture::None:
        return false;
    case Texture::Hatch:
        return (x + y) % pitch == 0;
    case Texture::BackHatch:
        return (x - y % pitch + pitch) % pitch == 0;
    case Texture::Dots:
        return x % pitch < 2 && y % pitch < 2;
    case Texture::Grid:
        return x % pitch == 0 || y % pitch == 0;
    case Texture::Lines:
        return y % pitch == 0;
    }
    return false;
}

QRgb InkPalette::pixel(InkSet inks, int x, int y, bool merged) const {
    if (inks.empty()) {
        return m_background;
    }
    Ink ink = inks.heaviest();
    // An origin is told by its mark; its area tells how large its difference is.
    if (ink == Ink::Origin || ink == Ink::RngOrigin) {
        for (const Ink size :
             {Ink::NonFinite, Ink::Ulp1M, Ink::Ulp1024, Ink::Ulp32, Ink::Ulp4, Ink::Ulp1}) {
            if (inks.has(size)) {
                ink = size;
                break;
            }
        }
    }
    const Look& look = m_looks[std::size_t(ink)];
    const QRgb colour = marked(look, x, y) ? look.mark : look.base;
    constexpr std::array<int, 4> kZigZag{0, 1, 2, 1};
    if (merged && inks.notable() && y % 7 == kZigZag[std::size_t(x % 4)]) {
        const bool nearText = std::abs(qGray(colour) - qGray(m_text)) < 100;
        return mixed(colour, nearText ? m_background : m_text, 35);
    }
    return colour;
}

void InkPalette::fill(QPainter& painter, const QRect& place, InkSet inks) const {
    QImage image(place.size(), QImage::Format_RGB32);
    for (int y = 0; y < place.height(); ++y) {
        for (int x = 0; x < place.width(); ++x) {
            image.setPixel(x, y, pixel(inks, x, y));
        }
    }
    painter.drawImage(QRectF(place), image);
}

void drawInkLegend(QPainter& painter, const QRectF& place, InkSet present, const PlotTheme& theme) {
    const InkPalette palette(theme);
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const int side = int(metrics.height() * 0.75);
    const qreal baseline = place.center().y() + metrics.capHeight() / 2;
    // Shorter words where the full ones do not fit.
    const auto width = [&](bool brief) {
        qreal sum = 0;
        for (const Ink ink : kLegendOrder) {
            sum += present.has(ink) ? side + 4 + metrics.horizontalAdvance(legendName(ink, brief)) +
                                          metrics.height() * (brief ? 0.4 : 0.8)
                                    : 0;
        }
        return sum;
    };
    const bool brief = width(false) > place.width();
    const bool whole = width(brief) <= place.width() + metrics.height();
    const QString more = QStringLiteral("...");
    const qreal end = place.right() - (whole ? 0 : metrics.horizontalAdvance(more));
    qreal x = place.left();
    painter.setPen(theme.mutedText);
    for (const Ink ink : kLegendOrder) {
        if (!present.has(ink)) {
            continue;
        }
        const QString name = legendName(ink, brief);
        if (x + side + 4 + metrics.horizontalAdvance(name) > end) {
            painter.drawText(QPointF(x, baseline), more);
            break;
        }
        const QRect box(qRound(x), qRound(place.center().y() - side / 2.0), side, side);
        if (ink == Ink::Origin || ink == Ink::RngOrigin) {
            drawMark(painter, ink == Ink::Origin ? Mark::Origin : Mark::RngOrigin,
                     QRectF(box).center(), theme.markSize, theme);
        } else {
            palette.fill(painter, box, ink);
            painter.setPen(QPen(theme.axis, 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5));
        }
        painter.setPen(theme.mutedText);
        painter.drawText(QPointF(x + side + 4, baseline), name);
        x += side + 4 + metrics.horizontalAdvance(name) + metrics.height() * (brief ? 0.4 : 0.8);
    }
    painter.restore();
}

} // namespace repro::gui::plot
