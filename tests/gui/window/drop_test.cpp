// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/window/window_fixture.h"

#include <QDateTime>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QStatusBar>
#include <QUrl>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class Drop : public test::WindowTest {
protected:
    void drop(const QStringList& paths) {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& path : paths) {
            urls.append(QUrl::fromLocalFile(path));
        }
        data.setUrls(urls);
        const QPoint at = window().rect().center();
        QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window(), &enter);
        EXPECT_TRUE(enter.isAccepted());
        QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window(), &event);
        EXPECT_EQ(window().settle(30'000), QString());
    }
    [[nodiscard]] QString written(const char* name, int minutesAgo) {
        const QString path = writeNet(name);
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::ReadWrite));
        EXPECT_TRUE(file.setFileTime(QDateTime::currentDateTime().addSecs(-60 * minutesAgo),
                                     QFileDevice::FileModificationTime));
        return path;
    }
};

TEST_F(Drop, OneFileIsLookedAtAndASecondComparedWithIt) {
    const QString a = written("a.h5", 1), b = writeNet("b.h5", {.outputOffset = 0.5F});
    drop({a});
    ASSERT_TRUE(session().document());
    EXPECT_FALSE(session().document()->isPair());
    drop({b});
    EXPECT_TRUE(session().document()->isPair());
    EXPECT_EQ(session().pathA(), a); // what was there first stays A
    EXPECT_EQ(session().pathB(), b);
    EXPECT_EQ(address(), u"1:5"_s); // on the answer
}

TEST_F(Drop, OfTwoFilesTheOlderIsRunA) {
    const QString newer = written("a.h5", 1), older = written("b.h5", 9);
    drop({newer, older});
    ASSERT_TRUE(session().document());
    EXPECT_EQ(session().pathA(), older);
    EXPECT_EQ(session().pathB(), newer);
}

TEST_F(Drop, ThreeFilesAreRefusedInALine) {
    const QString a = writeNet("a.h5");
    drop({a, a, a});
    EXPECT_FALSE(session().document());
    EXPECT_TRUE(window().statusBar()->currentMessage().contains(u"3 files"_s));
}

TEST_F(Drop, WhatIsNoRecordingIsSaidInTheWindow) {
    QFile file(path("notes.txt"));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly) && file.write("not a trace") > 0);
    file.close();
    drop({file.fileName()});
    EXPECT_EQ(session().state(), Session::State::Failed);
    EXPECT_TRUE(session().error().contains(u"notes.txt"_s)) << qPrintable(session().error());
    drop({writeNet("a.h5")}); // the window stays usable
    EXPECT_TRUE(session().document());
}

TEST_F(Drop, BytesThatFailTheirFingerprintAreSaid) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.001F});
    damageBytes(b);
    drop({a});
    drop({b});
    // The pair opens all the same, on its answer; how far this tensor differs is not known.
    ASSERT_EQ(session().state(), Session::State::Ready) << qPrintable(session().error());
    EXPECT_EQ(address(), u"1:5"_s);
    const QString coverage = window().verdict()->coverage();
    const QString pane = window().pane(u"tensor"_s)->sentence();
    for (const QString& said : {coverage, pane, window().context().tensors.reason()}) {
        EXPECT_TRUE(said.contains(b)) << qPrintable(said);
        EXPECT_TRUE(said.contains(u"fingerprint"_s)) << qPrintable(said);
    }
    EXPECT_TRUE(coverage.contains(u"it is out0 of aten::"_s)) << qPrintable(coverage);
}

} // namespace
} // namespace repro::gui
