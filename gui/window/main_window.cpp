// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/main_window.h"

#include "gui/panes/events_pane.h"
#include "gui/panes/growth_pane.h"
#include "gui/panes/lineage_pane.h"
#include "gui/panes/map_pane.h"
#include "gui/panes/numbers_pane.h"
#include "gui/panes/rerun_pane.h"
#include "gui/panes/rng_pane.h"
#include "gui/panes/tensor_pane.h"
#include "gui/panes/tensor_plots.h"
#include "gui/panes/text_panes.h"
#include "gui/plot/charts/overview_strip.h"
#include "gui/plot/kit/canvas.h"
#include "gui/window/state_page.h"
#include "gui/window/transport.h"
#include "gui/window/verdict_bar.h"
#include "gui/window/window_commands.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
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
        static_cast<EnvironmentPane*>(window.pane(u"environment"_s))->select(rest);
    } else {
        window.run(u"go.address"_s, rest);
    }
}

} // namespace

MainWindow::MainWindow(bool fresh)
    : m_fresh(fresh), m_filters(fresh ? QString() : u"filters"_s),
      m_layouts(fresh ? QString() : u"layouts"_s),
      m_context(std::make_unique<Context>(fresh ? QString() : u"keys"_s)) {
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
        showBanner(
            QFileInfo::exists(path)
                ? tr("%1 has changed on disk. What is shown is what was read before.").arg(path)
                : tr("%1 is gone. What is shown was read before; bytes that were not read yet "
                     "cannot be shown.")
                      .arg(path),
            QFileInfo::exists(path));
    });
    connect(&session.jobs(), &JobRunner::changed, this, [this] {
        const QStringList jobs = m_context->session.jobs().active();
        m_job->setText(jobs.isEmpty() ? QString()
                                      : tr("working: %1 (Esc cancels)").arg(jobs.join(u", "_s)));
    });
    connect(&session.jobs(), &JobRunner::failed, this,
            [this](const QString& tag, const QString& text) {
                if (m_context->session.state() != Session::State::Failed) { // its page says it
                    message(tag + u": "_s + text);
                }
            });
    connect(&m_context->notes, &Notes::failed, this,
            [this](const QString& text) { showBanner(text, false); });
    connect(&session.focus(), &FocusStore::changed, this,
            [this](const Focus& now) { m_context->notes.view(now.row); });
    // Room for the title and the frame, which are not there yet.
    resize(QSize(1600, 1000).boundedTo(screen()->availableSize() - QSize(16, 48)));
    if (!m_fresh) {
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
    m_events = new EventsPane(*m_context);
    m_state = new StatePage(*m_context);
    m_center = new QStackedWidget;
    m_center->addWidget(m_state);
    m_center->addWidget(m_events);
    buildBanner();
    layout->addWidget(m_banner);
    layout->addWidget(m_center, 1);
    setCentralWidget(center);
    m_tensor = new TensorPane(*m_context);
    m_panes = {
        new MapPane(*m_context),     new ExplainPane(*m_context),     m_tensor,
        new NumbersPane(*m_context), new HistogramPane(*m_context),   new ProfilePane(*m_context),
        new ScatterPane(*m_context), new LineagePane(*m_context),     new GrowthPane(*m_context),
        new RngPane(*m_context),     new EnvironmentPane(*m_context), new LayersPane(*m_context),
        new RerunPane(*m_context),   new NotesPane(*m_context)};
    m_docks = std::make_unique<Docks>(*this, m_panes);
    for (const Pane* pane : m_panes) {
        connect(pane, &Pane::statusMessage, this, &MainWindow::message);
    }
    connect(m_events, &Pane::statusMessage, this, &MainWindow::message);
    const auto followLink = [this](const QString& link) { follow(*this, link); };
    connect(m_verdict, &VerdictBar::linkActivated, this, followLink);
    connect(static_cast<ExplainPane*>(pane(u"explain"_s)), &ExplainPane::linkActivated, this,
            followLink);
    connect(static_cast<EnvironmentPane*>(pane(u"environment"_s)), &EnvironmentPane::linkActivated,
            this, followLink);
    auto* map = static_cast<MapPane*>(pane(u"map"_s));
    auto* histogram = static_cast<HistogramPane*>(pane(u"histogram"_s));
    connect(histogram, &HistogramPane::toleranceTried, map, &MapPane::setPreview);
    connect(map, &MapPane::previewEnded, histogram, &HistogramPane::endPreview);
    connect(m_state, &StatePage::openRequested, this, [this] { run(u"file.open"_s); });
    connect(m_state, &StatePage::exampleRequested, this, [this] { run(u"file.example"_s); });
    connect(m_state, &StatePage::recentChosen, this, [this](const QStringList& paths) {
        m_context->session.open(paths.value(0), paths.value(1));
    });
}

void MainWindow::buildBanner() {
    m_banner = new QFrame;
    m_banner->setObjectName(u"banner"_s);
    static_cast<QFrame*>(m_banner)->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QHBoxLayout(m_banner);
    layout->setContentsMargins(8, 2, 8, 2);
    m_bannerText = new QLabel;
    m_bannerText->setWordWrap(true);
    m_bannerText->setMinimumWidth(1);
    m_bannerText->setAccessibleName(tr("Notice"));
    auto* reload = new QPushButton(tr("Reload"));
    auto* keep = new QPushButton(tr("Keep"));
    m_reload = reload;
    layout->addWidget(m_bannerText, 1);
    layout->addWidget(reload);
    layout->addWidget(keep);
    connect(reload, &QPushButton::clicked, this, [this] { run(u"file.reload"_s); });
    connect(keep, &QPushButton::clicked, m_banner, &QWidget::hide);
    m_banner->hide();
}

void MainWindow::buildActions() {
    m_transport = new Transport(*m_context);
    addToolBar(m_transport);
    m_commands = std::make_unique<WindowCommands>(*this);
    m_commands->build();
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
        message(tr("The end of the run"));
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

QString MainWindow::bannerText() const {
    return m_banner->isHidden() ? QString() : m_bannerText->text();
}

void MainWindow::showBanner(const QString& text, bool canReload) {
    m_bannerText->setText(text);
    m_reload->setVisible(canReload);
    m_banner->show();
}

void MainWindow::message(const QString& text) {
    statusBar()->showMessage(text, 10000);
}

QStringList MainWindow::paneNames() const {
    QStringList names{m_events->id()};
    for (const Pane* pane : m_panes) {
        names.append(pane->id());
    }
    return names;
}

Pane* MainWindow::pane(const QString& id) const {
    return id == m_events->id() ? m_events : m_docks->pane(id);
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
    m_center->setCurrentWidget(list ? static_cast<QWidget*>(m_events) : m_state);
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
        m_banner->hide();
        m_context->notes.open(document);
        remember();
        if (!document->isPair() && m_docks->layout() == u"triage") {
            m_docks->apply(u"one-run"_s);
        } else if (document->isPair() && m_docks->layout() == u"one-run") {
            m_docks->apply(u"triage"_s);
        }
        const auto incomplete = [&](const trace::Reader& reader) {
            if (!reader.header().complete) {
                showBanner(tr("%1 is not complete (%2): what was recorded before is shown.")
                               .arg(text(reader.path().string()), text(reader.header().ending)),
                           true);
            }
        };
        if (!document->notHeld().isEmpty()) {
            showBanner(tr("Events that were aligned by hand are not: %1. %2 takes the newest "
                          "away.")
                           .arg(document->notHeld(), m_context->keys.name("edit.unalign")),
                       false);
        }
        incomplete(document->a());
        if (document->isPair()) {
            incomplete(document->b());
        }
    }
    if (session.state() == Session::State::Empty) {
        m_context->notes.open(nullptr);
    }
    m_verdict->refresh();
    m_commands->refresh();
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
    m_events->setTheme(theme);
    showLegend();
    for (Pane* pane : m_panes) {
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

QImage MainWindow::pictureOf(const QString& id, QSize size, qreal scale) {
    QWidget* shown = id.isEmpty() ? static_cast<QWidget*>(this) : pane(id);
    QDockWidget* dock = m_docks->of(id);
    if (dock != nullptr) { // by itself, so that it has the whole size
        dock->setFloating(true);
        dock->show();
        dock->resize(size);
        (void)settle(60'000);
        if (QWidget* typing = QApplication::focusWidget()) {
            typing->clearFocus(); // no frame around the picture
        }
    }
    QImage image(shown->size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    do {
        image.fill(palette().color(QPalette::Window));
        shown->render(&image);
    } while (finishPictures()); // another scale may have needed more than was there
    if (dock != nullptr) {
        dock->setFloating(false);
    }
    return image;
}

void MainWindow::saveLayout(const QString& name) {
    m_layouts.set(name, docks().arrangement());
    if (!m_fresh) {
        QSettings().setValue(u"layout"_s, docks().arrangement());
    }
    message(m_fresh ? tr("Started with --fresh: kept until the window closes")
                    : tr("The layout is kept"));
}

void MainWindow::resetLayout() {
    if (!m_fresh) {
        QSettings().remove(u"layout"_s);
    }
    m_docks->apply(m_docks->layout());
}

void MainWindow::showPane(const QString& id) {
    if (id == m_events->id()) {
        m_events->view()->setFocus();
    } else if (Pane* shown = m_docks->pane(id)) {
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
    Pane* largest = m_events;
    for (Pane* candidate : m_panes) {
        if (candidate->isVisible() && candidate->canvas() != nullptr &&
            (largest == m_events ||
             candidate->width() * candidate->height() > largest->width() * largest->height())) {
            largest = candidate;
        }
    }
    return largest;
}

bool MainWindow::finishPictures() {
    bool wasBusy = false;
    for (const Pane* shown : m_panes) {
        if (shown->isVisible() && shown->canvas() != nullptr && shown->canvas()->busy()) {
            shown->canvas()->settle();
            wasBusy = true;
        }
    }
    return wasBusy;
}

QString MainWindow::settle(int timeoutMs) {
    const QDeadlineTimer deadline(timeoutMs);
    const JobRunner& jobs = m_context->session.jobs();
    do {
        if (!m_context->session.jobs().waitUntilIdle(static_cast<int>(deadline.remainingTime()))) {
            return tr("still working after %1 s: %2")
                .arg(timeoutMs / 1000)
                .arg(jobs.active().join(u", "_s));
        }
        // What a picture still needs is known once it has been laid out and painted.
        (void)grab();
        QApplication::processEvents();
    } while (finishPictures() || !jobs.idle());
    return {};
}

QList<QStringList> MainWindow::recents() const {
    QList<QStringList> pairs;
    if (!m_fresh) {
        for (const QVariant& pair : QSettings().value(u"recents"_s).toList()) {
            pairs.append(pair.toStringList());
        }
    }
    return pairs;
}

void MainWindow::remember() {
    if (m_fresh) {
        return;
    }
    QStringList now;
    for (const QString& path : {m_context->session.pathA(), m_context->session.pathB()}) {
        if (!path.isEmpty()) {
            now.append(QFileInfo(path).absoluteFilePath());
        }
    }
    QList<QStringList> pairs = recents();
    pairs.removeAll(now);
    pairs.prepend(now);
    QVariantList stored;
    for (const QStringList& pair : pairs.mid(0, 12)) {
        stored.append(QVariant(pair));
    }
    QSettings().setValue(u"recents"_s, stored);
    m_state->setRecents(pairs.mid(0, 12));
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
        message(tr("Drop one recording, or two; these are %1 files").arg(paths.size()));
    }
    event->acceptProposedAction();
}

} // namespace repro::gui
