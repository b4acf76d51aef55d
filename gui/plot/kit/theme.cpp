// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/theme.h"

#include "gui/plot/kit/colour.h"

namespace repro::gui::plot {
namespace {

constexpr QRgb rgb(std::uint32_t value) {
    return 0xFF000000U | value;
}

std::array<QColor, 5> steps(std::array<std::uint32_t, 5> values) {
    std::array<QColor, 5> colours;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        colours[i] = QColor::fromRgb(rgb(values[i]));
    }
    return colours;
}

// Without hinting and subpixels a glyph is the same on every screen and in every picture.
QFont fontOf(const QString& family, QFont::StyleHint hint) {
    QFont font(family);
    font.setStyleHint(hint);
    font.setPixelSize(12);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(QFont::NoSubpixelAntialias);
    return font;
}

PlotTheme common() {
    PlotTheme theme;
    theme.font = fontOf(QStringLiteral("DejaVu Sans"), QFont::SansSerif);
    theme.mono = fontOf(QStringLiteral("DejaVu Sans Mono"), QFont::Monospace);
    theme.nonFinite = QColor::fromRgb(rgb(0xF0E442));
    theme.hatch = QColor::fromRgb(rgb(0x000000));
    return theme;
}

} // namespace

PlotTheme PlotTheme::light(Ramp ramp) {
    PlotTheme theme = common();
    theme.background = QColor::fromRgb(rgb(0xFFFFFF));
    theme.panel = QColor::fromRgb(rgb(0xF3F4F6));
    theme.text = QColor::fromRgb(rgb(0x1B1C1F));
    theme.mutedText = QColor::fromRgb(rgb(0x565A61));
    theme.grid = QColor::fromRgb(rgb(0xE2E4E8));
    theme.axis = QColor::fromRgb(rgb(0x7C8087));
    theme.selection = QColor::fromRgb(rgb(0x1B1C1F));
    theme.runA = QColor::fromRgb(rgb(0x0072B2));
    theme.runAText = QColor::fromRgb(rgb(0x005A92));
    theme.runB = QColor::fromRgb(rgb(0xD55E00));
    theme.runBText = QColor::fromRgb(rgb(0xB34700));
    theme.severity = ramp == Ramp::Magenta
                         ? steps({0xEDB0D0, 0xD97BB0, 0xB94A8C, 0x882768, 0x4A083C})
                         : steps({0xC4C4C4, 0x9C9C9C, 0x737373, 0x484848, 0x101010});
    theme.deltaZero = QColor::fromRgb(rgb(0xF7F7F7));
    theme.unknown = QColor::fromRgb(rgb(0x8B8F96));
    return theme;
}

PlotTheme PlotTheme::dark(Ramp ramp) {
    PlotTheme theme = common();
    theme.isDark = true;
    theme.background = QColor::fromRgb(rgb(0x1E1F22));
    theme.panel = QColor::fromRgb(rgb(0x27292D));
    theme.text = QColor::fromRgb(rgb(0xE8E9EC));
    theme.mutedText = QColor::fromRgb(rgb(0xABAFB7));
    theme.grid = QColor::fromRgb(rgb(0x35373C));
    theme.axis = QColor::fromRgb(rgb(0x858A92));
    theme.selection = QColor::fromRgb(rgb(0xFFFFFF));
    theme.runA = theme.runAText = QColor::fromRgb(rgb(0x56B4E9));
    theme.runB = theme.runBText = QColor::fromRgb(rgb(0xE69F00));
    theme.severity = ramp == Ramp::Magenta
                         ? steps({0x5E3052, 0x8E4B7B, 0xBC6BA5, 0xE6A0CF, 0xFDE8F5})
                         : steps({0x535559, 0x76787C, 0xA0A2A5, 0xCACBCD, 0xFAFAFA});
    theme.deltaZero = QColor::fromRgb(rgb(0x2A2B2E));
    theme.unknown = QColor::fromRgb(rgb(0x83878E));
    return theme;
}

PlotTheme PlotTheme::matching(const QPalette& palette, Ramp ramp) {
    return palette.color(QPalette::Window).lightnessF() < 0.5F ? dark(ramp) : light(ramp);
}

PlotTheme PlotTheme::withFontSize(qreal pixels) const {
    PlotTheme theme = *this;
    theme.markSize *= pixels / font.pixelSize();
    theme.font.setPixelSize(qRound(pixels));
    theme.mono.setPixelSize(qRound(pixels));
    return theme;
}

QPalette PlotTheme::palette() const {
    QPalette palette(panel);
    palette.setColor(QPalette::Window, panel);
    palette.setColor(QPalette::Base, background);
    palette.setColor(QPalette::AlternateBase, panel);
    palette.setColor(QPalette::Button, panel);
    palette.setColor(QPalette::ToolTipBase, panel);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, text);
        palette.setColor(QPalette::Disabled, role, readable(unknown, panel, 3));
    }
    palette.setColor(QPalette::PlaceholderText, mutedText);
    palette.setColor(QPalette::Highlight, runAText);
    palette.setColor(QPalette::HighlightedText, readable(background, runAText));
    palette.setColor(QPalette::Link, runAText);
    palette.setColor(QPalette::LinkVisited, runAText);
    return palette;
}

} // namespace repro::gui::plot
