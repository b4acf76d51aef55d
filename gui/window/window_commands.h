// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QHash>
#include <QString>

#include <cstdint>
#include <functional>

class QAction;

namespace repro::gui {

class MainWindow;

/// What each command does to a window. The table of commands is gui/viewmodel/commands.h.
class WindowCommands {
public:
    explicit WindowCommands(MainWindow& window);
    /// Makes an action of each command and the menus.
    void build();
    /// Switches actions on and off as the session is.
    void refresh();
    /// Null where there is no such command.
    [[nodiscard]] QAction* action(const QString& id) const { return m_actions.value(id); }
    /// Returns: an empty string, or what was wrong, in one line.
    QString run(const QString& id, const QString& argument);

private:
    using Function = std::function<QString(const QString& argument)>;
    void applyKeys();
    void bind(const char* id, Function function);
    void bindFile();
    void bindEdit();
    void bindFind();
    void bindKeeping();
    void bindAlign();
    void bindGo();
    void bindRun();
    void bindTensor();
    void bindElements();
    void bindView();
    void bindWindow();
    QString exportPane(const QString& path);
    QString cyclePane(int direction);
    QString nextNote(int direction);
    QString alignFocus();
    void letGo();

    MainWindow& m_window;
    QHash<QString, QAction*> m_actions;
    QHash<QString, Function> m_functions;
    std::uint32_t m_held = 0xFFFFFFFF; ///< a row whose counterpart is being looked for, or none
};

} // namespace repro::gui
