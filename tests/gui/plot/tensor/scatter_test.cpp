// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/scatter.h"
#include "tests/gui/plot/fake_tensor.h"

#include <QAbstractTableModel>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <numeric>

namespace repro::gui::plot {
namespace {

using samples::FakeTensor;

std::shared_ptr<FakeTensor> ramp() {
    auto tensor = std::make_shared<FakeTensor>(20, 50);
    for (std::size_t i = 0; i < tensor->a.size(); ++i) {
        tensor->a[i] = float(i + 1);
    }
    tensor->b = tensor->a;
    tensor->nudge(3, 7, 16);
    tensor->nudge(10, 10, -4);
    tensor->at(Run::B, 0, 0) = NAN;
    return tensor;
}

TEST(Density, CountsEveryElementOnce) {
    const CancelFlag cancel{false};
    const Density values = density(*ramp(), ScatterMode::Values, 64, 48, cancel);
    EXPECT_EQ(std::accumulate(values.cells.begin(), values.cells.end(), 0U), 999U);
    EXPECT_EQ(values.shown, 999U);
    EXPECT_EQ(values.outside, 1U);
    const Density residual = density(*ramp(), ScatterMode::Residual, 64, 48, cancel);
    EXPECT_EQ(std::accumulate(residual.cells.begin(), residual.cells.end(), 0U), 2U);
    EXPECT_EQ(residual.outside, 1U);
}

TEST(Density, ResidualPutsElementsWhereTheyBelong) {
    EXPECT_EQ(scatterPoint(ScatterMode::Residual, 8, 8, 16), QPointF(3, 5));
    EXPECT_EQ(scatterPoint(ScatterMode::Residual, -0.5, 8, -1), QPointF(-1, -1));
    EXPECT_EQ(scatterPoint(ScatterMode::Residual, 2, 2, TensorSource::kZeroSign), QPointF(1, 0.5));
    EXPECT_EQ(scatterPoint(ScatterMode::Residual, 0, 1, 5), std::nullopt);
    EXPECT_EQ(scatterPoint(ScatterMode::Residual, 1, 1, 0), std::nullopt);
    EXPECT_EQ(scatterPoint(ScatterMode::Values, 1, NAN, 0), std::nullopt);
}

TEST(Density, FastLogarithmMeetsTheExactOneWithinACell) {
    auto tensor = std::make_shared<FakeTensor>(1, 400);
    for (int i = 0; i < 400; ++i) {
        tensor->a[std::size_t(i)] = std::pow(1.09F, float(i - 200));
    }
    tensor->b = tensor->a;
    for (int i = 0; i < 400; ++i) {
        tensor->nudge(0, i, i + 1);
    }
    const CancelFlag cancel{false};
    const int columns = 400, rows = 300;
    const Density fast = density(*tensor, ScatterMode::Residual, columns, rows, cancel);
    for (int i = 0; i < 400; ++i) {
        const auto point =
            *scatterPoint(ScatterMode::Residual, double(tensor->a[std::size_t(i)]), 0, i + 1);
        const double x = (point.x() - fast.range.left()) / fast.range.width() * columns;
        const double y = rows - (point.y() - fast.range.top()) / fast.range.height() * rows;
        bool found = false;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                const int column = std::clamp(int(x) + dx, 0, columns - 1),
                          row = std::clamp(int(y) + dy, 0, rows - 1);
                found = found || fast.cells[std::size_t(row) * columns + std::size_t(column)] > 0;
            }
        }
        EXPECT_TRUE(found) << i;
    }
}

TEST(Density, CancelledIsEmpty) {
    const CancelFlag cancel{true};
    EXPECT_TRUE(density(*ramp(), ScatterMode::Values, 8, 8, cancel).cells.empty());
}

TEST(Lasso, TellsWhatIsInside) {
    const auto byDistance =
        insideLasso(ScatterMode::Residual, QPolygonF(QRectF(0, 4, 10, 2))); // +8 to +32 ULP
    EXPECT_TRUE(byDistance(2, 2, 16));
    EXPECT_FALSE(byDistance(2, 2, -16));
    EXPECT_FALSE(byDistance(2, 2, 64));
    EXPECT_FALSE(byDistance(0.25, 0.25, 16));
    EXPECT_FALSE(byDistance(0, 1, 16)); // is not drawn
    const auto byValue = insideLasso(ScatterMode::Values, QPolygonF({{0, 0}, {4, 0}, {0, 4}}));
    EXPECT_TRUE(byValue(1, 1, 0));
    EXPECT_FALSE(byValue(3, 3, 0)); // in the box around it alone
    EXPECT_FALSE(byValue(NAN, 1, NAN));
}

TEST(Scatter, ShiftDragDrawsALasso) {
    Scatter canvas;
    canvas.resize(500, 360);
    canvas.setSource(ramp());
    canvas.settle();
    const QSignalSpy lassoed(&canvas, &Scatter::lassoed);
    QTest::mousePress(&canvas, Qt::LeftButton, Qt::ShiftModifier, QPoint(100, 50));
    for (const QPoint to : {QPoint(250, 50), QPoint(400, 50), QPoint(400, 250), QPoint(100, 250)}) {
        QTest::mouseMove(&canvas, to);
    }
    QTest::mouseRelease(&canvas, Qt::LeftButton, Qt::ShiftModifier, QPoint(100, 250));
    ASSERT_EQ(lassoed.count(), 1);
    EXPECT_GE(lassoed.last().first().value<QPolygonF>().size(), 4);
}

TEST(Scatter, FewPointsAreLargeEnoughToBeSeen) {
    Scatter canvas;
    canvas.setSource(ramp());
    canvas.settle();
    const QImage image = canvas.picture({500, 360}, 1);
    int inked = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            inked += image.pixel(x, y) == canvas.theme().severity[3].rgb() ? 1 : 0;
        }
    }
    EXPECT_GE(inked, 2 * 6); // two elements differ; the rims are mixed with the ground
}

TEST(Scatter, TableAddsUpToWhatIsShown) {
    Scatter canvas;
    canvas.setMode(ScatterMode::Values);
    canvas.setSource(ramp());
    canvas.settle();
    quint64 sum = 0;
    for (int row = 0; row < canvas.table()->rowCount(); ++row) {
        sum += canvas.table()->index(row, 2).data().toULongLong();
    }
    EXPECT_EQ(sum, 999U);
    EXPECT_EQ(canvas.sentence(), QStringLiteral("999 pairs of values; 1 not finite."));
}

TEST(Scatter, OfEqualTensorsSaysSo) {
    auto same = std::make_shared<FakeTensor>(4, 4);
    Scatter canvas;
    canvas.setSource(same);
    canvas.settle();
    EXPECT_EQ(canvas.sentence(), QStringLiteral("No element differs."));
    EXPECT_FALSE(canvas.busy());
}

} // namespace
} // namespace repro::gui::plot
