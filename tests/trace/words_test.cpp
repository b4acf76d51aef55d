// SPDX-License-Identifier: BSD-3-Clause
#include "trace/words.h"

#include <gtest/gtest.h>

#include <set>

namespace repro::trace {
namespace {

TEST(TraceWords, EveryKindHasANameThatLeadsBack) {
    for (int number = 0; number <= static_cast<int>(EventKind::Batch); ++number) {
        const auto kind = static_cast<EventKind>(number);
        EXPECT_EQ(kindNamed(kindName(kind)), kind);
    }
    EXPECT_EQ(kindNamed("ops"), std::nullopt);
    EXPECT_STREQ(kindName(static_cast<EventKind>(200)), "unknown");
}

TEST(TraceWords, EveryFlagHasANameOfItsOwn) {
    const auto allOnce = [](const std::vector<std::string>& names, std::size_t flags) {
        EXPECT_EQ(names.size(), flags);
        EXPECT_EQ(std::set(names.begin(), names.end()).size(), flags);
    };
    allOnce(eventFlagNames(~0U), 15);
    allOnce(useFlagNames(0xFF), 7);
    allOnce(valueFlagNames(0xFFFF), 10);
}

TEST(TraceWords, FlagsAreNamedInTheOrderOfTheirBits) {
    EXPECT_EQ(useFlagNames(use_flag::Meaningless | use_flag::Workspace),
              (std::vector<std::string>{"meaningless", "workspace"}));
    EXPECT_EQ(valueFlagNames(value_flag::Inference | value_flag::RequiresGrad),
              (std::vector<std::string>{"requires-grad", "inference"}));
}

TEST(TraceWords, ABitWithoutMeaningIsIgnored) {
    EXPECT_TRUE(valueFlagNames(1U << 3U | value_flag::AlignmentMask).empty());
}

TEST(TraceWords, StepsAreOneOrARange) {
    const auto range = [](const char* text) {
        const auto steps = parseStepRange(text).value();
        return std::pair(steps.first, steps.last);
    };
    EXPECT_EQ(range("3"), (std::pair<std::uint64_t, std::uint64_t>(3, 3)));
    EXPECT_EQ(range("3-5"), range("3..5"));
    EXPECT_EQ(range("3-"), (std::pair<std::uint64_t, std::uint64_t>(3, ~0ULL)));
    EXPECT_EQ(range("..5"), (std::pair<std::uint64_t, std::uint64_t>(0, 5)));
    EXPECT_TRUE(parseStepRange("3-5")->contains(5));
    EXPECT_FALSE(parseStepRange("3-5")->contains(6));
}

TEST(TraceWords, WhatIsNoRangeOfStepsIsRefused) {
    for (const char* text : {"", "-", "..", "x", "3-x", "x-3", "5-3", "3-5-7", "3...5", " 3", "3,5",
                             "99999999999999999999"}) {
        EXPECT_EQ(parseStepRange(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace repro::trace
