// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using test::kChain;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Runs that were cut off, and runs that only begin alike.
class ReplayCutOff : public test::DiffTest {
protected:
    static std::string step(int number, const std::string& contents) {
        const std::string n = std::to_string(number);
        return "step " + n + "\nmul %w" + (number == 0 ? ":f32[2]=w0" : "") + " -> %g:f32[2]=g" +
               contents + n + "\nadd_ %w! %g -> %w=w" + contents + n + "\noptimizer\n";
    }
    static std::string steps(int count, const std::string& contents = "") {
        std::string text;
        for (int i = 0; i < count; ++i) {
            text += step(i, contents);
        }
        return text;
    }
};

TEST_F(ReplayCutOff, WhatLiesBeyondTheShorterRunIsNoEvidence) {
    const DiffResult result = compare(steps(4), steps(2) + "incomplete signal 9\n");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_EQ(result.reason, "equal in all 6 events that both recorded; b was ended by signal 9");
    EXPECT_EQ(classOfEvent(result, 6), RowClass::Unknown);
}

TEST_F(ReplayCutOff, TheOpThatARunWasCutOffInIsNoEvidence) {
    const std::string open = "step 2\nmul %w | unfinished\n";
    const DiffResult result = compare(steps(4), steps(2) + open + "incomplete signal 2\n");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_THAT(result.reason, HasSubstr("b was ended by signal 2 in aten::mul"));
}

TEST_F(ReplayCutOff, BothRunsMayBeCutOff) {
    const DiffResult result =
        compare(steps(3) + "incomplete killed\n", steps(2) + "incomplete signal 2\n");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_THAT(result.reason, HasSubstr("a was killed, b was ended by signal 2"));
}

TEST_F(ReplayCutOff, ADifferenceBeforeTheEndIsOne) {
    const std::string b = replaced(steps(2), "=g1", "=other") + "incomplete signal 9\n";
    const DiffResult result = compare(steps(4), replaced(b, "=w1", "=w9"));
    EXPECT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplayCutOff, ARunThatGoesOnWhereAWholeOneEndedDiffers) {
    EXPECT_EQ(compare(steps(2), steps(3) + "incomplete signal 9\n").verdict, Verdict::Diverged);
}

TEST_F(ReplayCutOff, RunsThatWentDifferentWaysBeforeTheEndDiffer) {
    const DiffResult result = compare(kChain + "neg %l -> %n:f32[1]=n\nabs %n -> %k:f32[1]=k\n",
                                      kChain + "exp %l -> %n:f32[1]=e\nsin %n -> %k:f32[1]=z\n"
                                               "incomplete signal 9\n");
    EXPECT_EQ(result.verdict, Verdict::Diverged);
}

TEST_F(ReplayCutOff, RunsThatBeginAlikeAreComparedAsFarAsTheyAgree) {
    const auto tail = [](const std::string& op, const std::string& size) {
        std::string text;
        for (int i = 0; i < 60; ++i) {
            const std::string n = std::to_string(i);
            text += op + " %" + op + n + ":f32[" + size + "]=" + op + n + " -> %r" + op + n +
                    ":f32[" + size + "]=r" + op + n + "\n";
        }
        return text;
    };
    const DiffResult result = compare(steps(11) + "mul %w -> %q:f32[2]=q1\n" + tail("sin", "3"),
                                      steps(11) + "mul %w -> %q:f32[2]=q2\n" + tail("cos", "5"));
    EXPECT_EQ(result.verdict, Verdict::Diverged);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.eventA, 33U);
}

} // namespace
} // namespace repro::replay
