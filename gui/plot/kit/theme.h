// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

#include <array>

namespace repro::gui::plot {

inline constexpr qreal kPad = 6; ///< pixels around what is drawn

enum class Run { A, B };

/// The one hue of "how far apart", or grey for those who switch hue off.
enum class Ramp { Magenta, CellStyle };

/// Every colour and font that gui/plot paints with. No colour is written down anywhere else; a
/// value, so that a picture is a function of data, theme and size alone.
struct PlotTheme {
    bool isDark = false;
    QColor background, panel, text, mutedText, grid, axis, selection;
    QColor runA, runAText, runB, runBText; // fills and lines, and the same hue readable as text
    std::array<QColor, 5> severity;        // 1-3, 4-31, 32-1023, >= 1024, >= 2^20 ULP
    QColor nonFinite, hatch;               // NaN and Inf: fill, and the hatch that carries it
    QColor deltaZero; // centre of the diverging map; its ends are runA and runB
    QColor unknown;   // grey texture of what is not known or not matched
    QFont font, mono;
    qreal markSize = 9;          // px at 1x; "larger marks" is 13
    bool patternsAlways = false; // severity steps carry a texture, too

    bool operator==(const PlotTheme&) const = default;

    [[nodiscard]] static PlotTheme light(Ramp ramp = Ramp::Magenta);
    [[nodiscard]] static PlotTheme dark(Ramp ramp = Ramp::Magenta);
    /// Light or dark, whichever the window's background is nearer to.
    [[nodiscard]] static PlotTheme matching(const QPalette& palette, Ramp ramp = Ramp::Magenta);

    /// The same theme with its fonts at `pixels` (default 12); every layout follows the font, and
    /// so do the marks.
    [[nodiscard]] PlotTheme withFontSize(qreal pixels) const;
    [[nodiscard]] const QColor& fill(Run run) const { return run == Run::A ? runA : runB; }
    [[nodiscard]] const QColor& label(Run run) const { return run == Run::A ? runAText : runBText; }
    /// The window's palette in the same colours, for Fusion.
    [[nodiscard]] QPalette palette() const;
};

} // namespace repro::gui::plot
