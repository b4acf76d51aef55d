// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"

#include <QIcon>
#include <QToolBar>

#include <functional>

class QComboBox;
class QLabel;
class QLineEdit;
class QTimer;

namespace repro::gui {

/// Walks through both runs in lock-step: play, pause, step by event, layer or step; and the
/// address.
class Transport : public QToolBar {
    Q_OBJECT
public:
    explicit Transport(Context& context);
    /// Buttons for the window's actions, the place among the differences, grain and address.
    void fill(const std::function<QAction*(const QString& id)>& action);
    void setTheme(const plot::PlotTheme& theme);

    void play(bool on);
    [[nodiscard]] bool isPlaying() const;
    /// Returns: false at the end.
    bool step(int direction);
    [[nodiscard]] Session::Grain grain() const { return m_grain; }
    void setGrain(Session::Grain grain);
    void setSpeed(double factor);

Q_SIGNALS:
    void atEnd();
    void statusMessage(const QString& text);

private:
    void addGrains();
    void addAddress();
    void follow();
    void showPlaying();

    Context& m_context;
    QLabel* m_place = nullptr;
    QIcon m_play, m_pause;
    QTimer* m_timer = nullptr;
    QComboBox* m_grains = nullptr;
    QLineEdit* m_address = nullptr;
    Session::Grain m_grain = Session::Grain::Event;
};

} // namespace repro::gui
