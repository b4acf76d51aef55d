// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QStyledItemDelegate>

namespace repro::gui {

/// Paints a row's class by shape and letter, runs' columns in their colours, origins in bold.
class EventDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    EventDelegate(const plot::PlotTheme& theme, QObject* parent);
    void setTheme(const plot::PlotTheme& theme) { m_theme = theme; }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    plot::PlotTheme m_theme;
};

} // namespace repro::gui
