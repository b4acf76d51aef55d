// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace repro::gui::plot {
namespace {

std::vector<std::string> labels(const Axis& axis, int wanted, bool integers = false) {
    std::vector<std::string> texts;
    for (const Tick& tick : ticks(axis, wanted, integers)) {
        texts.push_back(tick.label.toStdString());
    }
    return texts;
}

using ::testing::ElementsAre;

TEST(Axis, LinearTicksAreRound) {
    EXPECT_THAT(labels({0, 1, Scale::Linear, {}}, 5),
                ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
    EXPECT_THAT(labels({-7, 12, Scale::Linear, {}}, 4), ElementsAre("-5", "0", "5", "10"));
}

TEST(Axis, WholeNumbersStayWhole) {
    EXPECT_THAT(labels({0, 3, Scale::Linear, {}}, 10, true), ElementsAre("0", "1", "2", "3"));
    EXPECT_THAT(labels({0, 3000, Scale::Linear, {}}, 3, true),
                ElementsAre("0", "1,000", "2,000", "3,000"));
}

TEST(Axis, TicksTellNeighboursFarFromZeroApart) {
    EXPECT_THAT(labels({1000000.1, 1000000.3, Scale::Linear, {}}, 2),
                ElementsAre("1000000.1", "1000000.2", "1000000.3"));
}

TEST(Axis, LogTicksArePowers) {
    EXPECT_THAT(labels({1e-8, 1, Scale::Log10, {}}, 3), ElementsAre("1e-06", "0.001", "1"));
    EXPECT_THAT(labels({1, 64, Scale::Log2, {}}, 10),
                ElementsAre("1", "2", "4", "8", "16", "32", "64"));
}

TEST(Axis, TimeTicksCarryTheirUnit) {
    EXPECT_THAT(labels({0, 0.01, Scale::Time, {}}, 2), ElementsAre("0 ms", "5 ms", "10 ms"));
    EXPECT_THAT(labels({0, 90, Scale::Time, {}}, 3), ElementsAre("0 s", "30 s", "60 s", "90 s"));
}

TEST(Axis, NeverMoreTicksThanAsked) {
    for (const double high : {1e-300, 0.7, 1.0, 3.14, 99.0, 1e6, 1e300}) {
        for (int wanted = 1; wanted < 12; ++wanted) {
            const auto linear = ticks({0, high, Scale::Linear, {}}, wanted);
            EXPECT_LE(linear.size(), std::size_t(wanted) + 1) << high;
            EXPECT_GE(linear.size(), 1U) << high;
        }
    }
}

TEST(Axis, DegenerateRangesGiveOneTickOrNone) {
    EXPECT_EQ(ticks({3, 3, Scale::Linear, {}}, 5).size(), 1U);
    EXPECT_TRUE(ticks({NAN, NAN, Scale::Linear, {}}, 5).empty());
    EXPECT_LE(ticks({0, INFINITY, Scale::Linear, {}}, 5).size(), 1U);
}

TEST(Axis, GoesThereAndBack) {
    for (const Scale scale : {Scale::Linear, Scale::Log2, Scale::Log10, Scale::Time}) {
        const Axis axis{0.5, 300, scale, {}};
        for (const double value : {0.5, 1.0, 17.0, 300.0}) {
            EXPECT_NEAR(axis.fromUnit(axis.toUnit(value)), value, value * 1e-12);
        }
    }
}

TEST(Numbers, AreShortAndUnmistakable) {
    EXPECT_EQ(number(0), QStringLiteral("0"));
    EXPECT_EQ(number(-0.0), QStringLiteral("-0"));
    EXPECT_EQ(number(1234567), QStringLiteral("1,234,567"));
    EXPECT_EQ(number(5.9604644775390625e-08, 3), QStringLiteral("5.96e-08"));
    EXPECT_EQ(number(NAN), QStringLiteral("NaN"));
    EXPECT_EQ(number(-INFINITY), QStringLiteral("-Inf"));
    EXPECT_EQ(count(-1234567), QStringLiteral("-1,234,567"));
    EXPECT_EQ(count(-123), QStringLiteral("-123"));
}

} // namespace
} // namespace repro::gui::plot
