// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/divergence_map.h"
#include "gui/plot/map/map_lane.h"
#include "gui/plot/map/map_raster.h"

#include <QPainter>
#include <QPicture>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <cmath>

namespace repro::gui::plot {
namespace {

MapData same(int columns, int rows) {
    MapData map;
    map.columns = columns;
    map.rows = rows;
    map.cells.assign(std::size_t(columns) * std::size_t(rows), CellStyle::Same);
    return map;
}

int pixelsOf(const QImage& image, QRgb colour) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            found += image.pixel(x, y) == colour ? 1 : 0;
        }
    }
    return found;
}

TEST(DivergenceMap, OneDifferenceAmongMillionsIsSeen) {
    const PlotTheme theme = PlotTheme::light();
    for (const int cell : {0, 1, 1'234'567, 2'999'999}) {
        MapData map = same(3000, 1000);
        map.cells[std::size_t(cell)] = CellStyle::Ulp1M;
        for (const qreal dpr : {1.0, 2.0}) {
            MapRaster raster;
            const QImage& image =
                raster.image(map, {0, 0, 3000, 1000}, QSize(300, 100), dpr, theme);
            EXPECT_GE(pixelsOf(image, theme.severity[4].rgb()), 2) << cell << " at " << dpr;
        }
    }
}

TEST(DivergenceMap, ALaneOfAMillionColumnsIsDrawnPixelByPixel) {
    MapLane lane;
    lane.delta.assign(1'000'000, 0.25);
    lane.delta[654'321] = 1; // as high as the lane, among all the others
    QPicture picture;
    QPainter painter(&picture);
    paintLane(painter, lane, 0, 1e6, QRectF(0, 0, 500, 40), PlotTheme::light());
    painter.end();
    constexpr int kBytesOfARectangle = 400;
    EXPECT_LT(picture.size(), 600 * kBytesOfARectangle);
    QImage image(500, 40, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter again(&image);
    again.drawPicture(0, 0, picture);
    again.end();
    EXPECT_EQ(image.pixel(327, 2), PlotTheme::light().axis.rgb());
    EXPECT_EQ(image.pixel(326, 2), qRgb(255, 255, 255));
    EXPECT_EQ(image.pixel(499, 35), PlotTheme::light().axis.rgb());
}

TEST(DivergenceMap, EveryCellFallsOnExactlyOnePixelWhenMerged) {
    for (const int cells : {7, 100, 101, 12345}) {
        const PixelCells map(0, cells, 100, cells);
        int next = 0;
        for (int pixel = 0; pixel < 100 && cells >= 100; ++pixel) {
            EXPECT_EQ(map.begin(pixel), next);
            next = map.end(pixel);
        }
        EXPECT_EQ(map.end(99), cells);
    }
}

TEST(DivergenceMap, ZoomedInCellsAreSharpBlocks) {
    MapData map = same(4, 2);
    map.cells[2 * 2 + 1] = CellStyle::Ulp4; // column 2, row 1
    MapRaster raster;
    const PlotTheme theme = PlotTheme::light();
    const QImage& image = raster.image(map, {0, 0, 4, 2}, QSize(40, 20), 1, theme);
    EXPECT_EQ(pixelsOf(image, theme.severity[1].rgb()), 100);
    EXPECT_EQ(image.pixel(20, 10), theme.severity[1].rgb());
    EXPECT_EQ(image.pixel(29, 19), theme.severity[1].rgb());
    EXPECT_NE(image.pixel(19, 10), theme.severity[1].rgb());
}

TEST(DivergenceMap, TableListsEachCellOfNote) {
    DivergenceMap canvas;
    MapData map = same(4, 3);
    map.columnNumbers = {10, 11, 12, 13};
    map.groups = {{QStringLiteral("conv"), 0, 1}, {QStringLiteral("fc"), 1, 2}};
    map.cells[1 * 3 + 2] = CellStyleSet(CellStyle::Origin) | CellStyle::Ulp4;
    map.cells[3 * 3] = CellStyle::NonFinite;
    canvas.setData(map);
    const QAbstractTableModel* table = canvas.table();
    ASSERT_EQ(table->rowCount(), 2);
    EXPECT_EQ(table->index(0, 0).data().toLongLong(), 11);
    EXPECT_EQ(table->index(0, 1).data().toString(), QStringLiteral("fc [1]"));
    EXPECT_EQ(table->index(1, 1).data().toString(), QStringLiteral("conv"));
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("2 of 12 cells differ, first at step 11 in fc [1]; 1 "
                             "with an origin; heaviest: origin."));
}

TEST(DivergenceMap, ClickFindsTheHeaviestOfAMergedPixel) {
    DivergenceMap canvas;
    canvas.resize(300, 200);
    MapData map = same(5000, 1000);
    map.cells[2500 * 1000 + 500] = CellStyle::OnlyB;
    canvas.setData(map);
    const QSignalSpy activated(&canvas, &DivergenceMap::cellActivated);
    // Somewhere near the middle there is one pixel that holds it.
    for (int x = 150; x < 200; ++x) {
        for (int y = 60; y < 130; ++y) {
            QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(x, y));
            if (activated.last() == QVariantList{2500, 500}) {
                return;
            }
        }
    }
    FAIL() << "no click reached the only difference";
}

TEST(DivergenceMap, CtrlArrowGoesToTheNextDifference) {
    DivergenceMap canvas;
    canvas.resize(300, 200);
    MapData map = same(10, 2);
    map.cells[7 * 2] = CellStyle::Ulp1;
    canvas.setData(map);
    canvas.setFocusCell(0, 0);
    const QSignalSpy activated(&canvas, &DivergenceMap::cellActivated);
    QTest::keyClick(&canvas, Qt::Key_Right, Qt::ControlModifier);
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated.last(), (QVariantList{7, 0}));
    QTest::keyClick(&canvas, Qt::Key_Down);
    EXPECT_EQ(activated.last(), (QVariantList{0, 1}));
}

TEST(DivergenceMap, DragZoomsAndFitReturns) {
    DivergenceMap canvas;
    canvas.resize(400, 300);
    canvas.setData(same(100, 50));
    QTest::mousePress(&canvas, Qt::LeftButton, {}, QPoint(150, 80));
    QTest::mouseMove(&canvas, QPoint(200, 120));
    QTest::mouseMove(&canvas, QPoint(250, 180));
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, QPoint(250, 180));
    EXPECT_LT(canvas.view().width(), 50);
    EXPECT_LT(canvas.view().height(), 40);
    QTest::keyClick(&canvas, Qt::Key_F);
    EXPECT_EQ(canvas.view(), QRectF(0, 0, 100, 50));
}

TEST(DivergenceMap, ReadoutCountsWhatThePixelHolds) {
    DivergenceMap canvas;
    canvas.resize(400, 300);
    MapData map = same(1, 1);
    map.cells[0] = CellStyle::Ulp32;
    canvas.setData(map);
    EXPECT_EQ(canvas.readout({200, 150}), QStringLiteral("step 0: 1 32-1023 ULP"));
    EXPECT_TRUE(canvas.readout({2, 2}).isEmpty());
}

/// A loss that parts at the third of four steps by one ULP, and is NaN in one run at the last.
std::vector<MapLane> lossOfFour() {
    MapLane loss;
    loss.name = QStringLiteral("loss");
    loss.a = {4, 2, 0.693147182464599609375, NAN};
    loss.b = {4, 2, 0.693147242069244384765625, 1};
    loss.delta = {0, 0, loss.b[2] - loss.a[2], INFINITY};
    loss.marks = {{}, {}, {}, CellStyle::NonFinite};
    return {loss};
}

TEST(DivergenceMap, ALaneTellsItsValuesInTableAndSentence) {
    DivergenceMap canvas;
    MapData map = same(4, 2);
    map.columnNumbers = {10, 11, 12, 13};
    map.cells[2 * 2] = CellStyle::Ulp1;
    canvas.setData(map);
    canvas.setLanes(lossOfFour());
    const QAbstractTableModel* table = canvas.table();
    ASSERT_EQ(table->rowCount(), 5); // a cell, and the loss of each step
    EXPECT_EQ(table->index(3, 0).data().toInt(), 12);
    EXPECT_EQ(table->index(3, 1).data().toString(), QStringLiteral("loss"));
    EXPECT_EQ(table->index(3, 4).data().toDouble(), 0.693147182464599609375);
    EXPECT_EQ(table->index(3, 6).data().toDouble(), 0.000000059604644775390625);
    EXPECT_TRUE(std::isnan(table->index(4, 4).data().toDouble()));
    EXPECT_TRUE(canvas.sentence().endsWith(
        QStringLiteral("The runs diverge in loss at step 12: A 0.693147182, B 0.693147242, "
                       "|Δ| 5.96e-08.")))
        << qPrintable(canvas.sentence());
}

TEST(DivergenceMap, ALaneIsReadOutAndClickedByColumn) {
    DivergenceMap canvas;
    canvas.resize(400, 300);
    canvas.setData(same(4, 2));
    canvas.setLanes(lossOfFour());
    const QSignalSpy activated(&canvas, &DivergenceMap::laneActivated);
    const QPoint place(300, 40); // the third quarter, over the map
    EXPECT_EQ(canvas.readout(place),
              QStringLiteral("loss, step 2: A 0.693147182, B 0.693147242, |Δ| 5.96e-08"));
    EXPECT_EQ(canvas.readout({390, 40}), QString());
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, place);
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated.last(), (QVariantList{0, 2}));
}

TEST(DivergenceMap, ALaneMarksItsEndWhereTheLastColumnHasNone) {
    const PlotTheme theme = PlotTheme::light();
    MapLane lane;
    lane.b = {1, 1, 1, NAN};
    QImage image(400, 40, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    paintLane(painter, lane, 0, 4, image.rect(), theme);
    painter.end();
    EXPECT_EQ(image.pixel(250, 17), theme.fill(Run::B).rgb()); // the mark, above the line
    EXPECT_EQ(image.pixel(200, 17), qRgb(255, 255, 255));
}

} // namespace
} // namespace repro::gui::plot
