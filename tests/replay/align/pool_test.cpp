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

TEST_F(ReplayPool, ItemsOfAPoolAreToldApartByWhatTheyDo) {
    const auto item = [](const std::string& n) {
        return "full -> %i" + n + ":f32[1]=i" + n + " | args:" + n + "\nadd %i" + n + " -> %o" + n +
               ":f32[1]=o" + n + "\n";
    };
    const std::string one = "thread w1 w\n";
    const std::string two = "thread w2 w\n";
    const DiffResult result = compare(one + item("1") + item("2") + two + item("3") + item("4"),
                                      one + item("3") + item("1") + two + item("4") + item("2"));
    EXPECT_EQ(result.verdict, Verdict::Same);
}

TEST_F(ReplayPool, PoolsMatchWhoeverDidTheWork) {
    const auto item = [](int thread, int i) {
        const std::string n = std::to_string(i);
        return "thread w" + std::to_string(thread) + " workers\nneg %i" + n + ":f32[2]=i" + n +
               " -> %n" + n + ":f32[2]=n" + n + "\nabs %n" + n + " -> %a" + n + ":f32[2]=a" + n +
               "\n";
    };
    const std::string a = item(0, 0) + item(1, 1) + item(0, 2) + item(1, 3);
    const std::string b = item(1, 2) + item(1, 1) + item(0, 3) + item(1, 0);
    const DiffResult result = compare(a, b);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.matched, 8U);
    const DiffResult diverged = compare(a, replaced(b, "=a3", "=a9"));
    expectCause(diverged, CauseClass::Unknown, 7);
}

TEST_F(ReplayPool, BatchesOfEqualArgumentsAreToldByTheirBytesFirst) {
    // Two batches that come again: in which step a thread makes which is chance.
    const auto run = [](const std::string& order) {
        std::string text = "thread w1 w\n";
        for (std::size_t step = 0; step < order.size(); ++step) {
            const std::string n = std::to_string(step);
            const std::string batch(1, order[step]);
            text += "step " + n + "\nstack %i" + n + ":f32[2]=" + batch + " -> %o" + n +
                    ":f32[2]=s" + batch + " | args:0\n";
        }
        return text;
    };
    EXPECT_EQ(compare(run("xyxy"), run("yxyx")).verdict, Verdict::Same);
}

TEST_F(ReplayPool, ReadersOfATensorInOneThreadKeepTheirOrder) {
    const auto run = [](const std::string& first, const std::string& made) {
        return "thread w1 w\nfull -> %x:f32[2]=x\nadd %x %x -> %p:f32[2]=p" + made +
               " | args:" + first + "\nadd %x %p -> %q:f32[2]=q" + made + " | args:0\n";
    };
    expectOrigin(compare(run("0", "1"), run("7", "2")), CauseClass::Argument, 1, 1);
}

TEST_F(ReplayPool, WhatAnItemReadsTellsMoreThanTheStateOfATensorThatAllWrite) {
    // Without locks: each reads the shared parameters as they happen to be, and writes them.
    const auto item = [](const std::string& name, const std::string& sees,
                         const std::string& leaves) {
        const std::string own = name + sees;
        return "thread " + name + " pool\nt %w=" + sees + "? -> %v" + name + ":f32[2]=" + sees +
               "@w+0?\nmm %v" + name + " %x" + name + " -> %y" + name + ":f32[2]=y" + own +
               "\nones_like %y" + name + " -> %o" + name + ":f32[2]=ones\nmul %o" + name + " %y" +
               name + " -> %g" + name + ":f32[2]=g" + own + "\nsub_ %w=" + sees + "! %g" + name +
               " -> %w=" + leaves + "\n";
    };
    const std::string head = "zeros -> %w:f32[2]=w0\n"
                             "randn -> %xp:f32[2]=xp | args:1\nrandn -> %xq:f32[2]=xq | args:2\n"
                             "randn -> %xr:f32[2]=xr | args:3\n";
    const DiffResult result =
        compare(head + item("p", "w0", "w1") + item("q", "w1", "w2") + item("r", "w2", "w3"),
                head + item("r", "w0", "w4") + item("p", "w4", "w5") + item("q", "w5", "w6"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Race);
}

TEST_F(ReplayPool, WhatAnItemHappenedToDrawDoesNotTellWhichItIs) {
    // Two epochs over the same two lines: only what is drawn is in one item alone.
    const auto item = [](const std::string& line, int nth) {
        const std::string n = std::to_string(nth), own = line + n;
        return "thread " + line + " pool\nslice %all:f32[8]=all -> %l" + own + ":f32[2]=l" + line +
               "@all+" + (line == "p" ? "0" : "8") + "? | args:" + (line == "p" ? "0" : "2") +
               "\nrandn -> %r" + own + ":f32[2]=d" + n + " | draw:cpu:s" + n + ":s" +
               std::to_string(nth + 1) + "\nmul %r" + own + " -> %m" + own + ":f32[2]=m" + n +
               " | args:0.5\nadd %l" + own + " %m" + own + " -> %s" + own + ":f32[2]=s" + own +
               "\n";
    };
    const DiffResult result = compare(item("p", 0) + item("q", 1) + item("p", 2) + item("q", 3),
                                      item("q", 0) + item("p", 1) + item("q", 2) + item("p", 3));
    expectOrigin(result, CauseClass::RngRace, 1, 5);
}

} // namespace
} // namespace repro::replay
