// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/main_window.h"

#include "gui/panes/events_pane.h"
#include "gui/panes/map_pane.h"
#include "gui/panes/source_pane.h"
#include "gui/panes/tensor_plots.h"
#include "gui/panes/text_panes.h"
#include "gui/plot/kit/canvas.h"
#include "gui/window/banner.h"
#include "gui/window/recents.h"
#include "gui/window/state_page.h"
#include "gui/window/transport.h"
#include "gui/window/verdict_bar.h"
#include "gui/window/window_commands.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Links: pane:ID, focus:ADDRESS, origin:N (and its card), setting:KEY, cancel:.
void follow(MainWindow& window, const QString& link) {
    const QString kind = link.section(u':', 0, 0), rest = link.section(u':', 1);
    if (kind == u"pane") {
        window.showPane(rest);
    } else if (kind == u"cancel") {
        window.context().session.cancel();
    } else if (kind == u"origin") {
        window.run(u"go.address"_s, link);
        window.showPane(u"explain"_s);
    } else if (kind == u"setting") {
        window.showPane(u"environment"_s);
        window.panes().environment->select(rest);
    } else {
        window.run(u"go.address"_s, rest);
    }
}

} // namespace

MainWindow::MainWindow(bool fresh)
    : m_fresh(fresh), m_filters(fresh ? QString() : u"filters"_s),
      m_layouts(fresh ? QString() : u"layouts"_s),
      m_context(std::make_unique<Context>(fresh ? QString() : u"keys"_s)), m_panes(*m_context) {
    setObjectName(u"window"_s);
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setMinimumSize(800, 500);
    setAnimated(!fresh);
    buildPanes();
    buildActions();
    buildStatusBar();
    Session& session = m_context->session;
    connect(&session, &Session::stateChanged, this, &MainWindow::sessionChanged);
    connect(&session, &Session::progressed, m_state, &StatePage::refresh);
    connect(&session, &Session::progressed, m_verdict, &VerdictBar::refresh);
    connect(&session, &Session::detailsReady, m_verdict, &VerdictBar::refresh);
    connect(&m_context->keys, &Keymap::changed, m_verdict, &VerdictBar::refresh);
    connect(&session, &Session::fileChanged, this, [this](const QString& path) {
        m_banner->say(QFileInfo::exists(path)
                          ? tr("%1 changed on disk. The view shows what was read before.").arg(path)
                          : tr("%1 is gone. The view shows what was read before; bytes not read "
                               "yet are unavailable.")
                                .arg(path),
                      QFileInfo::exists(path));
    });
    connect(&session.jobs(), &JobRunner::changed, this, [this] {
        const QStringList jobs = m_context->session.jobs().active();
        m_job->setText(jobs.isEmpty() ? QString()
                                      : tr("Working: %1 (Esc to cancel)").arg(jobs.join(u", "_s)));
    });
    connect(&session.jobs(), &JobRunner::failed, this,
            [this](const QString& tag, const QString& text) {
                if (m_context->session.state() != Session::State::Failed) { // its page says it
                    message(tag + u": "_s + text);
                }
            });
    connect(&m_context->notes, &Notes::failed, this,
            [this](const QString& text) { m_banner->say(text, false); });
    connect(&session.focus(), &FocusStore::changed, this,
            [this](const Focus& now) { m_context->notes.view(now.row); });
    // Room for the title and the frame, which are not there yet.
    resize(QSize(1600, 1000).boundedTo(screen()->availableSize() - QSize(16, 48)));
    if (!m_fresh) {
        m_state->setRecents(recents());
        QSettings settings;
        m_choice = static_cast<ThemeChoice>(settings.value(u"theme"_s, 0).toInt());
        m_textSize = settings.value(u"textSize"_s, 12).toReal();
        restoreGeometry(settings.value(u"geometry"_s).toByteArray());
        m_docks->restore(settings.value(u"layout"_s).toByteArray());
        m_docks->setLocked(settings.value(u"docksLocked"_s).toBool());
    }
    applyTheme();
    sessionChanged();
    message(m_context->keys.trouble());
}

MainWindow::~MainWindow() {
    // Panes refer to the context, which goes before the widgets would.
    m_context->session.jobs().cancelAll();
    m_context->session.disconnect(this);
    m_context->session.jobs().disconnect(this);
    m_docks = nullptr;
    delete takeCentralWidget();
    delete m_verdict;
    delete m_transport;
}

void MainWindow::buildPanes() {
    auto* center = new QWidget;
    auto* layout = new QVBoxLayout(center);
    layout->setContentsMargins(4, 4, 4, 0);
    layout->setSpacing(4);
    m_verdict = new VerdictBar(*m_context);
    m_state = new StatePage(*m_context);
    m_center = new QStackedWidget;
    m_center->addWidget(m_state);
    m_center->addWidget(m_panes.events);
    m_banner = new Banner;
    layout->addWidget(m_banner);
    layout->addWidget(m_center, 1);
    setCentralWidget(center);
    m_docks = std::make_unique<Docks>(*this, m_panes.docked);
    connectPanes();
}

void MainWindow::connectPanes() {
    for (const Pane* pane : m_panes.docked) {
        connect(pane, &Pane::statusMessage, this, &MainWindow::message);
    }
    connect(m_panes.events, &Pane::statusMessage, this, &MainWindow::message);
    const auto followLink = [this](const QString& link) { follow(*this, link); };
    connect(m_verdict, &VerdictBar::linkActivated, this, followLink);
    connect(m_panes.explain, &ExplainPane::linkActivated, this, followLink);
    connect(m_panes.environment, &EnvironmentPane::linkActivated, this, followLink);
    connect(m_panes.histogram, &HistogramPane::toleranceTried, m_panes.map, &MapPane::setPreview);
    connect(m_panes.map, &MapPane::previewEnded, m_panes.histogram, &HistogramPane::endPreview);
    connect(m_banner, &Banner::reloadRequested, this, [this] { run(u"file.reload"_s); });
    connect(m_state, &StatePage::openRequested, this, [this] { run(u"file.open"_s); });
    connect(m_state, &StatePage::exampleRequested, this, [this] { run(u"file.example"_s); });
    connect(m_state, &StatePage::recentChosen, this, [this](const QStringList& paths) {
        m_context->session.open(paths.value(0), paths.value(1));
    });
}

void MainWindow::buildActions() {
    m_transport = new Transport(*m_context);
    addToolBar(m_transport);
    m_commands = std::make_unique<WindowCommands>(*this);
    m_commands->build();
    for (Pane* pane : std::initializer_list<Pane*>{m_panes.events, m_panes.source}) {
        pane->setContextMenuPolicy(Qt::ActionsContextMenu);
        pane->addActions({action(u"edit.filter-line"_s), action(u"go.editor"_s)});
    }
    m_transport->fill([this](const QString& id) { return action(id); });
    // Above the docks, for it is the answer.
    addToolBarBreak();
    m_answer = new QToolBar(tr("Verdict"), this);
    m_answer->setObjectName(u"answer"_s);
    m_answer->setMovable(false);
    m_answer->addWidget(m_verdict);
    addToolBar(m_answer);
    connect(m_transport, &Transport::statusMessage, this, &MainWindow::message);
    connect(m_transport, &Transport::atEnd, this, [this] {
        QApplication::beep();
        message(tr("End of the run"));
    });
}

void MainWindow::buildStatusBar() {
    m_job = new QLabel;
    m_job->setAccessibleName(tr("Work in progress"));
    m_legend = new QLabel;
    m_legend->setAccessibleName(tr("Legend of the runs"));
    statusBar()->addPermanentWidget(m_job);
    statusBar()->addPermanentWidget(m_legend);
}

void MainWindow::message(const QString& text) {
    statusBar()->showMessage(text, 10000);
}

QAction* MainWindow::action(const QString& id) const {
    return m_commands->action(id);
}

QString MainWindow::run(const QString& id, const QString& argument) {
    const QString why = m_commands->run(id, argument);
    if (!why.isEmpty()) {
        message(why);
    }
    return why;
}

void MainWindow::sessionChanged() {
    const Session& session = m_context->session;
    const auto& document = session.document();
    const bool ready = session.state() == Session::State::Ready && document;
    m_state->refresh();
    // The events of a pair are there long before its verdict.
    const bool list = ready || session.listed() != document;
    m_center->setCurrentWidget(list ? static_cast<QWidget*>(m_panes.events) : m_state);
    m_docks->setShown(ready);
    m_transport->setVisible(ready);
    m_answer->setVisible(list);
    showLegend();
    const auto name = [](const QString& path) { return QFileInfo(path).fileName(); };
    setWindowTitle(session.pathA().isEmpty() ? tr("reproview")
                   : session.pathB().isEmpty()
                       ? tr("A: %1 \u2014 reproview").arg(name(session.pathA()))
                       : tr("A: %1  \u21c4  B: %2 \u2014 reproview")
                             .arg(name(session.pathA()), name(session.pathB())));
    if (ready && document != m_shown.lock()) {
        m_shown = document;
        documentOpened(document);
    }
    if (session.state() == Session::State::Empty) {
        m_context->notes.open(nullptr);
    }
    m_verdict->refresh();
    m_commands->refresh();
}

void MainWindow::documentOpened(const std::shared_ptr<const Document>& document) {
    m_banner->hide();
    m_context->notes.open(document);
    if (!m_fresh) {
        m_state->setRecents(
            rememberRecent({m_context->session.pathA(), m_context->session.pathB()}));
    }
    if (!document->isPair() && m_docks->layout() == u"triage") {
        m_docks->apply(u"one-run"_s);
    } else if (document->isPair() && m_docks->layout() == u"one-run") {
        m_docks->apply(u"triage"_s);
    }
    if (!document->notHeld().isEmpty()) {
        m_banner->say(tr("Pinned events could not be aligned: %1. %2 removes the newest pin.")
                          .arg(document->notHeld(), m_context->keys.name("edit.unalign")),
                      false);
    }
    const auto incomplete = [this](const trace::Reader& reader) {
        if (!reader.header().complete) {
            m_banner->say(tr("%1 is incomplete (%2): it shows what was recorded before.")
                              .arg(text(reader.path().string()), text(reader.header().ending)),
                          true);
        }
    };
    incomplete(document->a());
    if (document->isPair()) {
        incomplete(document->b());
    }
}

void MainWindow::showLegend() {
    const auto part = [this](plot::Run run, const QString& path) {
        return path.isEmpty() ? QString()
                              : u"&nbsp;&nbsp;<span style=\"color:%1\">%2</span> %3"_s.arg(
                                    m_context->theme.label(run).name(),
                                    run == plot::Run::A ? u"A \u25cf"_s : u"B \u25a0"_s,
                                    QFileInfo(path).fileName().toHtmlEscaped());
    };
    m_legend->setText(part(plot::Run::A, m_context->session.pathA()) +
                      part(plot::Run::B, m_context->session.pathB()));
}

void MainWindow::applyTheme() {
    const bool dark = m_choice == ThemeChoice::Dark ||
                      (m_choice == ThemeChoice::System &&
                       plot::PlotTheme::matching(QApplication::palette()).isDark);
    m_context->theme =
        (dark ? plot::PlotTheme::dark() : plot::PlotTheme::light()).withFontSize(m_textSize);
    const plot::PlotTheme& theme = m_context->theme;
    // The application's reach later windows; those that stand hear of it only inside exec().
    QApplication::setPalette(theme.palette());
    QApplication::setFont(theme.font);
    setPalette(theme.palette());
    setFont(theme.font);
    m_transport->setTheme(theme);
    m_panes.events->setTheme(theme);
    showLegend();
    for (Pane* pane : m_panes.docked) {
        pane->setTheme(theme);
    }
}

void MainWindow::setThemeChoice(ThemeChoice choice) {
    m_choice = choice;
    applyTheme();
}

void MainWindow::setTextSize(qreal pixels) {
    m_textSize = std::clamp(pixels, 8.0, 32.0);
    applyTheme();
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (!event->spontaneous()) {
        m_docks->fit();
    }
}

void MainWindow::saveLayout(const QString& name) {
    m_layouts.set(name, docks().arrangement());
    if (!m_fresh) {
        QSettings().setValue(u"layout"_s, docks().arrangement());
    }
    message(m_fresh ? tr("Saved until the window closes (--fresh)") : tr("Layout saved"));
}

void MainWindow::resetLayout() {
    if (!m_fresh) {
        QSettings().remove(u"layout"_s);
    }
    m_docks->apply(m_docks->layout());
}

void MainWindow::showPane(const QString& id) {
    Pane* shown = pane(id);
    if (shown == m_panes.events) {
        m_panes.events->view()->setFocus();
    } else if (shown != nullptr) {
        m_docks->raise(id);
        (shown->canvas() != nullptr ? static_cast<QWidget*>(shown->canvas()) : shown)->setFocus();
    }
}

Pane* MainWindow::currentPane() const {
    for (QWidget* at = QApplication::focusWidget(); at != nullptr; at = at->parentWidget()) {
        if (auto* found = qobject_cast<Pane*>(at)) {
            return found;
        }
    }
    Pane* largest = m_panes.events;
    for (Pane* candidate : m_panes.docked) {
        if (candidate->isVisible() && candidate->canvas() != nullptr &&
            (largest == m_panes.events ||
             candidate->width() * candidate->height() > largest->width() * largest->height())) {
            largest = candidate;
        }
    }
    return largest;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_fresh) {
        QSettings settings;
        settings.setValue(u"theme"_s, static_cast<int>(m_choice));
        settings.setValue(u"textSize"_s, m_textSize);
        settings.setValue(u"geometry"_s, saveGeometry());
        settings.setValue(u"docksLocked"_s, m_docks->locked());
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        paths.append(url.toLocalFile());
    }
    Session& session = m_context->session;
    const bool oneIsOpen = session.document() && !session.document()->isPair();
    if (paths.size() == 1 && oneIsOpen) {
        session.addB(paths.front());
    } else if (paths.size() == 1 || paths.size() == 2) {
        // The older is the one that is held to be right; File, Swap turns them round.
        std::sort(paths.begin(), paths.end(), [](const QString& x, const QString& y) {
            return QFileInfo(x).lastModified() < QFileInfo(y).lastModified();
        });
        session.open(paths.value(0), paths.value(1));
    } else {
        message(tr("Drop one or two traces, not %1 files").arg(paths.size()));
    }
    event->acceptProposedAction();
}

} // namespace repro::gui
