// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QStyledItemDelegate>

namespace repro::gui {

/// Paints numbers with the digits tinted that the other run has not: NumberGrid::ChangedRole.
class DigitsDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    DigitsDelegate(const plot::PlotTheme& theme, QObject* parent);
    void setTheme(const plot::PlotTheme& theme) { m_theme = theme; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    plot::PlotTheme m_theme;
};

} // namespace repro::gui
