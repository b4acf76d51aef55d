// SPDX-License-Identifier: BSD-3-Clause
#include "replay/classify/tolerance_rules.h"
#include "replay/result/tolerance.h"
#include "tests/support/diff_fixture.h"
#include "trace/error.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReplayTolerate : public test::DiffTest {
protected:
    [[nodiscard]] DiffResult within(const Tolerance& general, std::string_view a,
                                    std::string_view b, std::string_view rules = {}) const {
        Tolerances tolerances(general);
        if (!rules.empty()) {
            tolerances.parseRules(rules, "rules");
        }
        const auto readerA = test::buildTrace(folder() / "a.h5", a);
        const auto readerB = test::buildTrace(folder() / "b.h5", b);
        return diff(readerA, readerB, {.tolerances = &tolerances, .keepRows = true});
    }
    static std::string replaced(std::string text, const std::string& what, const std::string& by) {
        const std::size_t at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        return text.replace(at, what.size(), by);
    }
    static std::uint64_t countOf(const DiffResult& result, RowClass rowClass) {
        return result.classCounts[static_cast<std::size_t>(rowClass)];
    }
};

/// put_ makes a difference, mul and sum inherit it.
const std::string kRun = R"(
    layer Net.put PutImpl
    put_ %x:f32[2]=(0,0)! -> %x=(1,2) | alerted
    end
    mul %x -> %m:f32[2]=(2,4)
    sum %m -> %s:f64[1]=(6)
)";
const std::string kNear = R"(
    layer Net.put PutImpl
    put_ %x:f32[2]=(0,0)! -> %x=(1.001,2) | alerted
    end
    mul %x -> %m:f32[2]=(2.002,4)
    sum %m -> %s:f64[1]=(6.002)
)";

TEST_F(ReplayTolerate, DifferencesWithinAreCountedAndTheVerdictIsSame) {
    const DiffResult result = within({.atol = 0.01}, kRun, kNear);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.origins, IsEmpty());
    EXPECT_EQ(result.originCount, 0U);
    EXPECT_EQ(result.tolerance->within, 5U);
    EXPECT_EQ(result.tolerance->elements, 5U);
    EXPECT_EQ(result.tolerance->beyond, 0U);
    EXPECT_NEAR(result.tolerance->maxAbs, 0.002, 1e-6);
    EXPECT_EQ(countOf(result, RowClass::WithinTolerance), 3U);
}

TEST_F(ReplayTolerate, WithoutOneBitsDecide) {
    EXPECT_EQ(compare(kRun, kNear).verdict, Verdict::Diverged);
    EXPECT_EQ(compare(kRun, kNear).tolerance, std::nullopt);
    EXPECT_EQ(within({}, kRun, kNear).verdict, Verdict::Diverged);
}

TEST_F(ReplayTolerate, AnOriginBeyondStaysTheOriginAndSaysHowMuchIsBeyond) {
    const DiffResult result = within({.atol = 0.0001}, kRun, kNear);
    ASSERT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.op, "aten::put_");
    EXPECT_EQ(result.origins[0].first.difference.beyond, 1U);
    EXPECT_EQ(result.origins[0].first.difference.firstBeyond, 0U);
}

TEST_F(ReplayTolerate, ADifferenceThatOutgrowsItIsBlamedOnWhereItBegan) {
    const DiffResult result = within({.atol = 0.0015}, kRun, kNear);
    ASSERT_EQ(result.verdict, Verdict::Diverged);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.op, "aten::mul");
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::NondeterministicKernel);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("part only at aten::put_ in Net.put, step 0"));
}

TEST_F(ReplayTolerate, GrowthFromSeveralOriginsHasNoCause) {
    const std::string a = R"(
        put_ %x:f32[1]=(0)! -> %x=(1) | alerted
        scatter_ %y:f32[1]=(0)! -> %y=(1) | alerted
        mul %x %y -> %m:f32[1]=(1))";
    const std::string b = R"(
        put_ %x:f32[1]=(0)! -> %x=(1.01) | alerted
        scatter_ %y:f32[1]=(0)! -> %y=(1.01) | alerted
        mul %x %y -> %m:f32[1]=(1.0201))";
    const DiffResult result = within({.atol = 0.015}, a, b);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Unknown);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("in 2 places before it"));
}

TEST_F(ReplayTolerate, APlaceThatIsWithinFirstAndBeyondLaterKeepsItsCause) {
    const std::string a = R"(
        put_ %x:f32[1]=(0)! -> %x=(1) | alerted
        step 1
        put_ %y:f32[1]=(0)! -> %y=(1) | alerted
        step 2
        put_ %z:f32[1]=(0)! -> %z=(1) | alerted)";
    std::string b = replaced(replaced(a, "%x=(1)", "%x=(1.001)"), "%y=(1)", "%y=(2)");
    b = replaced(b, "%z=(1)", "%z=(3)");
    const DiffResult result = within({.atol = 0.1}, a, b);
    ASSERT_EQ(result.verdict, Verdict::Diverged);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.step, 1U);
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::NondeterministicKernel);
    EXPECT_EQ(result.origins[0].again, 1U);
    EXPECT_EQ(result.origins[0].first.difference.beyond, 1U);
}

TEST_F(ReplayTolerate, TheSlotThatIsShownIsOneBeyond) {
    const std::string a = "put_ %x:f32[1]=(0)! -> %x=(1) %y:f32[1]=(1) | alerted\nneg %y -> "
                          "%z:f32[1]=(-1)";
    const std::string b = "put_ %x:f32[1]=(0)! -> %x=(1.001) %y:f32[1]=(2) | alerted\nneg %y -> "
                          "%z:f32[1]=(-2)";
    const DiffResult result = within({.atol = 0.1}, a, b);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.slot, "out1");
}

TEST_F(ReplayTolerate, WhatWasOnlyAssumedDecidesNothing) {
    const std::string a = kRun + "\n t %m? -> %v:f32[2]=(2,4)@m?";
    const std::string b = kNear + "\n t %m? -> %v:f32[2]=(2.002,4)@m?";
    EXPECT_EQ(within({.atol = 0.01}, a, b).verdict, Verdict::Same);
    EXPECT_EQ(within({.atol = 0.0001}, a, b).verdict, Verdict::Diverged);
}

TEST_F(ReplayTolerate, WithoutBytesNothingIsExcused) {
    const std::string a = "put_ %x:f32[2]=old! -> %x=new1 | alerted";
    const DiffResult result = within({.atol = 1000}, a, replaced(a, "new1", "new2"));
    EXPECT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_EQ(result.tolerance->withoutBytes, 1U);
    EXPECT_THAT(sentences(result.notes),
                ::testing::Contains(HasSubstr("record both runs with --capture full")));
}

TEST_F(ReplayTolerate, ArgumentsAreNotNumbersOfATensor) {
    const std::string a = "neg %o:f32[1]=(3) -> %x:f32[1]=(1)\n"
                          "add %x -> %y:f32[1]=(2) | args:T,1.5";
    const std::string b = replaced(replaced(a, "=(2)", "=(2.001)"), "1.5", "1.6");
    EXPECT_EQ(within({.atol = 1}, a, b).verdict, Verdict::Diverged);
    const DiffResult ignored = within({}, a, b, "op=aten::add ignore");
    EXPECT_EQ(ignored.verdict, Verdict::Same);
    EXPECT_EQ(ignored.tolerance->ignored, 1U);
    EXPECT_EQ(within({}, a, b, "op=aten::add slot=out0 ignore").verdict, Verdict::Diverged);
}

TEST_F(ReplayTolerate, StructureAndGeneratorsAreNotExcused) {
    const std::string a = R"(
        rand -> %x:f32[1]=(1) | draw:cpu:s0:s1
        neg %x -> %y:f32[1]=(2))";
    const DiffResult drawn =
        within({.atol = 10}, a, replaced(replaced(a, "s0:s1", "t0:t1"), "=(1)", "=(1.5)"));
    EXPECT_EQ(drawn.verdict, Verdict::Diverged);
    const std::string inserted = replaced(a, "neg %x", "abs %x -> %i:f32[1]=(1)\n neg %i");
    EXPECT_EQ(within({.atol = 10}, a, inserted).verdict, Verdict::Diverged);
}

TEST_F(ReplayTolerate, TheFirstRuleThatFitsDecides) {
    const std::string loose = "op=aten::(mul|sum) atol=1\nop=aten::put_ atol=1e-9";
    const DiffResult result = within({.atol = 1}, kRun, kNear, loose);
    ASSERT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_EQ(result.origins[0].first.op, "aten::put_");
    EXPECT_EQ(within({}, kRun, kNear, "layer=Net\\.put atol=1\natol=0.5").verdict, Verdict::Same);
    EXPECT_EQ(within({.atol = 1}, kRun, kNear, "dtype=float64 exact").verdict, Verdict::Diverged);
    EXPECT_EQ(within({}, kRun, kNear, "slot=out0 atol=1").verdict, Verdict::Diverged);
    EXPECT_EQ(within({}, kRun, kNear, "slot=out0 atol=1\nslot=in.* ignore").verdict, Verdict::Same);
    EXPECT_EQ(within({}, kRun, kNear, "step=0 dtype=float.* atol=1").verdict, Verdict::Same);
    EXPECT_EQ(within({}, kRun, kNear, "default").verdict, Verdict::Diverged);
    EXPECT_EQ(within({.byDtype = true}, kRun, kNear, "op=.* cos=0.9").verdict, Verdict::Same);
}

TEST_F(ReplayTolerate, ARuleThatAppliesToNothingIsAnError) {
    const auto refusal = [&](const std::string& rules) -> std::string {
        try {
            (void)within({.atol = 1}, kRun, kRun, rules);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(refusal("op=aten::mul atol=1"), "");
    EXPECT_THAT(refusal("op=aten::mul atol=1\n# nothing\nop=aten::nul atol=1"),
                HasSubstr("rules:3: the rule applies to no value"));
    EXPECT_THAT(refusal("op=mul atol=1"), // the whole name has to match
                HasSubstr("op=mul fits none of them; the nearest are aten::mul, "));
    EXPECT_THAT(refusal("op=aten::mul layer=Net\\.pot atol=1"),
                HasSubstr("layer=Net\\.pot fits none of them; the nearest are Net.put;"));
    EXPECT_THAT(refusal("slot=in7 atol=1"), HasSubstr("the nearest are in0, out0;"));
    EXPECT_THAT(refusal("dtype=f32 atol=1"), HasSubstr("the nearest are float32, float64;"));
    EXPECT_THAT(refusal("step=1- atol=1"), HasSubstr("in common: the last step is 0;"));
    EXPECT_THAT(refusal("op=aten::mul layer=Net\\.put atol=1"), HasSubstr("rules:1"));
    EXPECT_THAT(refusal("atol=1\nop=aten::mul ulp=1"), HasSubstr("rules:2")); // shadowed
}

TEST_F(ReplayTolerate, RulesThatIgnoreEverythingLeaveNothingToCompare) {
    const DiffResult result = within({}, kRun, kRun, "op=.* ignore");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_THAT(result.reason, HasSubstr("the rules ignore every value"));
}

TEST_F(ReplayTolerate, RulesThatCannotBeReadSayWhere) {
    const auto refusal = [](const std::string& rules) -> std::string {
        try {
            Tolerances({}).parseRules(rules, "rules");
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(refusal(""), HasSubstr("holds no rule"));
    EXPECT_THAT(refusal("# only words"), HasSubstr("holds no rule"));
    EXPECT_THAT(refusal("\nop=( atol=1"), HasSubstr("rules:2: '(' is not a regular expression"));
    EXPECT_THAT(refusal("op=x"), HasSubstr("a rule says one of"));
    EXPECT_THAT(refusal("op=x ignore exact"), HasSubstr("a rule says one of"));
    EXPECT_THAT(refusal("op=x ignore atol=1"), HasSubstr("a rule says one of"));
    EXPECT_THAT(refusal("op=x default atol=1"), HasSubstr("give either"));
    EXPECT_THAT(refusal("op=x atol=-1"), HasSubstr("'-1' is not a number of at least 0"));
    EXPECT_THAT(refusal("op=x rtol=nan"), HasSubstr("'nan' is not a number"));
    EXPECT_THAT(refusal("op=x atol=inf"), HasSubstr("'inf' is not a number"));
    EXPECT_THAT(refusal("op=x cos=1.5"), HasSubstr("from 0 to 1"));
    EXPECT_THAT(refusal("op=x ulp=1.5"), HasSubstr("not a whole number"));
    EXPECT_THAT(refusal("op=x step=5-3 ulp=1"), HasSubstr("not a range of steps"));
    EXPECT_THAT(refusal("name=x ulp=1"), HasSubstr("unknown key 'name'"));
    EXPECT_THAT(refusal("tolerate"), HasSubstr("'tolerate' is neither"));
    EXPECT_EQ(refusal("op=x default ulp=4"), "");
}

} // namespace
} // namespace repro::replay
