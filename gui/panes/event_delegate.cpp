// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/event_delegate.h"

#include "gui/viewmodel/event_model.h"

namespace repro::gui {

EventDelegate::EventDelegate(const plot::PlotTheme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {}

void EventDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant value = index.data(EventModel::ClassRole);
    const auto rowClass = static_cast<replay::RowClass>(value.toInt());
    const bool isOrigin = value.isValid() && (rowClass == replay::RowClass::Origin ||
                                              rowClass == replay::RowClass::RngOrigin ||
                                              rowClass == replay::RowClass::ArgumentOrigin);
    option->font.setBold(isOrigin);
    option->features.setFlag(QStyleOptionViewItem::HasDecoration, false);
    const int column = index.column();
    const bool ofA = column == EventModel::EventA || column == EventModel::DurationA;
    const bool ofB = column == EventModel::EventB || column == EventModel::DurationB;
    if (ofA || ofB) {
        option->palette.setColor(QPalette::Text, m_theme.label(ofA ? plot::Run::A : plot::Run::B));
    } else if (value.isValid() && rowClass == replay::RowClass::Same) {
        option->palette.setColor(QPalette::Text, m_theme.mutedText);
    }
}

} // namespace repro::gui
