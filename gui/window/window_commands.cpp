// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/window_commands.h"

#include "gui/panes/events_pane.h"
#include "gui/panes/map_pane.h"
#include "gui/panes/source_pane.h"
#include "gui/plot/charts/overview_strip.h"
#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/data_table.h"
#include "gui/viewmodel/commands.h"
#include "gui/viewmodel/texts.h"
#include "gui/window/dialogs.h"
#include "gui/window/keys_dialog.h"
#include "gui/window/main_window.h"
#include "gui/window/palette.h"
#include "gui/window/report.h"
#include "gui/window/transport.h"
#include "gui/window/verdict_bar.h"
#include "gui/window/window_settings.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QMenuBar>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

bool isThere(Needs needs, const Session& session) {
    const auto& document = session.document();
    switch (needs) {
    case Needs::Nothing:
        return true;
    case Needs::Path:
        return !session.pathA().isEmpty();
    case Needs::Run:
        return document != nullptr;
    case Needs::Pair:
        break;
    }
    return document && document->isPair();
}

} // namespace

WindowCommands::WindowCommands(MainWindow& window) : m_window(window) {
    bindFile();
    bindEdit();
    bindFind();
    bindKeeping();
    bindAlign();
    bindGo();
    bindRun();
    bindTensor();
    bindElements();
    bindView();
    bindWindow();
}

void WindowCommands::bind(const char* id, Function function) {
    m_functions.insert(QString::fromLatin1(id), std::move(function));
}

void WindowCommands::build() {
    QHash<QString, QMenu*> menus;
    for (const Command& command : commands()) {
        const QString id = QString::fromLatin1(command.id);
        auto* action = new QAction(QString::fromLatin1(command.text), &m_window);
        action->setObjectName(id);
        action->setStatusTip(QString::fromLatin1(command.help));
        QObject::connect(action, &QAction::triggered, &m_window, [this, id] { m_window.run(id); });
        m_actions.insert(id, action);
        m_window.addAction(action);
        if (const QString menu = QString::fromLatin1(command.menu); !menu.isEmpty()) {
            if (!menus.contains(menu)) {
                menus.insert(menu, m_window.menuBar()->addMenu(u'&' + menu));
            }
            menus[menu]->addAction(action);
        }
    }
    applyKeys();
    QObject::connect(&m_window.context().keys, &Keymap::changed, &m_window,
                     [this] { applyKeys(); });
}

void WindowCommands::applyKeys() {
    for (const Command& command : commands()) {
        const QList<QKeySequence> keys = m_window.context().keys.of(command);
        QAction* action = m_actions.value(QString::fromLatin1(command.id));
        action->setShortcuts(keys);
        action->setToolTip(keys.isEmpty()
                               ? plainText(command)
                               : u"%1 (%2)"_s.arg(plainText(command),
                                                  keys.front().toString(QKeySequence::NativeText)));
    }
}

void WindowCommands::refresh() {
    letGo();
    for (const Command& command : commands()) {
        m_actions.value(QString::fromLatin1(command.id))
            ->setEnabled(isThere(command.needs, m_window.context().session));
    }
}

QString WindowCommands::run(const QString& id, const QString& argument) {
    const auto function = m_functions.constFind(id);
    if (function == m_functions.constEnd()) {
        return u"%1: there is no such action; --list-actions names them all"_s.arg(id);
    }
    if (const Command* command = findCommand(id); !action(id)->isEnabled()) {
        return u"%1: needs %2"_s.arg(id, command->needs == Needs::Pair ? u"two traces"_s
                                                                       : u"an open trace"_s);
    }
    return (*function)(argument);
}

void WindowCommands::bindFile() {
    Session& session = m_window.context().session;
    bind("file.open", [this, &session](const QString& argument) {
        const QStringList paths = argument.isEmpty() ? askForTraces(&m_window, 2)
                                                     : argument.split(u' ', Qt::SkipEmptyParts);
        if (!paths.isEmpty()) {
            session.open(paths.value(0), paths.value(1));
        }
        return QString();
    });
    bind("file.example", [&session](const QString&) {
        const QStringList paths = exampleTraces();
        return session.open(paths[0], paths[1]), QString();
    });
    bind("file.add-b", [this, &session](const QString& argument) {
        const QStringList paths =
            argument.isEmpty() ? askForTraces(&m_window, 1) : QStringList(argument);
        if (!paths.isEmpty()) {
            session.addB(paths.front());
        }
        return QString();
    });
    bind("file.swap", [&session](const QString&) { return session.swap(), QString(); });
    bind("file.reload", [&session](const QString&) { return session.reload(), QString(); });
    bind("file.close", [&session](const QString&) { return session.close(), QString(); });
    bind("file.quit", [this](const QString&) { return m_window.close(), QString(); });
    bind("file.export-pane", [this](const QString& argument) {
        const QString path =
            argument.isEmpty()
                ? askForFile(&m_window, QObject::tr("Export pane"),
                             QObject::tr("Pictures and tables (*.png *.svg *.pdf *.csv)"))
                : argument;
        return path.isEmpty() ? QString() : exportPane(path);
    });
    bind("file.screenshot", [this](const QString& argument) {
        const QString path =
            argument.isEmpty()
                ? askForFile(&m_window, QObject::tr("Save screenshot"), QObject::tr("PNG (*.png)"))
                : argument;
        if (path.isEmpty()) {
            return QString();
        }
        if (const QString why = m_window.settle(60'000); !why.isEmpty()) {
            return why;
        }
        return m_window.pictureOf({}, {}, 1).save(path, "PNG", 0)
                   ? QString()
                   : u"%1: cannot be written; check the folder"_s.arg(path);
    });
    bind("file.report", [this](const QString& argument) {
        const QString folder =
            argument.isEmpty() ? askForFolder(&m_window, QObject::tr("Report folder")) : argument;
        return folder.isEmpty() ? QString() : writeReport(m_window, folder);
    });
}

QString WindowCommands::exportPane(const QString& path) {
    const Pane* pane = m_window.currentPane();
    const QString ending = path.section(u'.', -1).toLower();
    if (ending == u"csv") {
        if (auto* table = qobject_cast<QAbstractTableModel*>(pane->table())) {
            QFile file(path);
            const QByteArray csv = plot::csv(*table);
            return file.open(QIODevice::WriteOnly) && file.write(csv) == csv.size()
                       ? QString()
                       : u"%1: %2"_s.arg(path, file.errorString());
        }
        return u"%1: pane %2 has no table; export PNG"_s.arg(path, pane->id());
    }
    if (plot::Canvas* canvas = pane->canvas(); canvas != nullptr) {
        const QSize size = canvas->size();
        if (ending == u"png" || ending == u"svg" || ending == u"pdf") {
            return ending == u"png"   ? canvas->exportPng(path, size, 2)
                   : ending == u"svg" ? canvas->exportSvg(path, size)
                                      : canvas->exportPdf(path, size);
        }
    }
    if (ending == u"png") {
        return const_cast<Pane*>(pane)->grab().save(path, "PNG")
                   ? QString()
                   : u"%1: cannot be written; check the folder"_s.arg(path);
    }
    return u"%1: pane %2 is written as .png%3"_s.arg(
        path, pane->id(), pane->canvas() != nullptr ? u", .svg, .pdf or .csv"_s : u" or .csv"_s);
}

void WindowCommands::bindEdit() {
    Context& context = m_window.context();
    bind("edit.copy-address", [this, &context](const QString&) {
        const QString address = context.session.focus().address();
        QApplication::clipboard()->setText(address);
        m_window.message(QObject::tr("Copied %1").arg(address));
        return QString();
    });
    bind("edit.copy-verdict", [this](const QString&) {
        QApplication::clipboard()->setText(m_window.verdict()->text());
        return QString();
    });
    bind("edit.copy-table", [this](const QString&) {
        copySelection(*m_window.currentPane());
        return QString();
    });
    bind("edit.bookmark", [&context](const QString&) {
        const std::uint32_t row = context.session.focus().now().row;
        if (row != kNone32) {
            context.notes.has(row) ? context.notes.remove(row) : context.notes.set(row, {});
        }
        return QString();
    });
    bind("edit.note", [this, &context](const QString& argument) {
        const std::uint32_t row = context.session.focus().now().row;
        const auto text =
            argument.isEmpty()
                ? askForText(&m_window,
                             QObject::tr("Note at %1").arg(context.session.focus().address()),
                             context.notes.at(row))
                : std::optional(argument);
        if (row != kNone32 && text) {
            context.notes.set(row, *text);
        }
        return QString();
    });
    bind("edit.filter", [this](const QString& argument) {
        if (argument.isEmpty()) {
            m_window.events()->focusFilter();
            return QString();
        }
        return m_window.events()->setFilter(argument);
    });
    bind("edit.filter-undo",
         [this](const QString&) { return m_window.events()->undoFilter(), QString(); });
    bind("edit.filter-line", [this](const QString&) {
        const QString line = m_window.panes().source->filterOfLine();
        return line.isEmpty() ? QObject::tr("No line is known of this event")
                              : m_window.events()->setFilter(line);
    });
    bind("edit.only-differences", [this](const QString&) {
        const bool on = m_window.events()->filter().text() == u"class:differs";
        return m_window.events()->setFilter(on ? QString() : u"class:differs"_s);
    });
}

void WindowCommands::bindFind() {
    bind("edit.find", [this](const QString& argument) {
        const auto text =
            argument.isEmpty()
                ? askForText(&m_window, QObject::tr("Find rows that match a filter"), {})
                : std::optional(argument);
        return text ? m_window.events()->setFind(*text) : QString();
    });
    const auto find = [this](int direction) {
        return [this, direction](const QString&) {
            return m_window.events()->find(direction)
                       ? QString()
                       : QObject::tr("No more matches; %1 starts a search")
                             .arg(m_window.context().keys.name("edit.find"));
        };
    };
    bind("edit.find-next", find(1));
    bind("edit.find-previous", find(-1));
}

void WindowCommands::bindView() {
    bind("view.tree", [this](const QString&) {
        return m_window.events()->setTree(!m_window.events()->isTree()), QString();
    });
    bind("view.overview", [this](const QString&) {
        plot::OverviewStrip* strip = m_window.events()->strip();
        return strip->setVisible(strip->isHidden()), QString();
    });
    const auto theme = [this](ThemeChoice choice) {
        return
            [this, choice](const QString&) { return m_window.setThemeChoice(choice), QString(); };
    };
    bind("view.theme-light", theme(ThemeChoice::Light));
    bind("view.theme-dark", theme(ThemeChoice::Dark));
    bind("view.theme-system", theme(ThemeChoice::System));
    const auto size = [this](qreal change) {
        return [this, change](const QString&) {
            return m_window.setTextSize(m_window.textSize() + change), QString();
        };
    };
    bind("view.larger", size(1));
    bind("view.smaller", size(-1));
    bind("view.table", [this](const QString&) {
        Pane* pane = m_window.currentPane();
        if (pane->canvas() == nullptr) {
            return QObject::tr("%1 is a table already").arg(pane->title());
        }
        return pane->showTable(!pane->showsTable()), QString();
    });
    bind("view.set", [this](const QString& text) { return applySetting(m_window, text); });
    bind("view.full-screen", [this](const QString&) {
        m_window.isFullScreen() ? m_window.showNormal() : m_window.showFullScreen();
        return QString();
    });
    bind("help.palette",
         [this](const QString& argument) { return showPalette(m_window, argument), QString(); });
    bind("help.shortcuts", [this](const QString&) {
        (new KeysDialog(m_window.context().keys, &m_window))->show();
        return QString();
    });
    bind("help.about", [this](const QString&) { return showAbout(&m_window), QString(); });
    bind("job.cancel", [this](const QString&) {
        letGo();
        Session& session = m_window.context().session;
        if (session.state() == Session::State::Loading) {
            session.cancel();
        } else {
            session.jobs().cancelAll();
            m_window.transport()->play(false);
        }
        m_window.context().tensors.chooseAll();
        m_window.panes().map->setPreview({}); // draws anew: a job
        return QString();
    });
}

void WindowCommands::bindWindow() {
    for (const DockLayout& layout : dockLayouts()) {
        bind(("window." + layout.id.toLatin1()).constData(),
             [this, id = layout.id](const QString&) {
                 return m_window.docks().apply(id), QString();
             });
    }
    bind("window.reset-layout",
         [this](const QString&) { return m_window.resetLayout(), QString(); });
    bind("window.lock", [&docks = m_window.docks()](const QString&) {
        return docks.setLocked(!docks.locked()), QString();
    });
    bind("window.next-pane", [this](const QString&) { return cyclePane(1); });
    bind("window.previous-pane", [this](const QString&) { return cyclePane(-1); });
    bind("window.pane", [this](const QString& argument) {
        if (m_window.pane(argument) == nullptr) {
            return u"%1: there is no such pane; --list-panes names them all"_s.arg(argument);
        }
        return m_window.showPane(argument), QString();
    });
}

QString WindowCommands::cyclePane(int direction) {
    QList<Pane*> shown{m_window.events()};
    for (Pane* pane : m_window.panes().docked) {
        if (pane->isVisible()) {
            shown.append(pane);
        }
    }
    const qsizetype at = shown.indexOf(m_window.currentPane());
    Pane* next = shown[(at + direction + shown.size()) % shown.size()];
    m_window.showPane(next->id());
    return {};
}

} // namespace repro::gui
