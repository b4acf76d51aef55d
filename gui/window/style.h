// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QProxyStyle>

namespace repro::gui {

/// Fusion, which looks the same everywhere, with cells wide enough that a number does not touch the
/// words of the next column. The application owns it.
class Style : public QProxyStyle {
public:
    Style();
    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
};

} // namespace repro::gui
