// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/charts/channel_profile.h"
#include "gui/plot/charts/growth_curve.h"
#include "gui/plot/charts/rng_lanes.h"
#include "gui/plot/charts/ulp_histogram.h"
#include "gui/plot/charts/value_histogram.h"

#include <QAbstractTableModel>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <cmath>

namespace repro::gui::plot {
namespace {

void dragAcross(QWidget& widget, QPoint from, QPoint to) {
    QTest::mousePress(&widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(&widget, (from + to) / 2);
    QTest::mouseMove(&widget, to);
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
}

UlpBins someUlps() {
    UlpBins bins;
    bins.same = 1000;
    bins.above[0] = 60;
    bins.above[1] = 10;
    bins.below[1] = 20;
    bins.above[5] = 3;
    bins.zeroSign = 2;
    bins.nonFiniteA = 4;
    bins.nanPayload = 1;
    return bins;
}

TEST(UlpBins, CountsWhatAToleranceHides) {
    const UlpBins bins = someUlps();
    EXPECT_EQ(bins.differing(), 100U);
    EXPECT_EQ(bins.total(), 1100U);
    EXPECT_EQ(bins.within(0), 2U); // only the sign of zero
    EXPECT_EQ(bins.within(1), 62U);
    EXPECT_EQ(bins.within(3), 92U);
    EXPECT_EQ(bins.within(~quint64(0)), 95U); // never what is not finite
}

TEST(UlpHistogram, RoundsAToleranceUpToWhereItIsExact) {
    UlpHistogram canvas;
    canvas.setBins(someUlps());
    canvas.setTolerance(2);
    EXPECT_EQ(canvas.tolerance(), 3U);
    EXPECT_EQ(canvas.sentence(), QStringLiteral("A tolerance of 3 ULP would hide 92 of 100."));
    canvas.setTolerance(0);
    EXPECT_EQ(canvas.tolerance(), 0U);
    canvas.setTolerance(std::nullopt);
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("100 of 1,100 elements differ, 5 of them by NaN or Inf."));
}

TEST(UlpHistogram, DragAndArrowsPreviewATolerance) {
    UlpHistogram canvas;
    canvas.resize(600, 260);
    canvas.setBins(someUlps());
    const QSignalSpy changed(&canvas, &UlpHistogram::toleranceChanged);
    dragAcross(canvas, {300, 120}, {520, 120});
    ASSERT_GE(changed.count(), 2);
    EXPECT_EQ(changed.last().first().toULongLong(), *canvas.tolerance());
    EXPECT_GE(*canvas.tolerance(), 31U);
    canvas.setTolerance(1);
    QTest::keyClick(&canvas, Qt::Key_Right);
    EXPECT_EQ(changed.last().first().toULongLong(), 3U);
    QTest::keyClick(&canvas, Qt::Key_Left);
    QTest::keyClick(&canvas, Qt::Key_Left);
    EXPECT_EQ(changed.last().first().toULongLong(), 0U);
}

TEST(UlpHistogram, TableAddsUpToAllElements) {
    for (const bool isSigned : {true, false}) {
        UlpHistogram canvas;
        canvas.setBins(someUlps());
        canvas.setSigned(isSigned);
        quint64 sum = 0;
        for (int row = 0; row < canvas.table()->rowCount(); ++row) {
            sum += canvas.table()->index(row, 1).data().toULongLong();
        }
        EXPECT_EQ(sum, 1100U);
    }
}

TEST(UlpHistogram, HoldsTheLargestDistances) {
    UlpBins bins;
    bins.above[63] = ~quint64(0) / 4;
    bins.below[63] = 1;
    UlpHistogram canvas;
    canvas.setBins(bins);
    canvas.setTolerance(~quint64(0));
    EXPECT_EQ(bins.within(*canvas.tolerance()), bins.differing());
    EXPECT_FALSE(canvas.picture({400, 200}).isNull());
}

ValueBins someValues() {
    ValueBins bins{-1, 1, false, QStringLiteral("value"), {}, {}, 0, 0};
    bins.a = {1, 2, 3, 4};
    bins.b = {4, 3, 2, 1};
    return bins;
}

TEST(ValueHistogram, HandlesDragTheRange) {
    ValueHistogram canvas;
    canvas.resize(500, 240);
    canvas.setBins(someValues());
    canvas.setRange(-1, 1);
    const QSignalSpy changed(&canvas, &ValueHistogram::rangeChanged);
    QTest::keyClick(&canvas, Qt::Key_Left);
    ASSERT_EQ(changed.count(), 1);
    EXPECT_EQ(changed.last()[0].toDouble(), -1);
    EXPECT_LT(changed.last()[1].toDouble(), 1);
    QTest::keyClick(&canvas, Qt::Key_Right, Qt::ShiftModifier);
    EXPECT_GT(changed.last()[0].toDouble(), -1);
    const int right = 500 - 14; // the high handle stands near the right end
    dragAcross(canvas, {right - 2, 100}, {300, 100});
    EXPECT_LT(canvas.range().second, 0.5);
    EXPECT_GE(canvas.range().second, canvas.range().first);
}

TEST(ValueHistogram, ZeroLockKeepsTheRangeSymmetric) {
    ValueHistogram canvas;
    canvas.setBins(someValues());
    canvas.setZeroLocked(true);
    canvas.setRange(-1, 1);
    QTest::keyClick(&canvas, Qt::Key_Left);
    EXPECT_EQ(canvas.range().first, -canvas.range().second);
    EXPECT_LT(canvas.range().second, 1);
}

TEST(ValueHistogram, TableHasTheEdgesOfLogBins) {
    ValueHistogram canvas;
    ValueBins bins = someValues();
    bins.log = true;
    bins.low = -4;
    bins.high = 0;
    canvas.setBins(bins);
    EXPECT_NEAR(canvas.table()->index(0, 0).data().toDouble(), 1e-4, 1e-12);
    EXPECT_NEAR(canvas.table()->index(3, 1).data().toDouble(), 1, 1e-12);
    EXPECT_EQ(canvas.table()->index(3, 3).data().toULongLong(), 1U);
}

ProfileData someChannels() {
    ProfileData data;
    data.differing = {0, 5, 1, 9};
    data.maxDelta = {0, 0.5, 2, 0.1};
    data.meanDelta = {0, 0.1, 0.01, 0.05};
    data.a = {1, 2, 3, 4};
    data.b = {1, 2.5, 5, 4.1};
    return data;
}

TEST(ChannelProfile, SortsTheWorstFirst) {
    ChannelProfile canvas;
    canvas.setData(someChannels());
    const auto order = [&] {
        QList<int> indices;
        for (int row = 0; row < canvas.table()->rowCount(); ++row) {
            indices += canvas.table()->index(row, 0).data().toInt();
        }
        return indices;
    };
    EXPECT_EQ(order(), (QList<int>{0, 1, 2, 3}));
    canvas.setOrder(ProfileOrder::MaxDelta);
    EXPECT_EQ(order(), (QList<int>{2, 1, 3, 0}));
    canvas.setOrder(ProfileOrder::Differing);
    EXPECT_EQ(order(), (QList<int>{3, 1, 2, 0}));
    canvas.setOrder(ProfileOrder::MeanDelta);
    EXPECT_EQ(order(), (QList<int>{1, 3, 2, 0}));
}

TEST(ChannelProfile, WhatIsNotFiniteComesFirst) {
    ChannelProfile canvas;
    ProfileData data = someChannels();
    data.maxDelta[0] = NAN;
    canvas.setData(data);
    canvas.setOrder(ProfileOrder::MaxDelta);
    EXPECT_EQ(canvas.table()->index(0, 0).data().toInt(), 0);
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("3 of 4 differ; largest |\u0394| 2 at channel 2; NaN or Inf in 1."));
}

TEST(ChannelProfile, ClickGivesTheIndexWhateverTheOrder) {
    ChannelProfile canvas;
    canvas.resize(500, 300);
    canvas.setData(someChannels());
    canvas.setOrder(ProfileOrder::MaxDelta);
    const QSignalSpy activated(&canvas, &ChannelProfile::channelActivated);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(100, 100));
    EXPECT_EQ(activated.last().first().toLongLong(), 2);
    canvas.setFocusChannel(2);
    QTest::keyClick(&canvas, Qt::Key_Right);
    EXPECT_EQ(activated.last().first().toLongLong(), 1);
}

TEST(GrowthCurve, SaysWhenTheThresholdIsLeft) {
    GrowthCurve canvas;
    GrowthData data;
    data.x = {0, 1, 2, 3};
    data.differing = {0, 1, 2, 4};
    data.maxRelative = {0, 1e-8, 3e-6, 1e-3};
    canvas.setData(data);
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("Leaves 1e-06 at step 2; largest relative error 0.001."));
    data.threshold = 1;
    canvas.setData(data);
    EXPECT_EQ(canvas.sentence(), QStringLiteral("Largest relative error 0.001, never above 1."));
}

TEST(GrowthCurve, WithoutBytesTheErrorIsNotKnown) {
    GrowthCurve canvas;
    canvas.resize(600, 300);
    GrowthData data;
    data.x = {0, 1};
    data.differing = {2, 3};
    data.maxRelative = {NAN, NAN};
    canvas.setData(data);
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("How far the values differ is not known: their bytes were not "
                             "recorded."));
    EXPECT_EQ(canvas.table()->index(0, 2).data().toString(), QStringLiteral("not known"));
    EXPECT_TRUE(canvas.readout({500, 100}).endsWith(QStringLiteral("error not known")));
}

TEST(GrowthCurve, ClickFindsTheNearestPoint) {
    GrowthCurve canvas;
    canvas.resize(600, 300);
    GrowthData data;
    data.x = {0, 10, 1000};
    data.differing = {0, 1, 2};
    data.maxRelative = {NAN, 1e-8, INFINITY};
    canvas.setData(data);
    const QSignalSpy activated(&canvas, &GrowthCurve::pointActivated);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(560, 100));
    EXPECT_EQ(activated.last().first().toInt(), 2);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(200, 100));
    EXPECT_EQ(activated.last().first().toInt(), 1);
}

std::vector<RngGenerator> someDraws() {
    RngGenerator cpu;
    cpu.name = QStringLiteral("cpu");
    cpu.seedA = cpu.seedB = QStringLiteral("1");
    for (int draw = 0; draw < 3; ++draw) {
        cpu.a.push_back(
            {draw * 100, QStringLiteral("aten::rand"), QStringLiteral("0:%1").arg(draw), draw < 2});
        cpu.b.push_back(
            {draw * 100, QStringLiteral("aten::rand"), QStringLiteral("0:%1").arg(draw), draw < 2});
    }
    cpu.b.insert(cpu.b.begin() + 2,
                 {150, QStringLiteral("aten::bernoulli_"), QStringLiteral("0:9"), false});
    cpu.mismatchA = cpu.mismatchB = 2;
    return {cpu};
}

TEST(RngLanes, NamesWhereTheStreamsPart) {
    RngLanes canvas;
    canvas.setGenerators(someDraws());
    EXPECT_EQ(canvas.sentence(),
              QStringLiteral("cpu: streams diverge at draw 2 of B, aten::bernoulli_ 0:9."));
    auto other = someDraws();
    other[0].finding = QStringLiteral("extra draw in B");
    canvas.setGenerators(other);
    EXPECT_EQ(canvas.sentence(), QStringLiteral("cpu: extra draw in B."));
    other[0] = {QStringLiteral("cpu"), {}, {}, {{1, {}, {}, true}},
                {{1, {}, {}, true}},   -1, -1, {}};
    canvas.setGenerators(other);
    EXPECT_EQ(canvas.sentence(), QStringLiteral("All generators drew the same."));
}

TEST(RngLanes, TableListsEveryDrawOfBothRuns) {
    RngLanes canvas;
    canvas.setGenerators(someDraws());
    ASSERT_EQ(canvas.table()->rowCount(), 7);
    EXPECT_EQ(canvas.table()->index(5, 4).data().toString(), QStringLiteral("aten::bernoulli_"));
    EXPECT_EQ(canvas.table()->index(5, 5).data().toString(), QStringLiteral("first mismatch"));
}

TEST(RngLanes, ArrowsWalkDrawsAndCtrlTheMismatches) {
    RngLanes canvas;
    canvas.setGenerators(someDraws());
    const QSignalSpy activated(&canvas, &RngLanes::drawActivated);
    canvas.setFocusX(0);
    QTest::keyClick(&canvas, Qt::Key_Right, Qt::ControlModifier);
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated.last()[2].toInt(), 2);
    EXPECT_EQ(activated.last()[1].value<plot::Run>(), plot::Run::B); // the extra draw comes first
}

} // namespace
} // namespace repro::gui::plot
