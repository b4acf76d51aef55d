// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/overview_strip.h"

#include <QAbstractTableModel>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace repro::gui::plot {
namespace {

std::shared_ptr<const CellStylePyramid> rowsWith(qint64 size, qint64 at, CellStyleSet style) {
    std::vector<CellStyleSet> rows(std::size_t(size), CellStyle::Same);
    rows[std::size_t(at)] = style;
    return std::make_shared<const CellStylePyramid>(std::move(rows));
}

int differingLines(const QImage& a, const QImage& b) {
    int lines = 0;
    for (int y = 0; y < a.height(); ++y) {
        lines += a.pixel(a.width() / 2, y) != b.pixel(b.width() / 2, y) ? 1 : 0;
    }
    return lines;
}

TEST(OverviewStrip, OneRowOfAMillionIsTwoPixelsHigh) {
    OverviewStrip strip;
    strip.setRows(rowsWith(1'000'000, 0, CellStyle::Same));
    const QImage same = strip.picture({30, 311}), same2 = strip.picture({30, 311}, 2);
    for (const qint64 row : {qint64(0), qint64(345'678), qint64(999'999)}) {
        strip.setRows(rowsWith(1'000'000, row, CellStyle::Ulp1M));
        EXPECT_EQ(differingLines(strip.picture({30, 311}), same), 2) << row;
        EXPECT_EQ(differingLines(strip.picture({30, 311}, 2), same2), 4) << row;
    }
}

TEST(OverviewStrip, ClickFindsTheDifferenceInItsPixel) {
    OverviewStrip strip;
    strip.resize(30, 100);
    strip.setRows(rowsWith(1'000'000, 345'678, CellStyle::Ulp1));
    const QSignalSpy activated(&strip, &OverviewStrip::rowActivated);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(15, 34));
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated.last().first().toLongLong(), 345'678);
}

TEST(OverviewStrip, DragAsksForAViewportInsideTheList) {
    OverviewStrip strip;
    strip.resize(30, 100);
    strip.setRows(rowsWith(1000, 3, CellStyle::Ulp1));
    strip.setViewport(0, 100);
    const QSignalSpy requested(&strip, &OverviewStrip::viewportRequested);
    QTest::mousePress(&strip, Qt::LeftButton, {}, QPoint(15, 10));
    QTest::mouseMove(&strip, QPoint(15, 60));
    EXPECT_NEAR(requested.last().first().toDouble(), 550, 10);
    QTest::mouseMove(&strip, QPoint(15, 500));
    EXPECT_EQ(requested.last().first().toLongLong(), 900);
    QTest::mouseRelease(&strip, Qt::LeftButton, {}, QPoint(15, 99));
}

TEST(OverviewStrip, CtrlArrowStepsFromOriginToOrigin) {
    OverviewStrip strip;
    strip.setRows(rowsWith(1000, 345, CellStyleSet(CellStyle::Origin) | CellStyle::Ulp1));
    strip.setFocusRow(10);
    const QSignalSpy activated(&strip, &OverviewStrip::rowActivated);
    QTest::keyClick(&strip, Qt::Key_Down, Qt::ControlModifier);
    EXPECT_EQ(activated.last().first().toLongLong(), 345);
}

TEST(OverviewStrip, TableCoversEveryRowOnce) {
    OverviewStrip strip;
    strip.setRows(rowsWith(1'000'003, 500'000, CellStyle::Origin));
    const QAbstractTableModel* table = strip.table();
    qint64 next = 0, origins = 0;
    for (int row = 0; row < table->rowCount(); ++row) {
        EXPECT_EQ(table->index(row, 0).data().toLongLong(), next);
        next = table->index(row, 1).data().toLongLong() + 1;
        origins += table->index(row, 3).data().toLongLong();
    }
    EXPECT_EQ(next, 1'000'003);
    EXPECT_EQ(origins, 1);
}

TEST(OverviewStrip, WithoutRowsSaysSo) {
    OverviewStrip strip;
    EXPECT_EQ(strip.sentence(), QStringLiteral("No events."));
    EXPECT_FALSE(strip.picture({30, 50}).isNull());
    EXPECT_TRUE(strip.readout({5, 5}).isEmpty());
}

} // namespace
} // namespace repro::gui::plot
