// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"

class QListWidget;
class QProgressBar;
class QPushButton;

namespace repro::gui {

/// What stands in the window while there is nothing to see: the start, loading, or why it failed.
class StatePage : public QWidget {
    Q_OBJECT
public:
    explicit StatePage(Context& context);
    void refresh();
    /// Pairs opened before, the newest first; each is one or two paths.
    void setRecents(const QList<QStringList>& recents);

Q_SIGNALS:
    void openRequested();
    void exampleRequested();
    void recentChosen(const QStringList& paths);

protected:
    void changeEvent(QEvent* event) override;

private:
    void enlargeTitle();

    Context& m_context;
    QLabel* m_title = nullptr;
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_example = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_cancel = nullptr;
    QListWidget* m_recents = nullptr;
};

} // namespace repro::gui
