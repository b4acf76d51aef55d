// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/docks.h"

#include "gui/panes/pane.h"

#include <QDataStream>
#include <QDockWidget>
#include <QIODevice>
#include <QMainWindow>
#include <QStringList>

#include <utility>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

Docks::Docks(QMainWindow& window, const std::vector<Pane*>& panes) : m_window(window) {
    for (Pane* pane : panes) {
        auto* dock = new QDockWidget(pane->title(), &m_window);
        dock->setObjectName(u"dock."_s + pane->id());
        dock->setWidget(pane);
        dock->setAccessibleName(pane->title());
        m_docks.insert(pane->id(), dock);
        m_window.addDockWidget(Qt::BottomDockWidgetArea, dock);
        dock->hide();
    }
}

Docks::~Docks() {
    qDeleteAll(m_docks);
}

void Docks::apply(const QString& layout) {
    if (findLayout(layout) != nullptr) {
        m_layout = layout;
        m_arrangement.clear();
        arrange();
    }
}

void Docks::restore(const QByteArray& arrangement) {
    QDataStream in(arrangement);
    QStringList open;
    in >> m_arrangement >> open;
    arrange();
    for (QDockWidget* dock : std::as_const(m_docks)) {
        if (m_shown && !open.isEmpty() && !open.contains(dock->objectName())) {
            dock->hide(); // Qt shows a dock that the state lacks
        }
    }
}

QByteArray Docks::arrangement() const {
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    QStringList open;
    for (const QDockWidget* dock : m_docks) {
        if (!dock->isHidden()) {
            open.append(dock->objectName());
        }
    }
    out << m_window.saveState() << open;
    return bytes;
}

void Docks::setShown(bool shown) {
    if (shown == m_shown) {
        return;
    }
    m_shown = shown;
    if (shown) {
        arrange();
        return;
    }
    m_arrangement = m_window.saveState();
    for (QDockWidget* dock : std::as_const(m_docks)) {
        dock->hide();
    }
}

void Docks::arrange() {
    if (!m_shown || (!m_arrangement.isEmpty() && m_window.restoreState(m_arrangement))) {
        return;
    }
    const DockLayout* layout = findLayout(m_layout);
    for (QDockWidget* dock : std::as_const(m_docks)) {
        dock->setFloating(false);
        m_window.removeDockWidget(dock);
    }
    m_window.setCorner(Qt::TopRightCorner, Qt::TopDockWidgetArea);
    m_window.setCorner(Qt::BottomRightCorner,
                       layout->tallSide ? Qt::RightDockWidgetArea : Qt::BottomDockWidgetArea);
    // All groups first, each with its front pane: a split beside tabs would become a tab.
    QMap<int, QDockWidget*> lastOfArea;
    for (const DockLayout::Group& group : layout->groups) {
        QDockWidget* front = of(group.panes.front());
        m_window.addDockWidget(group.area, front);
        if (QDockWidget* before = lastOfArea.value(group.area)) {
            m_window.splitDockWidget(before, front,
                                     group.area == Qt::RightDockWidgetArea ? Qt::Vertical
                                                                           : Qt::Horizontal);
        }
        lastOfArea[group.area] = front;
        front->show();
    }
    for (const DockLayout::Group& group : layout->groups) {
        for (const QString& behind : group.panes.mid(1)) {
            m_window.tabifyDockWidget(of(group.panes.front()), of(behind));
            of(behind)->show();
        }
    }
    for (const DockLayout::Group& group : layout->groups) {
        of(group.panes.front())->raise();
    }
    fit();
}

void Docks::fit() {
    QMap<int, QList<QDockWidget*>> neighbours;
    for (const DockLayout::Group& group : findLayout(m_layout)->groups) {
        QDockWidget* front = of(group.panes.front());
        if (group.area == Qt::RightDockWidgetArea) {
            m_window.resizeDocks({front}, {group.size * m_window.width() / 1600}, Qt::Horizontal);
        } else {
            m_window.resizeDocks({front}, {group.size * m_window.height() / 1000}, Qt::Vertical);
        }
        neighbours[group.area].append(front);
    }
    for (const QList<QDockWidget*>& pair : std::as_const(neighbours)) {
        if (pair.size() == 2 && m_window.dockWidgetArea(pair[0]) == Qt::RightDockWidgetArea) {
            m_window.resizeDocks(pair, {m_window.height() / 2, m_window.height() / 2},
                                 Qt::Vertical);
        } else if (pair.size() == 2) {
            m_window.resizeDocks(pair, {m_window.width() * 3 / 5, m_window.width() * 2 / 5},
                                 Qt::Horizontal);
        }
    }
}

void Docks::setLocked(bool locked) {
    m_locked = locked;
    for (QDockWidget* dock : std::as_const(m_docks)) {
        dock->setFeatures(locked
                              ? QDockWidget::NoDockWidgetFeatures
                              : QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable |
                                    QDockWidget::DockWidgetFloatable);
    }
}

void Docks::raise(const QString& pane) {
    QDockWidget* dock = of(pane);
    if (m_window.dockWidgetArea(dock) == Qt::NoDockWidgetArea) {
        m_window.addDockWidget(Qt::BottomDockWidgetArea, dock);
    }
    dock->show();
    dock->raise();
}

} // namespace repro::gui
