// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ReplayRng : public test::DiffTest {
protected:
    static CauseClass firstCause(const DiffResult& result) {
        return result.origins.empty() ? CauseClass::Unknown : result.origins[0].cause.kind;
    }
};

TEST_F(ReplayRng, OtherFirstStateIsUnseeded) {
    const DiffResult result = compare(R"(
        seed cpu 1
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        randn -> %y:f32[2]=y1 | draw:cpu:s1:s2)",
                                      R"(
        seed cpu 2
        randn -> %x:f32[2]=x2 | draw:cpu:t0:t1
        randn -> %y:f32[2]=y2 | draw:cpu:t1:t2)");
    EXPECT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_EQ(firstCause(result), CauseClass::Unseeded);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.eventA, 0U);
}

TEST_F(ReplayRng, ExtraDrawIsFoundWhereItHappened) {
    const DiffResult result = compare(R"(
        seed cpu 1
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        neg %x -> %n:f32[2]=n1
        randn -> %y:f32[2]=y1 | draw:cpu:s1:s2)",
                                      R"(
        seed cpu 1
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        neg %x -> %n:f32[2]=n1
        rand -> %q:f32[3]=q1 | draw:cpu:s1:s9
        randn -> %y:f32[2]=y9 | draw:cpu:s9:s10)");
    EXPECT_EQ(firstCause(result), CauseClass::ExtraDraw);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.eventA, std::nullopt);
    EXPECT_EQ(result.origins[0].first.eventB, 2U);
}

TEST_F(ReplayRng, OpThatIsAskedForMoreNumbersIsItsArgumentsDoing) {
    const DiffResult result = compare(R"(
        randn -> %x:f32[2]=x1 | args:2 draw:cpu:s0:s1
        randn -> %y:f32[2]=y1 | args:2 draw:cpu:s1:s2)",
                                      R"(
        randn -> %x:f32[3]=x9 | args:3 draw:cpu:s0:s9
        randn -> %y:f32[2]=y9 | args:2 draw:cpu:s9:s10)");
    EXPECT_EQ(firstCause(result), CauseClass::Argument);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.eventA, 0U);
}

TEST_F(ReplayRng, OpThatDrawsByWhatItReadsIsNoOriginOfItsOwn) {
    const DiffResult result = compare(R"(
        randn -> %z:f32[2]=z | draw:cpu:s0:s1
        poisson %x:f32[2]=x -> %y:f32[2]=y | draw:cpu:s1:s2)",
                                      R"(
        randn -> %z:f32[2]=z | draw:cpu:s0:s1
        poisson %x:f32[2]=x9 -> %y:f32[2]=y9 | draw:cpu:s1:s9)");
    EXPECT_EQ(firstCause(result), CauseClass::InputData);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplayRng, OpThatDrawsInOneRunOnlyIsAnExtraDraw) {
    const DiffResult result = compare(R"(
        dropout %x:f32[2]=x -> %y:f32[2]=x
        randn -> %z:f32[2]=z1 | draw:cpu:s0:s1)",
                                      R"(
        dropout %x:f32[2]=x -> %y:f32[2]=x | draw:cpu:s0:s5
        randn -> %z:f32[2]=z5 | draw:cpu:s5:s6)");
    EXPECT_EQ(firstCause(result), CauseClass::ExtraDraw);
    EXPECT_EQ(result.origins[0].first.op, "aten::dropout");
}

TEST_F(ReplayRng, TwoThreadsOnOneGeneratorRace) {
    const char* const mainFirst = R"(
        randn -> %x:f32[2]=x0 | draw:cpu:s0:s1
        thread worker
        rand -> %y:f32[3]=y1 | draw:cpu:s1:s2)";
    const char* const workerFirst = R"(
        thread worker
        rand -> %y:f32[3]=y0 | draw:cpu:s0:s1
        thread main
        randn -> %x:f32[2]=x1 | draw:cpu:s1:s2)";
    const DiffResult result = compare(mainFirst, workerFirst);
    EXPECT_EQ(firstCause(result), CauseClass::RngRace);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("aten::randn of thread main (event 0) in run A, aten::rand of thread "
                          "worker (event 0) in run B"));
}

TEST_F(ReplayRng, DrawThatWentUnseenIsPartOfTheRace) {
    std::string both = R"(
        thread w2
        rand -> %q:f32[3]=q | draw:cpu:r0:s0
        thread w1)";
    // Far from what another thread was seen to draw.
    for (int i = 0; i < 20; ++i) {
        both += fmt::format("\nrandn -> %x{0}:f32[2]=x{0} | draw:cpu:s{0}:s{1}", i, i + 1);
    }
    // Worker 2's draw moves the state from s20 to s21 while nobody can look.
    const DiffResult result = compare(both + R"(
        thread w2
        randn -> %y:f32[2]=y1 | held
        thread w1
        randn -> %z:f32[2]=z2 | draw:cpu:s21:s22)",
                                      both + R"(
        randn -> %z:f32[2]=z1 | draw:cpu:s20:s21
        thread w2
        randn -> %y:f32[2]=y2 | held)");
    ASSERT_FALSE(result.origins.empty());
    for (const Origin& origin : result.origins) {
        EXPECT_EQ(origin.cause.kind, CauseClass::RngRace);
    }
    EXPECT_EQ(result.originCount, 1U);
}

/// Two items of a pool, each with data of its own and noise from the one generator.
std::string noisyItem(const std::string& item, const std::string& noise, const std::string& draw) {
    return "linspace -> %l" + item + ":f32[2]=line" + item + " | args:" + item + "\n" +
           "randn -> %r" + item + ":f32[2]=" + noise + " | draw:cpu:" + draw + "\n" + "mul %r" +
           item + " -> %m" + item + ":f32[2]=half" + noise + "\n" + "add %l" + item + " %m" + item +
           " -> %o" + item + ":f32[2]=sum" + item + noise + "\n";
}

TEST_F(ReplayRng, ItemsOfAPoolThatDrawInAnotherOrderRace) {
    const std::string one = "thread w1 w\n";
    const std::string two = "thread w2 w\n";
    const DiffResult result =
        compare(one + noisyItem("1", "n0", "s0:s1") + two + noisyItem("2", "n1", "s1:s2"),
                two + noisyItem("2", "n0", "s0:s1") + one + noisyItem("1", "n1", "s1:s2"));
    EXPECT_EQ(firstCause(result), CauseClass::RngRace);
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].first.op, "aten::randn");
}

TEST_F(ReplayRng, OrderIsChanceInAPoolEvenIfOneThreadDrewItAll) {
    const auto draws = [](const std::string& first, const std::string& second) {
        return "thread w1 w\nabs %o:f32[2]=o -> %p:f32[2]=p\nthread w2 w\n"
               "randn -> %x:f32[2]=n0" +
               first + " | draw:cpu:s0:s1 args:" + first + "\n" + "randn -> %y:f32[2]=n1" + second +
               " | draw:cpu:s1:s2 args:" + second + "\n";
    };
    EXPECT_EQ(firstCause(compare(draws("1", "2"), draws("2", "1"))), CauseClass::RngRace);
}

TEST_F(ReplayRng, NumbersThatOtherThreadsDrewExplainAnotherTensor) {
    const auto draws = [](const std::string& first, const std::string& second) {
        return "thread w1 w\nrandn -> %" + first + ":f32[2]=n0 | draw:cpu:s0:s1\n" +
               "thread w2 w\nrandn -> %" + second + ":f32[2]=n1 | draw:cpu:s1:s2\n" +
               "thread main\n";
    };
    const DiffResult result = compare(draws("x", "y") + "neg %x -> %z:f32[2]=z0",
                                      draws("y", "x") + "neg %x -> %z:f32[2]=z1");
    EXPECT_EQ(firstCause(result), CauseClass::RngRace);
    EXPECT_EQ(result.originCount, 1U);
}

TEST_F(ReplayRng, OneThreadThatDrawsAmongOthersRacesWithNobody) {
    const DiffResult result = compare(R"(
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        thread worker
        relu %k:f32[2]=k -> %l:f32[2]=l
        thread main
        randn -> %y:f32[2]=y1 | draw:cpu:s1:s2)",
                                      R"(
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        thread worker
        relu %k:f32[2]=k -> %l:f32[2]=l
        thread main
        randn -> %y:f32[2]=y2 | draw:cpu:s7:s8)");
    EXPECT_EQ(firstCause(result), CauseClass::ExtraDraw);
}

TEST_F(ReplayRng, GeneratorMovedBetweenOpsIsAnExtraDraw) {
    const DiffResult result = compare(R"(
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        randn -> %y:f32[2]=y1 | draw:cpu:s1:s2)",
                                      R"(
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        randn -> %y:f32[2]=y2 | draw:cpu:s7:s8)");
    EXPECT_EQ(firstCause(result), CauseClass::ExtraDraw);
    EXPECT_EQ(result.origins[0].first.eventA, 1U);
}

TEST_F(ReplayRng, EqualStatesAndOtherNumbersAreTheKernels) {
    const DiffResult result = compare(R"(
        environment {"cpu_capability":"AVX2"}
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1)",
                                      R"(
        environment {"cpu_capability":"DEFAULT"}
        randn -> %x:f32[2]=x2 | draw:cpu:s0:s1)");
    EXPECT_EQ(firstCause(result), CauseClass::Isa);
}

TEST_F(ReplayRng, StreamsThatMeetAgainAndPartAgainAreTwoOrigins) {
    const DiffResult result = compare(R"(
        randn -> %x:f32[2]=x1 | draw:cpu:s0:s1
        rand -> %y:f32[2]=y1 | draw:cpu:m0:m1
        randn -> %z:f32[2]=z1 | draw:cpu:m1:m2)",
                                      R"(
        seed cpu 4
        randn -> %x:f32[2]=x2 | draw:cpu:t0:t1
        rand -> %y:f32[2]=y1 | draw:cpu:m0:m1
        randn -> %z:f32[2]=z2 | draw:cpu:k1:k2)");
    EXPECT_THAT(result.origins, SizeIs(2));
}

} // namespace
} // namespace repro::replay
