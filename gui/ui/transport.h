// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/ui/pane.h"

#include <QStyle>
#include <QToolBar>

class QComboBox;
class QLineEdit;
class QTimer;

namespace repro::gui {

/// Walks through both runs in lock-step: play, pause, step by event, layer or step; and the
/// address.
class Transport : public QToolBar {
    Q_OBJECT
public:
    explicit Transport(Context& context);
    /// Actions of the window that get a button here, in order.
    void addButton(QAction* action, QStyle::StandardPixmap icon);
    void finish(); ///< grain and address, after the buttons

    void play(bool on);
    [[nodiscard]] bool isPlaying() const;
    /// Returns: false at the end.
    bool step(int direction);
    void setGrain(Session::Grain grain);
    void setSpeed(double factor);

Q_SIGNALS:
    void playingChanged(bool playing);
    void atEnd();
    void statusMessage(const QString& text);

private:
    Context& m_context;
    QTimer* m_timer = nullptr;
    QComboBox* m_grains = nullptr;
    QLineEdit* m_address = nullptr;
    Session::Grain m_grain = Session::Grain::Event;
};

} // namespace repro::gui
