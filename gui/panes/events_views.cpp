// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/event_delegate.h"
#include "gui/panes/events_pane.h"
#include "gui/plot/charts/overview_strip.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeView>

#include <algorithm>

namespace repro::gui {

void EventsPane::setUpView(QAbstractItemView* view, EventModel* model) {
    view->setModel(model);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setItemDelegate(new EventDelegate(m_context.theme, view));
    view->installEventFilter(this);
    connect(view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this, model](const QModelIndex& now) {
                if (!m_following && now.isValid() && showsDocument()) {
                    m_context.session.focus().setRow(model->rowOf(now));
                }
            });
    connect(view->verticalScrollBar(), &QScrollBar::valueChanged, this, &EventsPane::showViewport);
}

void EventsPane::buildViews() {
    m_treeModel = new EventModel(EventModel::Shape::Tree, this);
    m_flatModel = new EventModel(EventModel::Shape::Flat, this);
    m_treeView = new QTreeView;
    m_treeView->setUniformRowHeights(true);
    m_treeView->setAccessibleName(tr("Events as a tree of steps, layers and ops"));
    m_flatView = new QTableView;
    m_flatView->setAccessibleName(tr("Events as a list"));
    m_flatView->setShowGrid(false);
    m_flatView->verticalHeader()->hide();
    m_flatView->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_flatView->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_flatView->setWordWrap(false);
    setUpView(m_treeView, m_treeModel);
    setUpView(m_flatView, m_flatModel);
    constexpr int kWidths[] = {236, 136, 170, 64, 64, 70, 84, 78, 78,
                               66,  126, 70,  76, 96, 76, 76, 90};
    for (int column = 0; column < EventModel::ColumnCount; ++column) {
        m_treeView->setColumnWidth(column, kWidths[column]);
        m_flatView->setColumnWidth(column, kWidths[column]);
    }
    m_views = new QStackedWidget;
    m_views->addWidget(m_treeView);
    m_views->addWidget(m_flatView);
    m_strip = new plot::OverviewStrip;
    m_strip->setFixedWidth(22);
    connect(m_strip, &plot::OverviewStrip::rowActivated, this, [this](qint64 place) {
        if (m_visible && place >= 0 && place < m_visible->count() && showsDocument()) {
            m_context.session.focus().setRow(m_visible->rowAt(static_cast<std::uint32_t>(place)));
        }
    });
    connect(m_strip, &plot::OverviewStrip::viewportRequested, this, [this](qint64 place) {
        if (!m_visible || m_visible->count() == 0) {
            return;
        }
        const auto at = std::clamp<qint64>(place, 0, m_visible->count() - 1);
        const auto* model = isTree() ? m_treeModel : m_flatModel;
        view()->scrollTo(model->indexOfRow(m_visible->rowAt(static_cast<std::uint32_t>(at))),
                         QAbstractItemView::PositionAtTop);
    });
}

} // namespace repro::gui
