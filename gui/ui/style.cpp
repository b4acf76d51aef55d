// SPDX-License-Identifier: BSD-3-Clause
#include "gui/ui/style.h"

namespace repro::gui {

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option,
                       const QWidget* widget) const {
    constexpr int kMore = 3;
    const int usual = QProxyStyle::pixelMetric(metric, option, widget);
    return metric == PM_HeaderMargin || metric == PM_FocusFrameHMargin ? usual + kMore : usual;
}

} // namespace repro::gui
