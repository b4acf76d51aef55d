// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/viewmodel/named_settings.h"
#include "gui/window/docks.h"

#include <QHash>
#include <QImage>
#include <QMainWindow>

#include <functional>
#include <memory>
#include <vector>

class QAction;
class QStackedWidget;
class QToolBar;

namespace repro::gui {

class EventsPane;
class StatePage;
class TensorPane;
class Transport;
class VerdictBar;

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
    [[nodiscard]] Pane* pane(const QString& id) const;
    [[nodiscard]] const std::vector<Pane*>& panes() const { return m_panes; }
    /// Those that pane() takes.
    [[nodiscard]] QStringList paneNames() const;
    [[nodiscard]] EventsPane* events() const { return m_events; }
    [[nodiscard]] VerdictBar* verdict() const { return m_verdict; }
    [[nodiscard]] Transport* transport() const { return m_transport; }
    [[nodiscard]] QAction* action(const QString& id) const { return m_actions.value(id); }
    [[nodiscard]] QString bannerText() const;

    /// Returns: an empty string, or one line: what was wrong with the argument, or with the
    /// command.
    QString run(const QString& id, const QString& argument = {});
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
    friend class WindowCommands;
    void buildPanes();
    void buildBanner();
    void buildActions();
    void buildStatusBar();
    void sessionChanged();
    void applyTheme();
    void showLegend();
    /// Returns: whether any picture was still being computed.
    bool finishPictures();
    void showBanner(const QString& text, bool canReload);
    void message(const QString& text);
    void remember();
    [[nodiscard]] QList<QStringList> recents() const;

    const bool m_fresh;
    NamedSettings m_filters, m_layouts;
    std::unique_ptr<Context> m_context;
    std::unique_ptr<class WindowCommands> m_commands;
    std::vector<Pane*> m_panes; // docks, without the events
    std::unique_ptr<Docks> m_docks;
    QHash<QString, QAction*> m_actions;
    EventsPane* m_events = nullptr;
    TensorPane* m_tensor = nullptr;
    VerdictBar* m_verdict = nullptr;
    Transport* m_transport = nullptr;
    StatePage* m_state = nullptr;
    QStackedWidget* m_center = nullptr;
    QToolBar* m_answer = nullptr;
    QWidget* m_banner = nullptr;
    QLabel* m_bannerText = nullptr;
    QWidget* m_reload = nullptr;
    QLabel* m_job = nullptr;
    QLabel* m_legend = nullptr;
    ThemeChoice m_choice = ThemeChoice::System;
    qreal m_textSize = 12;
    std::weak_ptr<const Document> m_shown; ///< weak: what was closed shall go
};

} // namespace repro::gui
