// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/digits_delegate.h"

#include "gui/panes/numbers_pane.h"
#include "gui/plot/kit/colour.h"

#include <QPainter>

namespace repro::gui {

DigitsDelegate::DigitsDelegate(const plot::PlotTheme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {}

void DigitsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    const QVariant other = index.data(NumberGrid::ChangedRole);
    if (!other.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString number = cell.text;
    const auto changed = changedCharacters(other.toString(), number);
    painter->save();
    const bool selected = (cell.state & QStyle::State_Selected) != 0;
    painter->fillRect(cell.rect, selected ? cell.palette.highlight() : cell.palette.base());
    painter->setFont(cell.font);
    const QFontMetricsF metrics(cell.font);
    const qreal advance = metrics.horizontalAdvance(QLatin1Char('0'));
    qreal x = cell.rect.right() - 4 - advance * static_cast<qreal>(number.size());
    const QColor tint = m_theme.severity[1];
    for (qsizetype i = 0; i < number.size(); ++i, x += advance) {
        const QRectF box(x, cell.rect.top(), advance, cell.rect.height());
        QColor pen = selected ? cell.palette.color(QPalette::HighlightedText)
                              : cell.palette.color(QPalette::Text);
        if (changed[static_cast<std::size_t>(i)]) {
            painter->fillRect(box.adjusted(0, 2, 0, -2), tint);
            pen = plot::readable(pen, tint);
        }
        painter->setPen(pen);
        painter->drawText(box, Qt::AlignCenter, number.mid(i, 1));
    }
    painter->restore();
}

} // namespace repro::gui
