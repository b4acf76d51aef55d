// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/plot/samples.h"

#include <QDir>
#include <QFile>
#include <gtest/gtest.h>

// Exact pictures: fixed fonts, no hinting, no display. REBASELINE=1 writes them anew.
namespace repro::gui::plot {
namespace {

class Golden : public ::testing::TestWithParam<samples::Sample> {};

INSTANTIATE_TEST_SUITE_P(All, Golden, ::testing::ValuesIn(samples::all()),
                         [](const auto& sample) { return std::string(sample.param.name); });

QImage difference(const QImage& expected, const QImage& actual) {
    QImage image(actual.size(), QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const bool same = expected.valid(x, y) && expected.pixel(x, y) == actual.pixel(x, y);
            image.setPixelColor(x, y, same ? QColor(230, 230, 230) : QColor(200, 0, 0));
        }
    }
    return image;
}

void compare(Canvas& canvas, const QString& name, QSize size) {
    const QImage actual = canvas.picture(size);
    const QString golden = QStringLiteral(REPRO_GOLDEN_DIR "/%1.png").arg(name);
    if (qEnvironmentVariableIsSet("REBASELINE")) {
        ASSERT_TRUE(actual.convertToFormat(QImage::Format_RGB888).save(golden))
            << qPrintable(golden);
    }
    const QImage expected = QImage(golden).convertToFormat(QImage::Format_RGB32);
    if (actual.size() == expected.size() &&
        expected == actual.convertToFormat(QImage::Format_RGB32)) {
        return;
    }
    QDir().mkpath(QStringLiteral(REPRO_ACTUAL_DIR));
    const QString stem = QStringLiteral(REPRO_ACTUAL_DIR "/%1").arg(name);
    actual.save(stem + QStringLiteral(".png"));
    difference(expected, actual).save(stem + QStringLiteral("-difference.png"));
    FAIL() << "differs from " << qPrintable(golden) << "; see " << qPrintable(stem) << ".png";
}

TEST_P(Golden, Light) {
    const auto canvas = GetParam().make();
    canvas->setTheme(PlotTheme::light());
    compare(*canvas, QString::fromLatin1(GetParam().name) + QStringLiteral("-light"),
            GetParam().size);
}

TEST_P(Golden, Dark) {
    const auto canvas = GetParam().make();
    canvas->setTheme(PlotTheme::dark());
    compare(*canvas, QString::fromLatin1(GetParam().name) + QStringLiteral("-dark"),
            GetParam().size);
}

TEST(GoldenSvg, IsTheSameText) {
    for (const samples::Sample& sample : samples::all()) {
        const QString name = QString::fromLatin1(sample.name);
        if (name != QLatin1String("growth") && name != QLatin1String("map_small")) {
            continue;
        }
        const auto canvas = sample.make();
        canvas->setTheme(PlotTheme::light());
        const QByteArray actual = canvas->svg(sample.size);
        QFile golden(QStringLiteral(REPRO_GOLDEN_DIR "/%1.svg").arg(name));
        if (qEnvironmentVariableIsSet("REBASELINE")) {
            ASSERT_TRUE(golden.open(QIODevice::WriteOnly));
            golden.write(actual);
            golden.close();
        }
        ASSERT_TRUE(golden.open(QIODevice::ReadOnly)) << sample.name;
        EXPECT_TRUE(golden.readAll() == actual) << sample.name << ".svg differs";
    }
}

} // namespace
} // namespace repro::gui::plot
