// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QColor>

#include <array>

namespace repro::gui::plot {

struct PlotTheme;

/// WCAG 2 contrast ratio, 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);
/// `wanted` where it reads on `background` (>= 4.5:1), else the nearest lighter or darker shade
/// that does.
[[nodiscard]] QColor readable(const QColor& wanted, const QColor& background, double ratio = 4.5);

enum class Deficiency { None, Protan, Deutan, Tritan };
/// What a person with this deficiency (Machado 2009, severity 1) sees.
[[nodiscard]] QColor simulated(const QColor& colour, Deficiency deficiency);
/// CIE76: below about 15 two colours are hard to tell apart side by side.
[[nodiscard]] double deltaE(const QColor& a, const QColor& b);

/// How magnitudes become colours. Diverging goes from A's hue to B's, zero locked to the centre.
enum class ColourMap { Cividis, Viridis, Grey, GreyInverted, Diverging };

/// 256 opaque colours from low to high. Diverging has its centre at 128.
using ColourTable = std::array<QRgb, 256>;
[[nodiscard]] ColourTable colourTable(ColourMap map, const PlotTheme& theme);

} // namespace repro::gui::plot
