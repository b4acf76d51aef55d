// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/colour.h"
#include "gui/plot/kit/theme.h"

#include <gtest/gtest.h>

#include <tuple>

namespace repro::gui::plot {
namespace {

constexpr std::array<Deficiency, 4> kAll{Deficiency::None, Deficiency::Protan, Deficiency::Deutan,
                                         Deficiency::Tritan};

class Themes : public ::testing::TestWithParam<std::tuple<bool, Ramp>> {
protected:
    const Ramp ramp = std::get<1>(GetParam());
    const PlotTheme theme =
        std::get<0>(GetParam()) ? PlotTheme::dark(ramp) : PlotTheme::light(ramp);
};

INSTANTIATE_TEST_SUITE_P(All, Themes,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(Ramp::Magenta, Ramp::CellStyle)));

double seen(const QColor& a, const QColor& b, Deficiency deficiency) {
    return deltaE(simulated(a, deficiency), simulated(b, deficiency));
}

TEST_P(Themes, TextsHaveContrastOfFourAndAHalf) {
    for (const QColor& background : {theme.background, theme.panel}) {
        for (const QColor& text : {theme.text, theme.mutedText, theme.runAText, theme.runBText}) {
            EXPECT_GE(contrast(text, background), 4.5) << qPrintable(text.name());
        }
    }
}

TEST_P(Themes, MarksHaveContrastOfThree) {
    for (const QColor& mark :
         {theme.runA, theme.runB, theme.axis, theme.selection, theme.unknown}) {
        EXPECT_GE(contrast(mark, theme.background), 3) << qPrintable(mark.name());
    }
}

TEST_P(Themes, RunsAreToldApartByEveryEye) {
    for (const Deficiency deficiency : kAll) {
        EXPECT_GE(seen(theme.runA, theme.runB, deficiency), 80);
    }
}

TEST_P(Themes, SeverityStepsAreToldApartByEveryEye) {
    for (const Deficiency deficiency : kAll) {
        EXPECT_GE(seen(theme.background, theme.severity[0], deficiency), 17.9);
        for (std::size_t step = 1; step < 5; ++step) {
            EXPECT_GE(seen(theme.severity[step - 1], theme.severity[step], deficiency), 14)
                << "step " << step << " deficiency " << int(deficiency);
        }
    }
}

TEST_P(Themes, SeverityGrowsMonotonouslyInContrast) {
    for (std::size_t step = 1; step < 5; ++step) {
        EXPECT_GT(contrast(theme.severity[step], theme.background),
                  contrast(theme.severity[step - 1], theme.background));
    }
}

TEST_P(Themes, TheDivergingMapIsLockedToItsCentre) {
    const ColourTable table = colourTable(ColourMap::Diverging, theme);
    EXPECT_EQ(table[0], theme.runA.rgb());
    EXPECT_EQ(table[128], theme.deltaZero.rgb());
    EXPECT_EQ(table[255], theme.runB.rgb());
}

TEST_P(Themes, HatchReadsOnNonFinite) {
    EXPECT_GE(contrast(theme.hatch, theme.nonFinite), 4.5);
}

TEST(Colour, ContrastIsThatOfTheStandard) {
    EXPECT_NEAR(contrast(QColor(0, 0, 0), QColor(255, 255, 255)), 21, 1e-6);
    EXPECT_NEAR(contrast(QColor(119, 119, 119), QColor(255, 255, 255)), 4.48, 0.01);
}

TEST(Colour, RedAndGreenMeetUnderDeuteranopia) {
    // What the simulation is for: the usual pair falls from over 100 to under 20.
    const QColor red(0xCF, 0x22, 0x2E), green(0x1A, 0x7F, 0x37);
    EXPECT_GT(seen(red, green, Deficiency::None), 100);
    EXPECT_LT(seen(red, green, Deficiency::Deutan), 20);
}

TEST(Colour, ReadableMovesOnlyWhatDoesNotRead) {
    const QColor white(255, 255, 255), black(0, 0, 0), yellow(240, 228, 66);
    EXPECT_EQ(readable(black, white), black);
    EXPECT_GE(contrast(readable(yellow, white), white), 4.5);
    EXPECT_GE(contrast(readable(black, black), black), 4.5);
}

TEST(Colour, MagnitudeMapsRiseInLuminance) {
    for (const ColourMap map : {ColourMap::Cividis, ColourMap::Viridis, ColourMap::Grey}) {
        const ColourTable table = colourTable(map, PlotTheme::light());
        for (std::size_t i = 8; i < 256; i += 8) {
            EXPECT_GT(contrast(QColor(table[i]), Qt::black),
                      contrast(QColor(table[i - 8]), Qt::black));
        }
    }
}

TEST(Theme, MatchesTheWindow) {
    EXPECT_FALSE(PlotTheme::matching(PlotTheme::light().palette()).isDark);
    EXPECT_TRUE(PlotTheme::matching(PlotTheme::dark().palette()).isDark);
}

TEST(Theme, PalettesTextsRead) {
    for (const PlotTheme& theme : {PlotTheme::light(), PlotTheme::dark()}) {
        const QPalette palette = theme.palette();
        EXPECT_GE(contrast(palette.color(QPalette::Text), palette.color(QPalette::Base)), 4.5);
        EXPECT_GE(contrast(palette.color(QPalette::ButtonText), palette.color(QPalette::Button)),
                  4.5);
        EXPECT_GE(
            contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)),
            4.5);
        EXPECT_GE(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)),
                  4.5);
    }
}

} // namespace
} // namespace repro::gui::plot
