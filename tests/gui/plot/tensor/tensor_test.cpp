// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/tensor_image.h"
#include "gui/plot/tensor/tile_cache.h"
#include "tests/gui/plot/fake_tensor.h"

#include <QAbstractTableModel>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

#include <random>

namespace repro::gui::plot {
namespace {

using samples::FakeTensor;

std::shared_ptr<FakeTensor> ones(qint64 rows, qint64 columns) {
    auto tensor = std::make_shared<FakeTensor>(rows, columns);
    std::fill(tensor->a.begin(), tensor->a.end(), 1.0F);
    tensor->b = tensor->a;
    return tensor;
}

int pixelsOf(const QImage& image, const QColor& colour) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            found += image.pixelColor(x, y) == colour ? 1 : 0;
        }
    }
    return found;
}

std::unique_ptr<TensorImage> ulpImage(std::shared_ptr<const TensorSource> source) {
    auto canvas = std::make_unique<TensorImage>();
    canvas->setTheme(PlotTheme::light());
    canvas->setLayout(TensorLayout::Single);
    canvas->setChannel(Channel::Ulp);
    canvas->setSource(std::move(source));
    canvas->resize(300, 260);
    return canvas;
}

TEST(Tile, IsTheLargestMagnitudeOfEachTexel) {
    std::mt19937 random(2);
    auto tensor = ones(700, 5000);
    for (int n = 0; n < 400; ++n) {
        tensor->nudge(random() % 700, random() % 5000, int(random() % 4000));
    }
    const CancelFlag cancel{false};
    for (const auto& [rowLevel, columnLevel] : {std::pair{0, 3}, {2, 2}, {3, 0}, {1, 4}, {9, 13}}) {
        const TileKey key{Channel::Ulp, rowLevel, columnLevel, 0, 0, false};
        const auto tile = reduceTile(*tensor, key, cancel);
        std::vector<double> expected(tile->texels.size(), 0);
        const qint64 rows = std::min<qint64>(700, 256LL << rowLevel),
                     columns = std::min<qint64>(5000, 256LL << columnLevel);
        std::vector<double> all(std::size_t(rows * columns));
        tensor->readUlp({0, 0, int(rows), int(columns)}, all);
        for (qint64 row = 0; row < rows; ++row) {
            for (qint64 column = 0; column < columns; ++column) {
                double& texel = expected[std::size_t((row >> rowLevel) * tile->columns +
                                                     (column >> columnLevel))];
                const double value = all[std::size_t(row * columns + column)];
                texel = std::abs(value) > std::abs(texel) ? value : texel;
            }
        }
        EXPECT_EQ(tile->texels, expected) << rowLevel << " " << columnLevel;
    }
}

TEST(Tile, NanOutweighsAllAndInfWhatIsFinite) {
    auto tensor = ones(4, 4);
    tensor->at(plot::Run::A, 0, 0) = 3e38F;
    tensor->at(plot::Run::A, 1, 1) = -INFINITY;
    const CancelFlag cancel{false};
    EXPECT_EQ(reduceTile(*tensor, {Channel::A, 2, 2, 0, 0, false}, cancel)->texels.front(),
              -INFINITY);
    tensor->at(plot::Run::A, 2, 2) = NAN;
    EXPECT_TRUE(
        std::isnan(reduceTile(*tensor, {Channel::A, 2, 2, 0, 0, false}, cancel)->texels.front()));
}

TEST(Tile, CancelledIsNoTile) {
    const CancelFlag cancel{true};
    EXPECT_EQ(reduceTile(*ones(4, 4), {Channel::A, 2, 2, 0, 0, false}, cancel), nullptr);
}

TEST(Channels, DeltaOfEqualInfinitiesIsZero) {
    auto tensor = ones(1, 4);
    tensor->at(plot::Run::A, 0, 0) = tensor->at(plot::Run::B, 0, 0) = INFINITY;
    tensor->at(plot::Run::A, 0, 1) = tensor->at(plot::Run::B, 0, 1) = NAN;
    tensor->at(plot::Run::B, 0, 2) = INFINITY;
    std::vector<double> delta(4);
    readChannel(*tensor, Channel::Delta, {0, 0, 1, 4}, delta);
    EXPECT_EQ(delta[0], 0);
    EXPECT_EQ(delta[1], 0);
    EXPECT_TRUE(std::isnan(delta[2]));
    EXPECT_EQ(delta[3], 0);
}

TEST(NextDifference, GoesAlongTheLineAndOnToTheNext) {
    auto tensor = ones(5, 9000);
    tensor->nudge(1, 8999, 1);
    tensor->nudge(3, 0, 1);
    const CancelFlag cancel{false};
    const auto next = [&](qint64 row, qint64 column, Direction direction) {
        return nextDifference(*tensor, {row, column}, direction, cancel);
    };
    EXPECT_EQ(next(0, 0, Direction::Right), (Element{1, 8999}));
    EXPECT_EQ(next(1, 8999, Direction::Right), (Element{3, 0}));
    EXPECT_EQ(next(3, 0, Direction::Right), std::nullopt);
    EXPECT_EQ(next(3, 0, Direction::Left), (Element{1, 8999}));
    EXPECT_EQ(next(0, 0, Direction::Down), (Element{3, 0}));
    EXPECT_EQ(next(4, 8999, Direction::Up), (Element{1, 8999}));
}

TEST(TensorImage, OneUlpAmongMillionsIsSeen) {
    auto tensor = ones(3000, 3000);
    tensor->nudge(1234, 2345, 1);
    const auto canvas = ulpImage(tensor);
    const QImage with = canvas->picture({300, 260});
    canvas->setSource(ones(3000, 3000));
    const QImage without = canvas->picture({300, 260});
    const QColor style = PlotTheme::light().severity[0];
    EXPECT_GT(pixelsOf(with, style), pixelsOf(without, style)); // the legend has it, too
}

TEST(TensorImage, AZeroSignAndASmallestDifferenceAreSeenInDelta) {
    auto tensor = ones(2, 2);
    tensor->nudge(0, 0, 1);
    auto canvas = ulpImage(tensor);
    canvas->setChannel(Channel::Delta);
    canvas->setScale(Channel::Delta, {ColourMap::Diverging, false, 0, 1e6});
    const QImage image = canvas->picture({300, 260});
    EXPECT_GT(deltaE(image.pixelColor(100, 70), image.pixelColor(200, 150)), 10);
}

TEST(TensorImage, NotFiniteIsHatchedNotScaled) {
    auto tensor = ones(2, 2);
    tensor->at(plot::Run::B, 0, 0) = NAN;
    const PlotTheme theme = PlotTheme::light();
    for (const Channel channel : {Channel::B, Channel::Delta, Channel::Ulp}) {
        auto canvas = ulpImage(tensor);
        canvas->setChannel(channel);
        const QImage image = canvas->picture({300, 260});
        EXPECT_GT(pixelsOf(image, theme.nonFinite), 4000) << int(channel);
        EXPECT_GT(pixelsOf(image, theme.hatch), 1000) << int(channel);
    }
}

TEST(TensorImage, ArrowsNudgeAndCtrlArrowsFindDifferences) {
    auto tensor = ones(50, 50);
    tensor->nudge(20, 30, 5);
    const auto canvas = ulpImage(tensor);
    canvas->setCursor(Element{1, 1});
    const QSignalSpy picked(canvas.get(), &TensorImage::elementPicked);
    const QSignalSpy nothing(canvas.get(), &TensorImage::noFurtherDifference);
    QTest::keyClick(canvas.get(), Qt::Key_Down);
    EXPECT_EQ(picked.last(), (QVariantList{2, 1}));
    QTest::keyClick(canvas.get(), Qt::Key_Right, Qt::ControlModifier);
    EXPECT_TRUE(canvas->busy());
    canvas->settle();
    EXPECT_EQ(picked.last(), (QVariantList{20, 30}));
    QTest::keyClick(canvas.get(), Qt::Key_Right, Qt::ControlModifier);
    canvas->settle();
    EXPECT_EQ(nothing.count(), 1);
    EXPECT_EQ(canvas->cursorElement(), (Element{20, 30}));
}

TEST(TensorImage, PicksTheSameElementInEveryPane) {
    TensorImage canvas;
    canvas.resize(900, 300);
    canvas.setSource(ones(10, 10));
    canvas.setChannels({Channel::A, Channel::B, Channel::Delta});
    QString first = canvas.readout({60, 100});
    EXPECT_TRUE(first.startsWith(QStringLiteral("[")));
    EXPECT_EQ(canvas.readout({360, 100}), first);
    EXPECT_EQ(canvas.readout({660, 100}), first);
}

TEST(TensorImage, ReadoutHasBothValuesDeltaAndUlp) {
    auto tensor = ones(1, 1);
    tensor->nudge(0, 0, 1);
    const auto canvas = ulpImage(tensor);
    EXPECT_EQ(canvas->readout({150, 130}),
              QStringLiteral("[0, 0]  A 1  B 1.00000012  \u0394 1.1920929e-07  1 ULP"));
}

TEST(TensorImage, SpaceShowsTheOtherRunWhileHeld) {
    auto tensor = ones(4, 4);
    std::fill(tensor->b.begin(), tensor->b.end(), 0.0F);
    TensorImage canvas;
    canvas.resize(300, 260);
    canvas.setLayout(TensorLayout::Blink);
    canvas.setChannel(Channel::A);
    canvas.setSource(tensor);
    canvas.settle();
    const QImage a = canvas.grab().toImage();
    QTest::keyPress(&canvas, Qt::Key_Space);
    canvas.settle();
    const QImage b = canvas.grab().toImage();
    EXPECT_NE(a, b);
    QTest::keyRelease(&canvas, Qt::Key_Space);
    EXPECT_EQ(canvas.grab().toImage(), a);
}

TEST(TensorImage, AFlipShowsTheOtherRunWholeAtOnce) {
    auto tensor = ones(1000, 1000);
    std::fill(tensor->b.begin(), tensor->b.end(), 0.0F);
    TensorImage canvas;
    canvas.resize(300, 260);
    canvas.setLayout(TensorLayout::Blink);
    canvas.setSource(tensor);
    canvas.settle();
    canvas.setBlink(plot::Run::B);
    const QImage flipped = canvas.grab().toImage(); // no event loop has run since
    EXPECT_FALSE(canvas.busy());
    canvas.settle();
    EXPECT_EQ(canvas.grab().toImage(), flipped);
}

TEST(TensorImage, AnotherSliceKeepsItsView) {
    const auto canvas = ulpImage(ones(100, 100));
    canvas->setView({10, 10, 20, 20});
    canvas->setSource(ones(100, 100));
    EXPECT_EQ(canvas->view(), QRectF(10, 10, 20, 20));
    canvas->setSource(ones(50, 100));
    EXPECT_EQ(canvas->view(), QRectF(0, 0, 100, 50));
}

TEST(TensorImage, TableListsTheVisibleElements) {
    auto tensor = ones(10, 10);
    tensor->nudge(3, 4, 2);
    const auto canvas = ulpImage(tensor);
    EXPECT_EQ(canvas->table()->rowCount(), 100);
    canvas->setView({4, 3, 4, 2});
    ASSERT_EQ(canvas->table()->rowCount(), 8);
    EXPECT_EQ(canvas->table()->index(0, 0).data().toInt(), 3);
    EXPECT_EQ(canvas->table()->index(0, 1).data().toInt(), 4);
    EXPECT_EQ(canvas->table()->index(0, 5).data().toString(), QStringLiteral("2"));
}

TEST(TensorImage, ClosesWhileWorkersAreBusy) {
    for (int n = 0; n < 20; ++n) {
        auto canvas = ulpImage(ones(2000, 2000));
        (void)canvas->grab();
        canvas->setSource(ones(1000, 2000));
        (void)canvas->grab();
    }
    SUCCEED();
}

} // namespace
} // namespace repro::gui::plot
