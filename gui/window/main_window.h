// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/viewmodel/named_settings.h"
#include "gui/window/docks.h"
#include "gui/window/panes.h"

#include <QImage>
#include <QMainWindow>

#include <memory>

class QAction;
class QStackedWidget;
class QToolBar;

namespace repro::gui {

class Banner;
class StatePage;
class Transport;
class VerdictBar;
class WindowCommands;

enum class ThemeChoice { System, Light, Dark };

/// The window: wires panes, docks and commands to one session. Whatever it can do has the id of a
/// command (gui/viewmodel/commands.h) and runs by it.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `fresh`: no settings are read or written.
    explicit MainWindow(bool fresh);
    ~MainWindow() override;

    [[nodiscard]] Context& context() { return *m_context; }
    [[nodiscard]] const Panes& panes() const { return m_panes; }
    [[nodiscard]] EventsPane* events() const { return m_panes.events; }
    /// Null where there is none of that id.
    [[nodiscard]] Pane* pane(const QString& id) const { return m_panes.find(id); }
    [[nodiscard]] VerdictBar* verdict() const { return m_verdict; }
    [[nodiscard]] Transport* transport() const { return m_transport; }
    [[nodiscard]] Banner* banner() const { return m_banner; }
    [[nodiscard]] QAction* action(const QString& id) const;

    /// Returns: an empty string, or one line: what was wrong with the argument, or with the
    /// command.
    QString run(const QString& id, const QString& argument = {});
    /// Shows a line for a while.
    void message(const QString& text);
    [[nodiscard]] ThemeChoice themeChoice() const { return m_choice; }
    void setThemeChoice(ThemeChoice choice);
    [[nodiscard]] qreal textSize() const { return m_textSize; }
    void setTextSize(qreal pixels);
    [[nodiscard]] Docks& docks() { return *m_docks; }
    /// Filters and layouts (of Docks::arrangement()) that the user keeps by name.
    [[nodiscard]] NamedSettings& filters() { return m_filters; }
    [[nodiscard]] NamedSettings& layouts() { return m_layouts; }
    /// By a name, and for the next start.
    void saveLayout(const QString& name);
    void resetLayout();
    void showPane(const QString& id);
    /// The window, or one pane by itself, as an image of this size (of the window: as it is).
    [[nodiscard]] QImage pictureOf(const QString& id, QSize size, qreal scale);
    /// The pane that has the keyboard, else the one in front of the largest dock.
    [[nodiscard]] Pane* currentPane() const;
    /// Nothing is loading and no picture is being computed. Returns: why not; empty when settled.
    QString settle(int timeoutMs);

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildPanes();
    void connectPanes();
    void buildActions();
    void buildStatusBar();
    void sessionChanged();
    void documentOpened(const std::shared_ptr<const Document>& document);
    void applyTheme();
    void showLegend();
    /// Returns: whether any picture was still being computed.
    bool finishPictures();

    const bool m_fresh;
    NamedSettings m_filters, m_layouts;
    std::unique_ptr<Context> m_context;
    std::unique_ptr<WindowCommands> m_commands;
    const Panes m_panes;
    std::unique_ptr<Docks> m_docks;
    VerdictBar* m_verdict = nullptr;
    Transport* m_transport = nullptr;
    StatePage* m_state = nullptr;
    QStackedWidget* m_center = nullptr;
    QToolBar* m_answer = nullptr;
    Banner* m_banner = nullptr;
    QLabel* m_job = nullptr;
    QLabel* m_legend = nullptr;
    ThemeChoice m_choice = ThemeChoice::System;
    qreal m_textSize = 12;
    std::weak_ptr<const Document> m_shown; ///< weak: what was closed shall go
};

} // namespace repro::gui
