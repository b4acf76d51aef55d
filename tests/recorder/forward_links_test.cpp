// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/forward_links.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

constexpr std::uint64_t kThread = 1;

TEST(ForwardLinks, FindTheOpThatBuiltANode) {
    ForwardLinks links;
    EXPECT_TRUE(links.claim(kThread, 5, 7, {10, 2}));
    EXPECT_EQ(links.find(kThread, 5).event, 10U);
    EXPECT_EQ(links.find(kThread, 6).layer, 2U);
    EXPECT_EQ(links.find(kThread, 7).event, trace::kNone64);
    EXPECT_EQ(links.find(kThread, 4).event, trace::kNone64);
}

TEST(ForwardLinks, LeaveToAnOuterOpWhatInnerOnesDidNotBuild) {
    ForwardLinks links;
    links.claim(kThread, 2, 3, {11, 0});
    links.claim(kThread, 4, 5, {12, 0});
    EXPECT_TRUE(links.claim(kThread, 1, 6, {10, 0}));
    const trace::EventId expected[] = {10, 11, 10, 12, 10};
    for (std::uint64_t i = 0; i < 5; ++i) {
        EXPECT_EQ(links.find(kThread, i + 1).event, expected[i]) << i;
    }
}

TEST(ForwardLinks, GiveNothingToAnOuterOpWhenInnerOnesBuiltAll) {
    ForwardLinks links;
    links.claim(kThread, 1, 3, {11, 0});
    EXPECT_FALSE(links.claim(kThread, 1, 3, {10, 0}));
}

TEST(ForwardLinks, KeepThreadsApart) {
    ForwardLinks links;
    links.claim(kThread, 1, 2, {11, 0});
    EXPECT_EQ(links.find(kThread + 1, 1).event, trace::kNone64);
}

TEST(ForwardLinks, ForgetTheOldestOnly) {
    ForwardLinks links;
    constexpr std::uint64_t kMany = (1U << 20U) + 10;
    for (std::uint64_t i = 0; i < kMany; ++i) {
        links.claim(kThread, i, i + 1, {i, 0});
    }
    EXPECT_EQ(links.find(kThread, 0).event, trace::kNone64);
    EXPECT_EQ(links.find(kThread, kMany - 1).event, kMany - 1);
}

} // namespace
} // namespace repro::collector
