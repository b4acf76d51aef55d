// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/cell_style_paint.h"

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
constexpr std::array<CellStyle, kCellStyleCount> kLegendOrder{
    CellStyle::Origin,    CellStyle::RngOrigin, CellStyle::Ulp1,   CellStyle::Ulp4,
    CellStyle::Ulp32,     CellStyle::Ulp1024,   CellStyle::Ulp1M,  CellStyle::UnknownSize,
    CellStyle::NonFinite, CellStyle::OnlyA,     CellStyle::OnlyB,  CellStyle::Changed,
    CellStyle::Unknown,   CellStyle::Tolerated, CellStyle::Healed, CellStyle::Same};

QString legendName(CellStyle style, bool brief) {
    switch (style) {
    case CellStyle::Ulp1:
        return brief ? QStringLiteral("1") : QStringLiteral("1-3");
    case CellStyle::Ulp4:
        return brief ? QStringLiteral("4") : QStringLiteral("4-31");
    case CellStyle::Ulp32:
        return brief ? QStringLiteral("32") : QStringLiteral("32-1023");
    case CellStyle::Ulp1024:
        return brief ? QStringLiteral("1024+") : QStringLiteral("\u2265 1024 ULP");
    case CellStyle::Ulp1M:
        return brief ? QStringLiteral("2^20+") : QStringLiteral("\u2265 2^20 ULP");
    case CellStyle::NonFinite:
        return brief ? QStringLiteral("NaN") : QStringLiteral("NaN/Inf");
    case CellStyle::Changed:
        return brief ? QStringLiteral("#") : QStringLiteral("shape/type");
    case CellStyle::OnlyA:
        return brief ? QStringLiteral("A") : styleName(style);
    case CellStyle::OnlyB:
        return brief ? QStringLiteral("B") : styleName(style);
    case CellStyle::Unknown:
        return brief ? QStringLiteral("?") : styleName(style);
    case CellStyle::Tolerated:
        return brief ? QStringLiteral("\u2248") : styleName(style);
    case CellStyle::RngOrigin:
        return brief ? QStringLiteral("RNG") : styleName(style);
    default:
        return styleName(style);
    }
}

} // namespace

CellStylePalette::CellStylePalette(const PlotTheme& theme)
    : m_background(theme.background.rgb()), m_text(theme.text.rgb()) {
    const QRgb muted = theme.unknown.rgb();
    const auto look = [this](CellStyle style) -> Look& { return m_looks[std::size_t(style)]; };
    const QRgb same = mixed(m_background, theme.grid.rgb(), 70);
    look(CellStyle::Same) = {same, 0};
    look(CellStyle::Healed) = {same, muted, Texture::Dots, 5};
    look(CellStyle::Tolerated) = {mixed(m_background, theme.severity[0].rgb(), 60),
                                  theme.grid.rgb(), Texture::Lines, 3};
    look(CellStyle::Unknown) = {m_background, muted, Texture::BackHatch, 4};
    for (int step = 0; step < 5; ++step) {
        look(CellStyle(int(CellStyle::Ulp1) + step)) = {
            theme.severity[std::size_t(step)].rgb(), m_background,
            theme.patternsAlways ? Texture::Lines : Texture::None, 7 - step};
    }
    look(CellStyle::Changed) = {m_background, theme.text.rgb(), Texture::Grid, 4};
    look(CellStyle::OnlyA) = {m_background, theme.runA.rgb(), Texture::Dots, 3};
    look(CellStyle::OnlyB) = {m_background, theme.runB.rgb(), Texture::Dots, 3};
    look(CellStyle::NonFinite) = {theme.nonFinite.rgb(), theme.hatch.rgb(), Texture::Hatch, 4};
    look(CellStyle::UnknownSize) = {theme.severity[1].rgb(), m_background, Texture::BackHatch, 4};
    look(CellStyle::Origin) = look(CellStyle::RngOrigin) = look(CellStyle::UnknownSize);
}

bool CellStylePalette::marked(const Look& look, int x, int y) {
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

QRgb CellStylePalette::pixel(CellStyleSet styles, int x, int y, bool merged) const {
    if (styles.empty()) {
        return m_background;
    }
    CellStyle style = styles.heaviest();
    // An origin is told by its mark; its area tells how large its difference is.
    if (style == CellStyle::Origin || style == CellStyle::RngOrigin) {
        for (const CellStyle size : {CellStyle::NonFinite, CellStyle::Ulp1M, CellStyle::Ulp1024,
                                     CellStyle::Ulp32, CellStyle::Ulp4, CellStyle::Ulp1}) {
            if (styles.has(size)) {
                style = size;
                break;
            }
        }
    }
    const Look& look = m_looks[std::size_t(style)];
    const QRgb colour = marked(look, x, y) ? look.mark : look.base;
    constexpr std::array<int, 4> kZigZag{0, 1, 2, 1};
    if (merged && styles.notable() && y % 7 == kZigZag[std::size_t(x % 4)]) {
        const bool nearText = std::abs(qGray(colour) - qGray(m_text)) < 100;
        return mixed(colour, nearText ? m_background : m_text, 35);
    }
    return colour;
}

void CellStylePalette::fill(QPainter& painter, const QRect& place, CellStyleSet styles) const {
    QImage image(place.size(), QImage::Format_RGB32);
    for (int y = 0; y < place.height(); ++y) {
        for (int x = 0; x < place.width(); ++x) {
            image.setPixel(x, y, pixel(styles, x, y));
        }
    }
    painter.drawImage(QRectF(place), image);
}

void drawStyleLegend(QPainter& painter, const QRectF& place, CellStyleSet present,
                     const PlotTheme& theme) {
    const CellStylePalette palette(theme);
    painter.save();
    painter.setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    const int side = int(metrics.height() * 0.75);
    const qreal baseline = place.center().y() + metrics.capHeight() / 2;
    // Shorter words where the full ones do not fit.
    const auto width = [&](bool brief) {
        qreal sum = 0;
        for (const CellStyle style : kLegendOrder) {
            sum += present.has(style)
                       ? side + 4 + metrics.horizontalAdvance(legendName(style, brief)) +
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
    for (const CellStyle style : kLegendOrder) {
        if (!present.has(style)) {
            continue;
        }
        const QString name = legendName(style, brief);
        if (x + side + 4 + metrics.horizontalAdvance(name) > end) {
            painter.drawText(QPointF(x, baseline), more);
            break;
        }
        const QRect box(qRound(x), qRound(place.center().y() - side / 2.0), side, side);
        if (style == CellStyle::Origin || style == CellStyle::RngOrigin) {
            drawMark(painter, style == CellStyle::Origin ? Mark::Origin : Mark::RngOrigin,
                     QRectF(box).center(), theme.markSize, theme);
        } else {
            palette.fill(painter, box, style);
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
