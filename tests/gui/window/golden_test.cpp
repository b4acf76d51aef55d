// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/window/window_fixture.h"

#include <QDir>
#include <QDockWidget>
#include <QImage>
#include <QStatusBar>

#include <algorithm>
#include <cmath>
#include <cstdlib>

// Whole windows beside committed pictures: fonts of fonts-dejavu without hinting, Fusion, no
// display. `REBASELINE=1 window_test --gtest_filter='GoldenWindow.*'` writes them anew.
namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;
using test::WindowTest;

constexpr int kChannel = 90;   // a channel may be off by 0.35 of its range,
constexpr qint64 kPixels = 50; // and this many pixels by more

struct Comparison {
    qint64 off = 0;
    QImage picture; // the actual one, faded; red where it is off
};

Comparison compare(const QImage& expected, const QImage& actual) {
    Comparison result{0, actual.convertToFormat(QImage::Format_RGB32)};
    for (int y = 0; y < actual.height(); ++y) {
        for (int x = 0; x < actual.width(); ++x) {
            const QRgb a = actual.pixel(x, y);
            const QRgb e = expected.valid(x, y) ? expected.pixel(x, y) : ~a;
            const int most = std::max({std::abs(qRed(e) - qRed(a)), std::abs(qGreen(e) - qGreen(a)),
                                       std::abs(qBlue(e) - qBlue(a))});
            result.off += most > kChannel ? 1 : 0;
            result.picture.setPixel(x, y,
                                    most > kChannel ? qRgb(200, 0, 0) : qRgb(200, 200, qBlue(a)));
        }
    }
    return result;
}

class GoldenWindow : public WindowTest {
protected:
    /// The sizes that the layout wants, exactly: on a loaded machine docks now and then share their
    /// room a few pixels otherwise.
    void pinDocks() {
        constexpr int kTabs = 32; // pixels that their row takes below a dock
        Docks& docks = window().docks();
        for (const DockLayout::Group& group : findLayout(docks.layout())->groups) {
            for (const QString& pane : group.panes) {
                if (group.area == Qt::RightDockWidgetArea) {
                    docks.of(pane)->setFixedWidth(group.size * window().width() / 1600);
                } else {
                    docks.of(pane)->setFixedHeight(group.size * window().height() / 1000 - kTabs);
                }
            }
        }
    }

    QImage picture(qreal scale) {
        pinDocks();
        EXPECT_EQ(window().settle(30'000), QString());
        window().statusBar()->clearMessage();
        return window().pictureOf({}, {}, scale).convertToFormat(QImage::Format_RGB888);
    }

    void compareWindow(const QString& name, qreal scale = 1) {
        window().resize(1280, 800);
        ASSERT_EQ(window().settle(30'000), QString());
        const QString golden = QStringLiteral(REPRO_WINDOW_GOLDEN_DIR "/%1.png").arg(name);
        if (qEnvironmentVariableIsSet("REBASELINE")) {
            ASSERT_TRUE(picture(scale).save(golden)) << qPrintable(golden);
        }
        const QImage expected(golden);
        const QImage actual = picture(scale);
        const Comparison result = compare(expected, actual);
        if (expected.size() != actual.size() || result.off > kPixels) {
            QDir().mkpath(QStringLiteral(REPRO_WINDOW_ACTUAL_DIR));
            const QString seen = QStringLiteral(REPRO_WINDOW_ACTUAL_DIR "/%1").arg(name);
            actual.save(seen + u".png"_s);
            result.picture.save(seen + u"-difference.png"_s);
            FAIL() << result.off << " pixels are not as in " << qPrintable(golden) << "; see "
                   << qPrintable(seen) << ".png";
        }
    }
};

TEST_F(GoldenWindow, PairLight) {
    openNet();
    compareWindow(u"pair-light"_s);
}

TEST_F(GoldenWindow, PairDark) {
    window().setThemeChoice(ThemeChoice::Dark);
    openNet();
    compareWindow(u"pair-dark"_s);
}

TEST_F(GoldenWindow, PairAtTwiceTheScale) {
    openNet();
    compareWindow(u"pair-200"_s, 2);
}

TEST_F(GoldenWindow, TensorLayout) {
    openNet();
    run("window.tensor");
    compareWindow(u"tensor"_s);
}

TEST_F(GoldenWindow, Identical) {
    open(writeNet("a.h5"), writeNet("b.h5"));
    compareWindow(u"identical"_s);
}

TEST_F(GoldenWindow, OneRun) {
    open(writeNet("a.h5"));
    compareWindow(u"one-run"_s);
}

TEST_F(GoldenWindow, CannotOpen) {
    open(u"missing.h5"_s);
    compareWindow(u"cannot-open"_s);
}

} // namespace
} // namespace repro::gui
