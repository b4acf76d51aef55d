// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/code_view.h"
#include "gui/panes/source_pane.h"
#include "gui/viewmodel/event_model.h"
#include "tests/gui/window/window_fixture.h"

#include <QListWidget>
#include <QTextBlock>
#include <QThread>

#include <algorithm>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class SourcePaneTest : public test::WindowTest {
protected:
    SourcePaneTest() { writeSource("int main() {\n    a();\n    b();\n}\n"); }
    void writeSource(const char* text) {
        QFile file(path("train.cpp"));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
    }
    /// Two events; `line`: of the second.
    QString record(const char* name, int line) {
        const QString notation = uR"(
            source %1
            mm %x:f32[2]=x -> %a:f32[2]=a | site:%1:2:main
            relu %a -> %b:f32[2]=b | site:/opt/libtorch/include/ATen/ops/relu.h:9:at::relu<%1:%2:main
        )"_s.arg(path("train.cpp"))
                                     .arg(line);
        return write(name, notation.toStdString());
    }
    void openPair(int lineOfB = 3) {
        open(record("a.h5", 3), record("b.h5", lineOfB));
        run("window.pane", u"source"_s);
        run("go.address", u"0:1"_s);
    }
    SourcePane& pane() { return *window().panes().source; }
    [[nodiscard]] QList<CodeView*> shown() {
        QList<CodeView*> views = pane().findChildren<CodeView*>();
        views.removeIf([](const CodeView* view) { return !view->isVisible(); });
        std::ranges::sort(views, {}, [](const CodeView* view) {
            return view->mapToGlobal(QPoint()).x(); // A is on the left
        });
        return views;
    }
    static QString markedLine(const CodeView* view) {
        return view->extraSelections().value(0).cursor.block().text();
    }
};

TEST_F(SourcePaneTest, TheLineOfTheOwnCallIsMarked) {
    openPair();
    ASSERT_EQ(shown().size(), 1);
    EXPECT_EQ(markedLine(shown()[0]), u"    b();"_s);
    EXPECT_TRUE(pane().sentence().endsWith(u"train.cpp:3, main"_s))
        << qPrintable(pane().sentence());
    run("go.address", u"0:0"_s);
    EXPECT_EQ(markedLine(shown()[0]), u"    a();"_s);
}

TEST_F(SourcePaneTest, BothRunsAreShownWhereTheirOwnCallsDiffer) {
    openPair(4);
    ASSERT_EQ(shown().size(), 2);
    EXPECT_EQ(markedLine(shown()[0]), u"    b();"_s);
    EXPECT_EQ(markedLine(shown()[1]), u"}"_s);
}

TEST_F(SourcePaneTest, AFileThatIsNotWhatWasRecordedIsNotShown) {
    openPair();
    writeSource("int main() {\n    other();\n    lines();\n}\n");
    run("go.address", u"0:0"_s);
    EXPECT_TRUE(shown().isEmpty());
    EXPECT_TRUE(pane().sentence().contains(u"has changed since the recording"_s));
    QFile::remove(path("train.cpp"));
    run("go.address", u"0:1"_s);
    EXPECT_TRUE(pane().sentence().contains(u"--source-map OLD=NEW"_s));
}

TEST_F(SourcePaneTest, AChosenCallShowsItsFile) {
    openPair();
    const auto lists = pane().findChildren<QListWidget*>();
    const auto list = std::ranges::find_if(lists, &QListWidget::isVisible);
    ASSERT_NE(list, lists.end());
    QListWidget* calls = *list;
    ASSERT_EQ(calls->count(), 2);
    EXPECT_NE(calls->item(0)->foreground(), calls->item(1)->foreground()); // LibTorch's is dimmed
    calls->setCurrentRow(0);
    EXPECT_TRUE(pane().sentence().contains(u"relu.h is not there"_s))
        << qPrintable(pane().sentence());
    calls->setCurrentRow(1);
    ASSERT_EQ(shown().size(), 1);
    EXPECT_EQ(markedLine(shown()[0]), u"    b();"_s);
}

TEST_F(SourcePaneTest, SourcesThatMovedAreFound) {
    window().context().sources.add("/build/here=" + path("").toStdString());
    QFile::copy(path("train.cpp"), path("moved.cpp"));
    open(write("c.h5", "mm %x:f32[2]=x -> %a:f32[2]=a | site:/build/here/moved.cpp:2:main"));
    run("window.pane", u"source"_s);
    run("go.address", u"0:0"_s);
    EXPECT_TRUE(pane().sentence().contains(u"does not know what "_s + path("moved.cpp")))
        << qPrintable(pane().sentence());
}

TEST_F(SourcePaneTest, AnEventWithoutAStackOrALineSaysSo) {
    open(write("c.h5", "mm %x:f32[2]=x -> %a:f32[2]=a\nrelu %a -> %b:f32[2]=b | site::0:main"));
    run("window.pane", u"source"_s);
    run("go.address", u"0:0"_s);
    EXPECT_EQ(pane().sentence(), u"No stack was recorded for this event."_s);
    EXPECT_TRUE(window().run(u"edit.filter-line"_s).contains(u"No line is known of this event"_s));
    EXPECT_TRUE(window().run(u"go.editor"_s).contains(u"No line is known of this event"_s));
    run("go.address", u"0:1"_s);
    EXPECT_TRUE(pane().sentence().contains(u"reprorec symbolize "_s + path("c.h5")))
        << qPrintable(pane().sentence());
}

TEST_F(SourcePaneTest, TheEventsOfALineAreAFilterAway) {
    openPair();
    run("edit.filter-line");
    const Filter& filter = window().events()->filter();
    EXPECT_EQ(filter.text(), u"site:%1:3"_s.arg(path("train.cpp")));
    EXPECT_EQ(filter.apply(session().document()->rows(), {}, [] { return false; }),
              std::vector<std::uint32_t>{1});
}

TEST_F(SourcePaneTest, TheListNamesLineAndStack) {
    openPair();
    EventModel model(EventModel::Shape::Flat);
    model.setRows(session().document(), session().everything());
    EXPECT_EQ(model.cell(1, EventModel::Line), u"train.cpp:3"_s);
    EXPECT_TRUE(model.data(model.indexOfRow(1), Qt::ToolTipRole)
                    .toString()
                    .endsWith(u"\n%1:3, main"_s.arg(path("train.cpp"))));
}

TEST_F(SourcePaneTest, TheEditorGetsTheLineWithoutAShell) {
    openPair();
    QFile editor(path("editor"));
    ASSERT_TRUE(editor.open(QIODevice::WriteOnly));
    editor.write("#!/bin/sh\nprintf '%s|' \"$@\" > \"$1.part\" && mv \"$1.part\" \"$1\"\n");
    editor.close();
    editor.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    qunsetenv("VISUAL");
    EXPECT_TRUE(window().run(u"go.editor"_s).contains(u"set VISUAL"_s));
    const QString odd = path("$(touch x)");
    qputenv("VISUAL", u"%1 \"%2\""_s.arg(path("editor"), odd).toLocal8Bit());
    run("go.editor");
    QFile said(odd);
    for (int i = 0; i < 500 && !said.exists(); ++i) {
        QThread::msleep(10);
    }
    ASSERT_TRUE(said.open(QIODevice::ReadOnly));
    EXPECT_EQ(QString::fromLocal8Bit(said.readAll()), u"%1|+3|%2|"_s.arg(odd, path("train.cpp")));
    qputenv("VISUAL", "/nowhere/editor");
    EXPECT_TRUE(window().run(u"go.editor"_s).contains(u"cannot be started"_s));
    qunsetenv("VISUAL");
}

TEST_F(SourcePaneTest, OfALargeFileOnlyWhatIsNearIsHeld) {
    CodeView view;
    std::string source;
    for (int line = 1; line <= 200'000; ++line) {
        source += "line " + std::to_string(line) + "\n";
    }
    view.setSource(source, 150'000, false);
    EXPECT_LT(view.blockCount(), 3000);
    EXPECT_EQ(markedLine(&view), u"line 150000"_s);
}

} // namespace
} // namespace repro::gui
