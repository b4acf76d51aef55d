// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/theme.h"
#include "gui/window/style.h"

#include <QApplication>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    QApplication::setStyle(new repro::gui::Style);
    QApplication::setCursorFlashTime(0);
    // The first window finds what all others find.
    QApplication::setFont(repro::gui::plot::PlotTheme::light().font);
    return RUN_ALL_TESTS();
}
