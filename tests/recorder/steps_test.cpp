// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/steps.h"

#include <gtest/gtest.h>

namespace repro::collector {
namespace {

using Starts = std::vector<trace::EventId>;
constexpr trace::EventId kEvents = 1000;

/// Optimizers named by letters step at the events 10, 20, 30, ...
Starts afterOptimizers(std::string_view order) {
    Steps steps;
    trace::EventId at = 0;
    for (const char optimizer : order) {
        steps.optimizerStepped(static_cast<std::uint64_t>(optimizer), at += 10);
    }
    return steps.settle(kEvents);
}

TEST(Steps, AreNoneWithoutCandidates) {
    EXPECT_EQ(Steps().settle(kEvents), Starts());
}

TEST(Steps, OfOneOptimizerEndWithItsSteps) {
    EXPECT_EQ(afterOptimizers("AAA"), (Starts{10, 20, 30}));
}

TEST(Steps, OfTwoOptimizersEndWithTheSecond) {
    EXPECT_EQ(afterOptimizers("DGDG"), (Starts{20, 40}));
}

TEST(Steps, OfAnAdversarialNetworkHoldSeveralCriticSteps) {
    EXPECT_EQ(afterOptimizers("DDDGDDDG"), (Starts{40, 80}));
}

TEST(Steps, OfThreeOptimizersEndWithTheLast) {
    EXPECT_EQ(afterOptimizers("ABCABC"), (Starts{30, 60}));
}

TEST(Steps, AnUnfinishedRoundEndsNoStep) {
    EXPECT_EQ(afterOptimizers("DGDGD"), (Starts{20, 40}));
}

TEST(Steps, ALastRoundWithoutItsCloserEndsNoStep) {
    EXPECT_EQ(afterOptimizers("ABCABCAB"), (Starts{30, 60}));
}

TEST(Steps, ASingleRoundOfTwoOptimizersIsOneStep) {
    EXPECT_EQ(afterOptimizers("DG"), Starts{20});
}

TEST(Steps, ABoundaryBehindTheLastEventIsNone) {
    Steps steps;
    steps.optimizerStepped(0, 5);
    steps.optimizerStepped(0, 10);
    EXPECT_EQ(steps.settle(10), Starts{5});
}

TEST(Steps, WhatFollowsTheLastStepOfAnOptimizerIsNotCounted) {
    Steps steps;
    for (const trace::EventId event : {10, 20, 30}) {
        steps.optimizerStepped(0, event);
    }
    for (const trace::EventId events : {30, 40}) {
        EXPECT_EQ(steps.count(steps.settle(events)), 3) << events;
    }
}

TEST(Steps, ARoundThatIsNotOverCounts) {
    Steps steps;
    for (const trace::EventId event : {10, 20, 30}) {
        steps.optimizerStepped(event / 10 % 2, event);
    }
    EXPECT_EQ(steps.count(steps.settle(kEvents)), 2);
}

TEST(Steps, WithoutAnOptimizerTheLastOneCounts) {
    Steps steps;
    EXPECT_EQ(steps.count({}), 1);
    steps.rootLayerCalled(0, 1);
    steps.rootLayerCalled(0, 11);
    EXPECT_EQ(steps.count(steps.settle(kEvents)), 2);
}

TEST(Steps, OfOwnOptimizersBeginWithZeroGradExceptTheFirst) {
    Steps steps;
    for (const trace::EventId event : {3, 13, 23}) {
        steps.zeroGrad(7, event);
        steps.zeroGrad(8, event + 1);
    }
    EXPECT_EQ(steps.settle(kEvents), (Starts{13, 23}));
}

TEST(Steps, OptimizersWinOverZeroGradAndRootCalls) {
    Steps steps;
    steps.rootLayerCalled(0, 1);
    steps.rootLayerCalled(0, 2);
    steps.zeroGrad(0, 3);
    steps.zeroGrad(0, 4);
    steps.optimizerStepped(0, 9);
    EXPECT_EQ(steps.settle(kEvents), Starts{9});
}

TEST(Steps, WithoutTrainingAreCallsOfTheFirstRootLayer) {
    Steps steps;
    for (const trace::EventId event : {0, 10, 20}) {
        steps.rootLayerCalled(4, event);
        steps.rootLayerCalled(5, event + 5);
    }
    EXPECT_EQ(steps.settle(kEvents), (Starts{10, 20}));
}

TEST(Steps, MarksWinOverEverything) {
    Steps steps;
    steps.marked(0, 2);
    steps.marked(1, 12);
    steps.optimizerStepped(0, 9);
    EXPECT_EQ(steps.settle(kEvents), Starts{12});
}

TEST(Steps, AMarkThatSkipsLeavesEmptySteps) {
    Steps steps;
    steps.marked(0, 2);
    steps.marked(3, 12);
    EXPECT_EQ(steps.settle(kEvents), (Starts{12, 12, 12}));
}

TEST(Steps, MarksThatStartOverGoOnCounting) {
    Steps steps;
    const std::pair<std::uint64_t, trace::EventId> marks[] = {{0, 1}, {1, 2}, {0, 3}, {1, 4}};
    for (const auto& [step, event] : marks) {
        steps.marked(step, event);
    }
    EXPECT_EQ(steps.settle(kEvents), (Starts{2, 3, 4}));
}

TEST(Steps, AMarkOfAnAbsurdNumberIsTheNextStep) {
    Steps steps;
    steps.marked(0, 1);
    steps.marked(1ULL << 60U, 2);
    EXPECT_EQ(steps.settle(kEvents), Starts{2});
}

} // namespace
} // namespace repro::collector
