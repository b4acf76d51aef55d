// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/data_table.h"
#include "tests/gui/plot/samples.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QAccessibleTableInterface>
#include <QApplication>
#include <QClipboard>
#include <QShortcut>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <gtest/gtest.h>

namespace repro::gui::plot {
namespace {

/// What every picture owes, whatever it shows.
class EveryCanvas : public ::testing::TestWithParam<samples::Sample> {
protected:
    void SetUp() override {
        canvas = GetParam().make();
        canvas->resize(GetParam().size);
    }
    std::unique_ptr<Canvas> canvas;
};

INSTANTIATE_TEST_SUITE_P(All, EveryCanvas, ::testing::ValuesIn(samples::all()),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST_P(EveryCanvas, HasAVoice) {
    QAccessibleInterface* voice = QAccessible::queryAccessibleInterface(canvas.get());
    ASSERT_NE(voice, nullptr);
    EXPECT_EQ(voice->role(), QAccessible::Chart);
    EXPECT_FALSE(voice->text(QAccessible::Name).isEmpty());
    EXPECT_EQ(voice->text(QAccessible::Description), canvas->sentence());
    EXPECT_TRUE(canvas->sentence().endsWith(QLatin1Char('.'))) << qPrintable(canvas->sentence());
}

TEST_P(EveryCanvas, ReadsItsTableAloud) {
    auto* table = QAccessible::queryAccessibleInterface(canvas.get())->tableInterface();
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->rowCount(), std::min(10'000, canvas->table()->rowCount()));
    ASSERT_EQ(table->columnCount(), canvas->table()->columnCount());
    for (int column = 0; column < table->columnCount(); ++column) {
        EXPECT_FALSE(table->columnDescription(column).isEmpty());
        for (int row = 0; row < std::min(3, table->rowCount()); ++row) {
            QAccessibleInterface* cell = table->cellAt(row, column);
            ASSERT_NE(cell, nullptr);
            EXPECT_EQ(cell->text(QAccessible::Value),
                      canvas->table()->index(row, column).data().toString());
            EXPECT_TRUE(cell->text(QAccessible::Name).startsWith(table->columnDescription(column)));
        }
    }
    EXPECT_EQ(table->cellAt(table->rowCount(), 0), nullptr);
}

TEST_P(EveryCanvas, TableIsAProperModel) {
    const QAbstractItemModelTester tester(canvas->table(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
}

TEST_P(EveryCanvas, SvgIsWellFormedAndNamed) {
    QXmlStreamReader xml(canvas->svg(GetParam().size));
    QString title;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement() && xml.name() == QLatin1String("title")) {
            title = xml.readElementText();
        }
    }
    EXPECT_FALSE(xml.hasError()) << qPrintable(xml.errorString()) << " in line "
                                 << xml.lineNumber();
    EXPECT_EQ(title, canvas->accessibleName());
}

TEST_P(EveryCanvas, ScreenAndPngAreTheSamePicture) {
    canvas->settle();
    EXPECT_EQ(canvas->grab().toImage().convertToFormat(QImage::Format_RGB32),
              canvas->picture(canvas->size()));
}

TEST_P(EveryCanvas, ThemeChangesThePicture) {
    canvas->setTheme(PlotTheme::light());
    const QImage light = canvas->picture(GetParam().size);
    canvas->setTheme(PlotTheme::dark());
    const QImage dark = canvas->picture(GetParam().size);
    EXPECT_EQ(light.pixelColor(0, 0), PlotTheme::light().background);
    EXPECT_EQ(dark.pixelColor(0, 0), PlotTheme::dark().background);
}

TEST_P(EveryCanvas, SurvivesAnySizeAndFont) {
    for (const QSize size : {QSize(1, 1), QSize(10, 400), QSize(400, 10), QSize(2000, 60)}) {
        EXPECT_EQ(canvas->picture(size).size(), size);
    }
    canvas->setTheme(canvas->theme().withFontSize(40));
    EXPECT_FALSE(canvas->picture({200, 100}).isNull());
}

TEST_P(EveryCanvas, SurvivesEveryKeyAndClick) {
    canvas->settle();
    for (const auto modifier : {Qt::NoModifier, Qt::ControlModifier, Qt::ShiftModifier}) {
        for (const int key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_Return,
                              Qt::Key_W, Qt::Key_S, Qt::Key_A, Qt::Key_D, Qt::Key_F, Qt::Key_1,
                              Qt::Key_2, Qt::Key_3, Qt::Key_4, Qt::Key_0, Qt::Key_Space}) {
            QTest::keyClick(canvas.get(), Qt::Key(key), modifier);
        }
        for (const auto button : {Qt::LeftButton, Qt::RightButton, Qt::MiddleButton}) {
            const QPoint centre = canvas->rect().center();
            QTest::mousePress(canvas.get(), button, modifier, centre);
            QTest::mouseMove(canvas.get(), centre + QPoint(30, 20));
            QTest::mouseMove(canvas.get(), centre - QPoint(500, 500));
            QTest::mouseRelease(canvas.get(), button, modifier, centre);
            QTest::mouseClick(canvas.get(), button, modifier, centre);
        }
    }
    canvas->settle();
    EXPECT_FALSE(canvas->grab().isNull());
}

TEST(Canvas, CsvIsTheTableWithQuotes) {
    const std::vector<std::pair<QString, double>> rows{{QStringLiteral("plain"), 0.1},
                                                       {QStringLiteral("a,\"b\""), -0.0}};
    DataTable table(
        {QStringLiteral("name"), QStringLiteral("value")}, [&] { return int(rows.size()); },
        [&](int row, int column) -> QVariant {
            return column == 0 ? QVariant(rows[std::size_t(row)].first)
                               : QVariant(rows[std::size_t(row)].second);
        });
    table.refresh();
    EXPECT_EQ(csv(table).toStdString(), "name,value\r\nplain,0.1\r\n\"a,\"\"b\"\"\",-0\r\n");
}

TEST(Canvas, ExportNamesTheFileItCannotWrite) {
    const auto canvas = samples::all().front().make();
    const QString path = QStringLiteral("/nowhere/x");
    EXPECT_TRUE(
        canvas->exportPng(path, {50, 50}).startsWith(QStringLiteral("cannot write /nowhere/x: ")));
    EXPECT_TRUE(
        canvas->exportSvg(path, {50, 50}).startsWith(QStringLiteral("cannot write /nowhere/x: ")));
    EXPECT_TRUE(
        canvas->exportPdf(path, {50, 50}).startsWith(QStringLiteral("cannot write /nowhere/x: ")));
    EXPECT_TRUE(canvas->exportCsv(path).startsWith(QStringLiteral("cannot write /nowhere/x: ")));
}

TEST(Canvas, ExportsReadBack) {
    const QTemporaryDir folder;
    const auto canvas = samples::all().front().make();
    const QString path = folder.filePath(QStringLiteral("map.png"));
    EXPECT_EQ(canvas->exportPng(path, {200, 150}, 2), QString());
    EXPECT_EQ(QImage(path).size(), QSize(400, 300));
    const QString pdf = folder.filePath(QStringLiteral("map.pdf"));
    EXPECT_EQ(canvas->exportPdf(pdf, {200, 150}), QString());
    QFile page(pdf);
    ASSERT_TRUE(page.open(QIODevice::ReadOnly));
    const QByteArray text = page.readAll();
    EXPECT_TRUE(text.startsWith("%PDF-") && text.contains("/MediaBox [0 0 150"))
        << text.mid(text.indexOf("/MediaBox"), 60).constData(); // 72 points an inch
}

TEST(Canvas, CopiesItsTable) {
    const auto canvas = samples::all().front().make();
    QTest::keyClick(canvas.get(), Qt::Key_C, Qt::ControlModifier);
    EXPECT_TRUE(
        QApplication::clipboard()->text().startsWith(QStringLiteral("step\tlayer\tdifference")));
}

TEST(Canvas, ZoomKeepsWhatIsUnderTheCursor) {
    const auto canvas = samples::all().front().make();
    canvas->resize(900, 320);
    const QRectF all = canvas->view();
    canvas->setCrosshair(all.center());
    QTest::keyClick(canvas.get(), Qt::Key_W);
    EXPECT_NEAR(canvas->view().center().x(), all.center().x(), 0.01);
    EXPECT_NEAR(canvas->view().width(), all.width() / 1.25, 0.01);
    QTest::keyClick(canvas.get(), Qt::Key_S);
    EXPECT_EQ(canvas->view(), all);
}

TEST(Canvas, ItsLettersComeBeforeShortcutsOfTheWindow) {
    QWidget window;
    Canvas* canvas = samples::all().front().make().release();
    canvas->setParent(&window);
    canvas->resize(900, 320);
    QShortcut shortcut(QKeySequence(Qt::Key_W), &window);
    const QSignalSpy fired(&shortcut, &QShortcut::activated);
    window.show();
    canvas->setFocus();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(canvas, Qt::Key_W);
    EXPECT_EQ(fired.count(), 0);
    EXPECT_LT(canvas->view().width(), 120);
}

TEST(Canvas, ViewStaysInsideTheData) {
    const auto canvas = samples::all().front().make();
    canvas->setView({-500, -500, 20, 20});
    EXPECT_EQ(canvas->view().topLeft(), QPointF(0, 0));
    canvas->setView({0, 0, 1e9, 1e9});
    EXPECT_EQ(canvas->view(), QRectF(0, 0, 120, 72));
}

} // namespace
} // namespace repro::gui::plot
