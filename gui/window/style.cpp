// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/style.h"

#include <QStyleOption>

namespace repro::gui {

constexpr int kMore = 3; // pixels at each side

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option,
                       const QWidget* widget) const {
    const int usual = QProxyStyle::pixelMetric(metric, option, widget);
    return metric == PM_FocusFrameHMargin ? usual + kMore : usual;
}

/// PM_HeaderMargin would make all rows of a table higher, too.
void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const {
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    if (element != CE_HeaderLabel || header == nullptr || header->orientation == Qt::Vertical) {
        QProxyStyle::drawControl(element, option, painter, widget);
        return;
    }
    QStyleOptionHeader roomy(*header);
    roomy.rect.adjust(kMore, 0, -kMore, 0);
    QProxyStyle::drawControl(element, &roomy, painter, widget);
}

} // namespace repro::gui
