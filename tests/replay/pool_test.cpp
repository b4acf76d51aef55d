// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::SizeIs;

/// Work of pools: which thread does what, and when, is chance.
class ReplayPool : public test::DiffTest {
protected:
    static void expectOrigin(const DiffResult& result, CauseClass cause, trace::EventId inA,
                             trace::EventId inB) {
        ASSERT_THAT(result.origins, SizeIs(1));
        EXPECT_STREQ(causeName(result.origins[0].cause.kind), causeName(cause));
        EXPECT_EQ(result.origins[0].first.eventA, inA);
        EXPECT_EQ(result.origins[0].first.eventB, inB);
    }
};

TEST_F(ReplayPool, ThreadThatHappenedToDoAllOfItIsStillAPool) {
    const std::string one = "add %x:f32[2]=x -> %p:f32[2]=p | args:1\n";
    const std::string two = "add %y:f32[2]=y -> %q:f32[2]=q | args:2\n";
    EXPECT_EQ(compare("thread w1 w\n" + one + two, "thread w1 w\n" + two + one).verdict,
              Verdict::Same);
}

TEST_F(ReplayPool, OwnGeneratorsAreNumberedByChance) {
    const auto one = [](const std::string& generator) {
        return "full -> %a:f32[2]=a | args:1\nrand -> %r:f32[2]=r | draw:" + generator +
               ":s0:s1\nadd %a %r -> %x:f32[2]=x\n";
    };
    const auto two = [](const std::string& generator) {
        return "full -> %b:f32[2]=b | args:2\nrand -> %t:f32[2]=t | draw:" + generator +
               ":t0:t1\nadd %b %t -> %y:f32[2]=y\n";
    };
    EXPECT_EQ(compare("thread w1 w\n" + one("own1") + "thread w2 w\n" + two("own2"),
                      "thread w2 w\n" + two("own1") + "thread w1 w\n" + one("own2"))
                  .verdict,
              Verdict::Same);
}

TEST_F(ReplayPool, ReplacedOpIsOneOrigin) {
    const std::string rest = "thread w2 w\nadd %y:f32[2]=y -> %q:f32[2]=q\n";
    expectOrigin(
        compare("thread w1 w\nneg %x:f32[2]=x -> %p:f32[2]=p\n" + rest + "abs %p -> %a:f32[2]=a1",
                "thread w1 w\nsin %x:f32[2]=x -> %p:f32[2]=o\n" + rest + "abs %p -> %a:f32[2]=a2"),
        CauseClass::Structure, 0, 0);
}

TEST_F(ReplayPool, OpThatReadsNothingIsKnownByItsArguments) {
    const auto run = [](const std::string& contents) {
        return "thread w1 w\nfull -> %a:f32[2]=" + contents +
               " | args:1 alerted\nthread w2 w\nfull -> %b:f32[2]=b | args:2\n";
    };
    expectOrigin(compare(run("a1"), run("a2")), CauseClass::NondeterministicKernel, 0, 0);
}

TEST_F(ReplayPool, ItemsThatShareWhatDiffersAreToldByWhatTheyDoNotShare) {
    const std::string one = "add %s:f32[2]=s %x:f32[2]=x -> %p:f32[2]=p1\nthread w2 w\n"
                            "add %s %y:f32[2]=y -> %q:f32[2]=q1\nsin %q -> %u:f32[2]=u1\n";
    const std::string two =
        "add %s:f32[2]=other %y:f32[2]=y -> %q:f32[2]=q2\n"
        "sin %q -> %u:f32[2]=u2\nthread w2 w\nadd %s %x:f32[2]=x -> %p:f32[2]=p2\n";
    expectOrigin(compare("thread w1 w\n" + one, "thread w1 w\n" + two), CauseClass::InputData, 0,
                 2);
}

TEST_F(ReplayPool, RenamedLayerIsNoDifference) {
    const auto run = [](const std::string& layer) {
        return "thread w1 w\nlayer " + layer + " LinearImpl\nmm %x:f32[2]=x -> %p:f32[2]=p\nend\n" +
               "thread w2 w\nadd %y:f32[2]=y -> %q:f32[2]=q\n";
    };
    const DiffResult result = compare(run("net.fc"), run("net.head"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.matched, 3U);
}

} // namespace
} // namespace repro::replay
