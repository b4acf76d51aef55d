// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QFrame>

class QLabel;

namespace repro::gui {

/// A line over the events for what the user should know of the open traces, until it is dismissed.
class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent = nullptr);

    void say(const QString& text, bool canReload);
    /// Empty while it is hidden.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void reloadRequested();

private:
    QLabel* m_text = nullptr;
    QWidget* m_reload = nullptr;
};

} // namespace repro::gui
