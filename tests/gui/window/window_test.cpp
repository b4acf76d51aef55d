// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/overview_strip.h"
#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/colour.h"
#include "gui/viewmodel/commands.h"
#include "gui/viewmodel/event_model.h"
#include "gui/window/banner.h"
#include "gui/window/palette.h"
#include "gui/window/state_page.h"
#include "gui/window/transport.h"
#include "gui/window/window_settings.h"
#include "tests/bench/synthetic_trace.h"
#include "tests/gui/window/window_fixture.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QScreen>
#include <QScrollBar>
#include <QTest>
#include <QTextBrowser>
#include <QUrl>

#include <set>
#include <utility>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;
using test::WindowTest;

TEST_F(WindowTest, OpensOnTheAnswerWithoutAClick) {
    openNet();
    EXPECT_TRUE(window().verdict()->text().startsWith(u"First divergence: aten::addmm"_s))
        << qPrintable(window().verdict()->text());
    EXPECT_EQ(session().focus().now().row, session().document()->rows().origins.front());
    EXPECT_TRUE(window().pane(u"explain"_s)->sentence().contains(u"addmm"_s));
    EXPECT_TRUE(window().context().tensors.tensor());
    EXPECT_TRUE(window().events()->view()->currentIndex().isValid());
}

/// The picture of each pane at two rows whose contents differ in everything it may show.
TEST_F(WindowTest, EveryPaneFollowsTheFocus) {
    openNet();
    run("edit.bookmark");
    const QString there = address();
    for (Pane* pane : window().panes().docked) {
        run("go.address", there);
        run("window.pane", pane->id());
        // What is drawn, without the caret of whoever has the keyboard.
        const auto picture = [&] {
            EXPECT_EQ(window().settle(30'000), QString());
            window().events()->view()->setFocus();
            return pane->grab().toImage();
        };
        const QImage before = picture();
        const bool needsRow = pane->id() == u"profile" || pane->id() == u"scatter" ||
                              pane->id() == u"histogram" || pane->id() == u"layers";
        run("go.address", needsRow ? u"0:3"_s : u"0:0"_s);
        // Of the runs, not of an event; and the net has no stacks.
        const bool constant = pane->id() == u"environment" || pane->id() == u"source";
        EXPECT_EQ(picture() == before, constant) << qPrintable(pane->id());
    }
}

TEST_F(WindowTest, EveryPaneWorksInPairModeAndHasAWordForIt) {
    openNet();
    for (Pane* pane : window().panes().docked) {
        run("window.pane", pane->id());
        EXPECT_TRUE(pane->isVisible()) << qPrintable(pane->id());
        EXPECT_TRUE(pane->isEnabled()) << qPrintable(pane->id());
        EXPECT_FALSE(pane->sentence().isEmpty()) << qPrintable(pane->id());
        EXPECT_EQ(pane->table() == nullptr, pane->id() == u"explain") << qPrintable(pane->id());
    }
}

TEST_F(WindowTest, KeysLeadThroughTheDifferences) {
    openNet();
    run("go.address", u"0:0"_s);
    QTest::keyClick(&window(), Qt::Key_F8);
    EXPECT_EQ(session().focus().now().row, session().document()->rows().origins.front());
    QTest::keyClick(&window(), Qt::Key_F8); // the last: no wrap
    EXPECT_EQ(session().focus().now().row, session().document()->rows().origins.front());
    QTest::keyClick(&window(), Qt::Key_F7);
    EXPECT_EQ(session().focus().now().row, session().document()->rows().differing[1]);
    QTest::keyClick(&window(), Qt::Key_Left, Qt::AltModifier);
    EXPECT_EQ(session().focus().now().row, session().document()->rows().origins.front());
    QTest::keyClick(&window(), Qt::Key_Right, Qt::AltModifier);
    EXPECT_EQ(session().focus().now().row, session().document()->rows().differing[1]);
}

TEST_F(WindowTest, TheBarTellsThePlaceAmongTheDifferences) {
    openNet();
    const auto* place = window().findChild<QLabel*>(u"place"_s);
    EXPECT_EQ(place->text(), u"origin 1/1 \u00b7 difference 1/2"_s);
    run("go.next-difference");
    EXPECT_EQ(place->text(), u"origin \u2013/1 \u00b7 difference 2/2"_s);
    open(path("a.h5"), writeNet("c.h5"));
    EXPECT_EQ(place->text(), u"no difference"_s);
}

TEST_F(WindowTest, PlayWalksToTheEndAndPauses) {
    openNet();
    run("go.address", u"0:0"_s);
    window().transport()->setSpeed(100);
    run("run.play");
    EXPECT_TRUE(QTest::qWaitFor([&] { return !window().transport()->isPlaying(); }, 10'000));
    EXPECT_EQ(session().focus().now().row, session().document()->rows().size() - 1);
    run("run.previous");
    EXPECT_EQ(session().focus().now().row, session().document()->rows().size() - 2);
}

/// Tells which rows a view asks about.
class AskedModel : public EventModel {
public:
    using EventModel::EventModel;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override {
        m_asked.insert(index.internalId());
        return EventModel::data(index, role);
    }
    mutable std::set<quintptr> m_asked;
};

TEST_F(WindowTest, APaintAsksForTheRowsInSightOnly) {
    std::vector<std::size_t> ofShortRun;
    for (const std::uint64_t events : {10'000U, 100'000U}) {
        bench::writeSyntheticRun(path("a.h5").toStdString(), {.events = events});
        open(path("a.h5"));
        std::vector<std::size_t> asked;
        for (const bool tree : {true, false}) {
            window().events()->setTree(tree);
            AskedModel model(tree ? EventModel::Shape::Tree : EventModel::Shape::Flat);
            model.setRows(session().document(), session().everything());
            QAbstractItemView* view = window().events()->view();
            const auto paint = [&] {
                view->viewport()->repaint();
                asked.push_back(std::exchange(model.m_asked, {}).size());
                EXPECT_GT(asked.back(), 5U);
                EXPECT_LT(asked.back(), 100U) << "of " << model.rowCount();
            };
            view->setModel(&model);
            paint();
            for (const int place : {1, 2}) {
                QScrollBar* bar = view->verticalScrollBar();
                bar->setValue(bar->maximum() * place / 2);
                paint();
            }
            view->setCurrentIndex(model.indexOfRow(session().document()->rows().size() / 3));
            paint();
            view->setModel(nullptr);
        }
        ofShortRun = ofShortRun.empty() ? asked : ofShortRun;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            EXPECT_NEAR(static_cast<double>(asked[i]), static_cast<double>(ofShortRun[i]), 3);
        }
    }
}

TEST_F(WindowTest, TheFirstRowsThatPassAreShownBeforeAllAreKnown) {
    bench::writeSyntheticRun(path("a.h5").toStdString(), {.events = 200'000});
    open(path("a.h5"));
    std::vector<std::uint32_t> counts;
    QObject::connect(&session().jobs(), &JobRunner::changed, &window(), [&] {
        const std::uint32_t count = window().events()->visibleRows()->count();
        if (counts.empty() || counts.back() != count) {
            counts.push_back(count);
        }
    });
    EXPECT_EQ(window().events()->setFilter(u"op:relu"_s), QString());
    ASSERT_EQ(window().settle(20'000), QString());
    ASSERT_EQ(counts.size(), 3U); // all rows, the first that pass, all that pass
    EXPECT_LT(10 * counts[1], counts[2]);
    EXPECT_LT(counts[2], counts[0]);
    EXPECT_TRUE(window().events()->sentence().contains(u" of "_s));
}

TEST_F(WindowTest, TheListAndTheEnvironmentAreThereWhileAPairIsCompared) {
    const QString a = writeNet("a.h5");
    const QString b = writeNet("b.h5", {.environment = R"({"threads":8})"});
    bool seen = false;
    QObject::connect(&session(), &Session::stateChanged, &window(), [&] {
        if (session().state() != Session::State::Loading || !session().listed()) {
            return;
        }
        seen = true;
        const VerdictBar* bar = window().verdict();
        EXPECT_TRUE(window().events()->isVisible());
        EXPECT_TRUE(bar->isVisible());
        EXPECT_EQ(bar->text(), session().progressSentence());
        EXPECT_TRUE(bar->coverage().contains(u"1 setting differs"_s))
            << qPrintable(bar->coverage());
        EXPECT_TRUE(bar->coverage().contains(u"cancel:"_s));
    });
    open(a, b);
    EXPECT_TRUE(seen);
}

TEST_F(WindowTest, AWrongFilterKeepsTheLastGoodOne) {
    openNet();
    run("edit.filter", u"op:relu"_s);
    const std::uint32_t shown = window().events()->visibleRows()->count();
    EXPECT_GT(shown, 0U);
    const QString why = window().run(u"edit.filter"_s, u"op:relu class:x"_s);
    EXPECT_TRUE(why.contains(u"position 15"_s)) << qPrintable(why);
    EXPECT_EQ(window().settle(30'000), QString());
    EXPECT_EQ(window().events()->visibleRows()->count(), shown);
}

TEST_F(WindowTest, TheAddressIsCopiedAndTyped) {
    openNet();
    run("edit.copy-address");
    const QString copied = QApplication::clipboard()->text();
    EXPECT_FALSE(copied.isEmpty());
    run("go.address", u"0:0"_s);
    auto* line = window().findChild<QLineEdit*>(u"address"_s);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, copied);
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_EQ(address(), copied);
    line->setText(u"nonsense"_s);
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_EQ(address(), copied);
}

TEST_F(WindowTest, WhereNoBytesAreThePaneGivesTheCommand) {
    open(write("a.h5", test::kRunA), write("b.h5", test::runB()));
    run("window.pane", u"tensor"_s);
    EXPECT_TRUE(window().pane(u"tensor"_s)->sentence().size() > 0);
    EXPECT_TRUE(window().context().tensors.remedy().startsWith(u"reprorec --capture full"_s));
}

TEST_F(WindowTest, EveryActionRunsInEveryState) {
    const auto runAll = [&] {
        for (const Command& command : commands()) {
            const QString id = QString::fromLatin1(command.id);
            if (id == u"file.quit" || id == u"file.close" || id == u"file.open" ||
                id == u"file.add-b" || id == u"file.example") {
                continue;
            }
            const QString argument = *command.argument == 0      ? QString()
                                     : id == u"file.report"      ? path("report")
                                     : id.startsWith(u"file."_s) ? path("picture.png")
                                     : id == u"go.address"       ? u"first"_s
                                     : id == u"window.pane"      ? u"map"_s
                                     : id == u"edit.note"        ? u"a note"_s
                                                                 : u"op:relu"_s;
            (void)window().run(id, argument);
            (void)window().settle(30'000);
            for (QDialog* dialog : window().findChildren<QDialog*>()) {
                EXPECT_TRUE(dialog->close()) << command.id;
            }
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    };
    runAll();
    open(writeNet("one.h5"));
    runAll();
    openNet();
    runAll();
}

TEST_F(WindowTest, ThePaletteFindsCommandsOpsLayersAndSteps) {
    openNet();
    EXPECT_EQ(paletteEntries(window(), u"next orig"_s).front().command, u"go.next-origin"_s);
    EXPECT_EQ(paletteEntries(window(), u"op relu"_s).front().argument, u"op:aten::relu"_s);
    EXPECT_EQ(paletteEntries(window(), u"layer net.fc"_s).front().command, u"edit.find"_s);
    EXPECT_EQ(paletteEntries(window(), u"1"_s).front().argument, u"1:"_s);
    run("help.palette");
    auto* palette = window().findChild<Palette*>();
    ASSERT_NE(palette, nullptr);
    run("go.address", u"0:0"_s);
    QTest::keyClicks(palette->findChild<QLineEdit*>(), u"next origin"_s);
    QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
    EXPECT_EQ(session().focus().now().row, session().document()->rows().origins.front());
}

TEST_F(WindowTest, ThePaletteFindsEverySettingAndSetsIt) {
    openNet();
    std::size_t settings = 0;
    for (const WindowSetting& setting : windowSettings(window())) {
        for (const QString& choice : setting.choices) {
            const auto found =
                paletteEntries(window(), u"setting %1 %2"_s.arg(setting.name, choice));
            ASSERT_FALSE(found.empty()) << qPrintable(setting.name) << qPrintable(choice);
            EXPECT_EQ(found.front().argument, u"%1: %2"_s.arg(setting.name, choice));
            EXPECT_EQ(window().run(found.front().command, found.front().argument), QString());
            EXPECT_EQ(windowSettings(window())[settings].now, choice);
            EXPECT_EQ(paletteEntries(window(), found.front().text).front().hint, u"current"_s);
        }
        ++settings;
    }
    EXPECT_EQ(window().themeChoice(), ThemeChoice::Dark);
    EXPECT_TRUE(window().run(u"view.set"_s, u"theme: pink"_s).contains(u"light"_s));
    EXPECT_TRUE(window().run(u"view.set"_s, u"sound: loud"_s).contains(u"no such setting"_s));
}

TEST_F(WindowTest, FiltersAreKeptByNameAndFoundAgain) {
    openNet();
    EXPECT_TRUE(window().run(u"edit.filter-load"_s).contains(u"none yet"_s));
    EXPECT_TRUE(window().run(u"edit.filter-save"_s, u"nothing"_s).contains(u"no filter"_s));
    run("edit.filter", u"op:relu"_s);
    run("edit.filter-save", u"my relus"_s);
    run("edit.filter", u"class:differs"_s);
    const PaletteEntry found = paletteEntries(window(), u"filter my relus"_s).front();
    EXPECT_EQ(found.hint, u"op:relu"_s);
    EXPECT_EQ(window().run(found.command, found.argument), QString());
    EXPECT_EQ(window().events()->filter().text(), u"op:relu"_s);
    run("edit.filter-load"); // no name: the list of them
    EXPECT_NE(window().findChild<Palette*>(), nullptr);
    run("edit.filter-forget", u"my relus"_s);
    EXPECT_FALSE(window().run(u"edit.filter-load"_s, u"my relus"_s).isEmpty());
}

TEST_F(WindowTest, LayoutsAreKeptByNameAndDocksLocked) {
    openNet();
    run("window.tensor");
    run("window.save-layout", u"numbers only"_s);
    run("window.triage");
    run("window.save-layout", u"mine"_s);
    EXPECT_TRUE(window().pane(u"map"_s)->isVisible());
    run("window.load-layout", u"numbers only"_s);
    EXPECT_FALSE(window().pane(u"map"_s)->isVisible());
    EXPECT_TRUE(window().pane(u"scatter"_s)->isVisible() ||
                window().pane(u"histogram"_s)->isVisible());
    run("window.load-layout", u"mine"_s);
    EXPECT_TRUE(window().pane(u"map"_s)->isVisible());
    run("window.lock");
    for (const QDockWidget* dock : window().findChildren<QDockWidget*>()) {
        EXPECT_EQ(dock->features(), QDockWidget::NoDockWidgetFeatures);
    }
    run("window.forget-layout", u"mine"_s);
    EXPECT_TRUE(window().run(u"window.load-layout"_s, u"mine"_s).contains(u"numbers only"_s));
}

TEST_F(WindowTest, StatesSayWhatIsAndWhatToDo) {
    auto* page = window().findChild<StatePage*>();
    const auto text = [&] {
        QString all;
        for (const QLabel* label : page->findChildren<QLabel*>()) {
            all += label->text();
        }
        return all;
    };
    EXPECT_TRUE(page->isVisible() && text().contains(u"Drop two traces to compare"_s));
    open(path("missing.h5"));
    EXPECT_TRUE(page->isVisible() && text().contains(path("missing.h5")));
    session().open(writeNet("a.h5"), writeNet("b.h5"));
    EXPECT_TRUE(page->isVisible() && text().contains(u"Loading a.h5"_s));
    EXPECT_EQ(window().settle(30'000), QString());
    EXPECT_FALSE(page->isVisible());
    EXPECT_TRUE(window().verdict()->text().startsWith(u"Bit-identical"_s));
    open(path("a.h5"));
    EXPECT_TRUE(window().verdict()->text().startsWith(u"One run"_s));
    open(path("a.h5"), writeNet("c.h5", {.otherProgram = true}));
    EXPECT_TRUE(window().verdict()->text().startsWith(u"Not comparable"_s));
    open(path("a.h5"), writeNet("d.h5", {.environment = R"({"threads":8})"}));
    EXPECT_TRUE(window().verdict()->text().contains(u"Only the environment differs"_s));
    open(write("e.h5", std::string(test::kRunA) + "incomplete killed\n"));
    EXPECT_TRUE(window().banner()->text().contains(u"is incomplete"_s))
        << qPrintable(window().banner()->text());
}

TEST_F(WindowTest, AFileThatChangesOrVanishesIsSaidAndNothingReloadsByItself) {
    openNet();
    const auto before = session().document();
    QFile::remove(path("b.h5"));
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return window().banner()->text().contains(u"b.h5"_s); }, 5000));
    EXPECT_EQ(session().document(), before);
    run("go.next-difference");
}

TEST_F(WindowTest, TheReportStandsAlone) {
    openNet();
    run("edit.note", u"the <second> look"_s);
    run("file.report", path("report"));
    QFile html(path("report/report.html"));
    ASSERT_TRUE(html.open(QIODevice::ReadOnly));
    const QByteArray text = html.readAll();
    EXPECT_LT(text.size(), 5 << 20);
    for (const char* part : {"First divergence: aten::addmm", "<svg", "Environment", "reproview ",
                             "Evidence", "the &lt;second&gt; look", "1 of 1 origins were viewed"}) {
        EXPECT_TRUE(text.contains(part)) << part;
    }
    for (const char* foreign : {"<script", "src=\"http", "<link"}) {
        EXPECT_FALSE(text.contains(foreign)) << foreign;
    }
    QFile csv(path("report/events.csv"));
    ASSERT_TRUE(csv.open(QIODevice::ReadOnly));
    EXPECT_EQ(csv.readAll().count('\n'), qsizetype(session().document()->rows().size()) + 1);
    EXPECT_TRUE(QFile::exists(path("report/verdict.json")));
}

void walk(QAccessibleInterface* at, QStringList& nameless) {
    const auto* widget = qobject_cast<QWidget*>(at->object());
    const bool internal = widget != nullptr && widget->objectName().startsWith(u"qt_"_s);
    if (widget != nullptr && !internal && widget->isVisible() &&
        widget->focusPolicy() != Qt::NoFocus && at->text(QAccessible::Name).isEmpty()) {
        nameless.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                        widget->parentWidget()->objectName());
    }
    for (int child = 0; child < std::min(at->childCount(), 200); ++child) {
        if (QAccessibleInterface* next = at->child(child);
            next != nullptr && next->object() != nullptr) {
            walk(next, nameless);
        }
    }
}

TEST_F(WindowTest, EveryWidgetThatTakesTheKeyboardHasAName) {
    openNet();
    QStringList nameless;
    for (Pane* pane : window().panes().docked) {
        run("window.pane", pane->id());
        walk(QAccessible::queryAccessibleInterface(&window()), nameless);
    }
    nameless.removeDuplicates();
    EXPECT_EQ(nameless, QStringList());
}

TEST_F(WindowTest, WhatWasClosedIsFreed) {
    openNet();
    for (Pane* pane : window().panes().docked) {
        run("window.pane", pane->id());
    }
    const std::weak_ptr<const Document> document = session().document();
    run("file.close");
    EXPECT_TRUE(document.expired());
    open(path("a.h5"), path("b.h5"));
    EXPECT_EQ(session().state(), Session::State::Ready);
}

TEST_F(WindowTest, TheCardRunsTheOpAgain) {
    openNet();
    run("go.first");
    const std::uint32_t row = session().focus().now().row;
    auto* card = window().pane(u"explain"_s)->findChild<QTextBrowser*>();
    ASSERT_TRUE(card->toHtml().contains(u"run:again"_s));
    Q_EMIT card->anchorClicked(QUrl(u"run:again"_s));
    EXPECT_EQ(window().settle(30'000), QString());
    // The recording was not made by LibTorch: what is told is why it cannot be run.
    const RerunResult* result = window().context().rerun.of(row);
    ASSERT_NE(result, nullptr);
    EXPECT_NE(result->error, QString());
    EXPECT_TRUE(window().pane(u"rerun"_s)->canvas()->sentence().contains(result->error));
}

TEST_F(WindowTest, EveryCanvasHasATableWithItsData) {
    openNet();
    for (Pane* pane : window().panes().docked) {
        run("window.pane", pane->id());
        if (pane->canvas() != nullptr) {
            EXPECT_GT(pane->canvas()->table()->rowCount(), 0) << qPrintable(pane->id());
            EXPECT_NE(pane->canvas()->table()->headerData(0, Qt::Horizontal).toString(), QString());
            run("view.table");
            EXPECT_TRUE(pane->showsTable());
            run("view.table");
        }
    }
}

TEST_F(WindowTest, TextIsReadableInBothThemes) {
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        window().setThemeChoice(choice);
        const plot::PlotTheme& theme = window().context().theme;
        const QPalette palette = window().palette();
        const std::pair<QColor, QColor> texts[] = {
            {theme.text, theme.background},
            {theme.mutedText, theme.background},
            {theme.runAText, theme.background},
            {theme.runBText, theme.background},
            {palette.color(QPalette::WindowText), palette.color(QPalette::Window)},
            {palette.color(QPalette::Text), palette.color(QPalette::Base)},
            {palette.color(QPalette::ButtonText), palette.color(QPalette::Button)},
            {palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)},
            {palette.color(QPalette::Link), palette.color(QPalette::Window)},
        };
        for (const auto& [text, background] : texts) {
            EXPECT_GE(plot::contrast(text, background), 4.5)
                << qPrintable(text.name()) << " on " << qPrintable(background.name());
        }
    }
}

TEST_F(WindowTest, OpensWithinItsScreen) {
    const MainWindow another(true);
    const QSize room = another.screen()->availableSize();
    EXPECT_LE(another.width(), room.width());
    EXPECT_LE(another.height(), room.height() - 48); // the title is outside of it
}

TEST_F(WindowTest, LargeTextFitsAndLayoutsHoldOnASmallScreen) {
    openNet();
    window().setTextSize(24);
    window().resize(1024, 640);
    for (const DockLayout& layout : dockLayouts()) {
        run(("window." + layout.id.toLatin1()).constData());
        EXPECT_TRUE(window().events()->isVisible());
        for (const DockLayout::Group& group : layout.groups) {
            EXPECT_TRUE(window().pane(group.panes.front())->isVisible())
                << qPrintable(layout.id) << qPrintable(group.panes.front());
        }
    }
}

TEST_F(WindowTest, BookmarksAreKeptBesideThePairAndJumpedTo) {
    openNet();
    run("go.last");
    const QString last = address();
    run("edit.note", u"look here"_s);
    run("go.first");
    run("go.next-bookmark");
    EXPECT_EQ(address(), last);
    EXPECT_TRUE(QFile::exists(path("b.reproview.json")));
    open(path("a.h5"), path("b.h5"));
    EXPECT_EQ(window().context().notes.all().size(), 1U);
}

TEST_F(WindowTest, FivePressesFromTwoFilesToAReport) {
    openNet();
    QTest::keyClick(&window(), Qt::Key_J, Qt::ControlModifier);
    QTest::keyClick(&window(), Qt::Key_F8);
    QTest::keyClick(&window(), Qt::Key_F6);
    QTest::keyClick(&window(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(QApplication::clipboard()->text(), address());
    run("file.report", path("out"));
    EXPECT_TRUE(QFile::exists(path("out/report.html")));
}

} // namespace
} // namespace repro::gui
