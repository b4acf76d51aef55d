// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/colour.h"

#include "gui/plot/kit/colour_tables.h"
#include "gui/plot/kit/theme.h"

#include <algorithm>
#include <cmath>

namespace repro::gui::plot {
namespace {

using Triple = std::array<double, 3>;

Triple linearRgb(const QColor& colour) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
}

QColor fromLinearRgb(const Triple& linear) {
    const auto gamma = [](double v) {
        v = std::clamp(v, 0.0, 1.0);
        return float(v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
    };
    return QColor::fromRgbF(gamma(linear[0]), gamma(linear[1]), gamma(linear[2]));
}

Triple times(const std::array<Triple, 3>& matrix, const Triple& v) {
    Triple result{};
    for (std::size_t i = 0; i < 3; ++i) {
        result[i] = matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2];
    }
    return result;
}

double luminance(const QColor& colour) {
    const Triple c = linearRgb(colour);
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

// CIE L*a*b* under D65.
Triple lab(const QColor& colour) {
    const Triple xyz = times({{{0.4124564, 0.3575761, 0.1804375},
                               {0.2126729, 0.7151522, 0.0721750},
                               {0.0193339, 0.1191920, 0.9503041}}},
                             linearRgb(colour));
    const auto f = [](double t) {
        return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    };
    const double x = f(xyz[0] / 0.95047), y = f(xyz[1]), z = f(xyz[2] / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

QColor mixed(const QColor& from, const QColor& to, double share) {
    const auto at = [share](float a, float b) { return float(a + (b - a) * share); };
    return QColor::fromRgbF(at(from.redF(), to.redF()), at(from.greenF(), to.greenF()),
                            at(from.blueF(), to.blueF()));
}

} // namespace

double contrast(const QColor& a, const QColor& b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

QColor readable(const QColor& wanted, const QColor& background, double ratio) {
    const QColor black(0, 0, 0), white(255, 255, 255);
    const QColor& end = contrast(background, black) > contrast(background, white) ? black : white;
    for (int step = 0; step < 20; ++step) {
        const QColor shade = mixed(wanted, end, step / 20.0);
        if (contrast(shade, background) >= ratio) {
            return shade;
        }
    }
    return end;
}

QColor simulated(const QColor& colour, Deficiency deficiency) {
    // Machado, Oliveira, Fernandes 2009, table 1, severity 1.0; applied to linear light.
    static constexpr std::array<std::array<Triple, 3>, 3> kMatrices{
        {{{{0.152286, 1.052583, -0.204868},
           {0.114503, 0.786281, 0.099216},
           {-0.003882, -0.048116, 1.051998}}},
         {{{0.367322, 0.860646, -0.227968},
           {0.280085, 0.672501, 0.047413},
           {-0.011820, 0.042940, 0.968881}}},
         {{{1.255528, -0.076749, -0.178779},
           {-0.078411, 0.930809, 0.147602},
           {0.004733, 0.691367, 0.303900}}}}};
    if (deficiency == Deficiency::None) {
        return colour;
    }
    return fromLinearRgb(times(kMatrices[std::size_t(deficiency) - 1], linearRgb(colour)));
}

double deltaE(const QColor& a, const QColor& b) {
    const Triple p = lab(a), q = lab(b);
    return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

ColourTable colourTable(ColourMap map, const PlotTheme& theme) {
    ColourTable table{};
    for (int i = 0; i < 256; ++i) {
        QRgb& entry = table[std::size_t(i)];
        switch (map) {
        case ColourMap::Cividis:
            entry = 0xFF000000U | kCividis[std::size_t(i)];
            break;
        case ColourMap::Viridis:
            entry = 0xFF000000U | kViridis[std::size_t(i)];
            break;
        case ColourMap::Grey:
            entry = qRgb(i, i, i);
            break;
        case ColourMap::GreyInverted:
            entry = qRgb(255 - i, 255 - i, 255 - i);
            break;
        case ColourMap::Diverging: // the side is whose value is larger
            entry = (i < 128 ? mixed(theme.runA, theme.deltaZero, i / 128.0)
                             : mixed(theme.deltaZero, theme.runB, (i - 128) / 127.0))
                        .rgb();
            break;
        }
    }
    return table;
}

} // namespace repro::gui::plot
