// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/window/layouts.h"

#include <QByteArray>
#include <QMap>

#include <vector>

class QDockWidget;
class QMainWindow;

namespace repro::gui {

class Pane;

/// The docks of a window, one a pane: arranged by layouts, and hidden while nothing is open.
class Docks {
public:
    Docks(QMainWindow& window, const std::vector<Pane*>& panes);
    /// Deletes the docks with their panes.
    ~Docks();

    [[nodiscard]] QDockWidget* of(const QString& pane) const { return m_docks.value(pane); }
    /// The layout that was applied last.
    [[nodiscard]] const QString& layout() const { return m_layout; }
    void apply(const QString& layout);
    /// Where the docks are, and which are open.
    [[nodiscard]] QByteArray arrangement() const;
    void restore(const QByteArray& arrangement);
    void setShown(bool shown);
    /// Sizes those of the layout for the window as it is.
    void fit();
    [[nodiscard]] bool locked() const { return m_locked; }
    void setLocked(bool locked);
    /// Brings a pane to the front.
    void raise(const QString& pane);

private:
    void arrange();

    QMainWindow& m_window;
    QMap<QString, QDockWidget*> m_docks; // by pane, in an order that is the same in each run
    QString m_layout = QStringLiteral("triage");
    QByteArray m_arrangement; // of the time when they were shown; empty: as the layout has it
    bool m_shown = false;
    bool m_locked = false;
};

} // namespace repro::gui
