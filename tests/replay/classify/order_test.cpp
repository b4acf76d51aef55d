// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// The same things in another order, in another thread, or from a later step on.
class ReplayOrder : public test::DiffTest {
protected:
    static std::string norms(const std::string& first, const std::string& second) {
        const auto norm = [](const std::string& name) {
            return fmt::format("norm %{0}:f32[4]={0} -> %n{0}:f32[1]=n{0}\n", name);
        };
        return norm(first) + norm(second);
    }
    /// A step of training from the weight `w<n>` to `w<n+1>`, with numbers of the state `s<n>`.
    static std::string step(int n, const std::string& state) {
        return fmt::format(
            "rand -> %r:f32[2]={1}{0} | draw:cpu:{1}{0}:{1}{2}\nmul %w %r -> %g:f32[2]=g{1}{0}\n"
            "add_ %w! %g -> %w={3} | parameter:net.w\noptimizer\n",
            n, state, n + 1, state == "s" ? fmt::format("w{}", n + 1) : fmt::format("v{}", n + 1));
    }
};

TEST_F(ReplayOrder, PermutedOpsAreMatchedByWhatTheyRead) {
    const std::string use = "add %np %nq -> %s:f32[1]=s\n";
    const DiffResult result = compare(norms("p", "q") + use, norms("q", "p") + use);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(sentences(result.notes), ElementsAre(HasSubstr("in another order")));
}

TEST_F(ReplayOrder, AListInAnotherOrderIsOneCause) {
    const auto run = [](const std::string& p, const std::string& q, const std::string& sum) {
        return norms(p, q) + fmt::format("stack %n{}/0 %n{}/1 -> %t:f32[2]=t{}\n", p, q, sum) +
               fmt::format("sum %t -> %s:f32[1]=s{}\n", sum);
    };
    const DiffResult result = compare(run("p", "q", "1"), run("q", "p", "2"));
    expectCause(result, CauseClass::InputData, 2);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_THAT(sentences(result.origins[0].cause.evidence),
                ElementsAre(HasSubstr("order: in0 of aten::stack (event 2) holds the same 2 "
                                      "tensors in another order"),
                            HasSubstr("aten::norm (event 0) in A")));
    EXPECT_EQ(classOfEvent(result, 3), RowClass::Inherited);
}

TEST_F(ReplayOrder, AListWithAnotherTensorIsNoOrder) {
    const auto run = [](const std::string& q, const std::string& sum) {
        return norms("p", q) + fmt::format("stack %np/0 %n{}/1 -> %t:f32[2]=t{}\n", q, sum);
    };
    expectCause(compare(run("q", "1"), run("z", "2")), CauseClass::InputData, 1);
}

TEST_F(ReplayOrder, AnOpThatAnotherThreadRanIsMatched) {
    const std::string head = "rand -> %x:f32[4]=x\n";
    const std::string op = "conv %x -> %y:f32[4]=y\n";
    const std::string use = "sum %y -> %s:f32[1]=s\n";
    const DiffResult result =
        compare("thread main\n" + head + op + use,
                "thread main\n" + head + "thread worker\n" + op + "thread main\n" + use);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.matched, 3U);
}

TEST_F(ReplayOrder, ItsNumberOfThreadsIsItsCause) {
    const std::string head = "rand -> %x:f32[4]=x\n";
    const DiffResult result =
        compare("thread main\n" + head + "conv %x -> %y:f32[4]=y1 | threads:2\n",
                "thread main\n" + head +
                    "thread worker\nconv %x -> %y:f32[4]=y2 | threads:1\nthread main\n");
    expectCause(result, CauseClass::Threads, 1);
}

TEST_F(ReplayOrder, AResumedRunIsAlignedWithTheStepThatItContinues) {
    const std::string init = "seed cpu 1\nrand -> %w:f32[2]=w0 | draw:cpu:i:s0\n";
    std::string whole = init;
    for (int n = 0; n < 6; ++n) {
        whole += fmt::format("step {}\n", n) + step(n, "s");
    }
    std::string late = init + "copy_ %w*! %file:f32[2]=w3 -> %w=w3\n";
    for (int n = 3; n < 6; ++n) {
        late += fmt::format("step {}\n", n - 3) + step(n, "t");
    }
    const DiffResult result = compare(whole, late);
    EXPECT_EQ(result.verdict, Verdict::Diverged);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::ExtraDraw);
    EXPECT_EQ(result.origins[0].first.step, 3U);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("run B goes on at step 3 of run A, but cpu has another state there: it "
                          "is not part of the checkpoint"));
    EXPECT_THAT(sentences(result.notes), Contains(HasSubstr("aligned from there")));
}

TEST_F(ReplayOrder, WhatSavesAndWhatRestoresIsNoPartOfTheStepThatARunContinues) {
    // Saving reads the parameters as their making does, by detach.
    const std::string init = "seed cpu 1\nempty -> %v:f32[2]=*\ndetach %v -> %d:f32[2]=*\n"
                             "rand -> %w:f32[2]=w0 | draw:cpu:i:s0\n";
    std::string whole = init;
    for (int n = 0; n < 4; ++n) {
        whole += fmt::format("step {}\n", n) + (n == 2 ? "detach %w=w2 -> %s:f32[2]=*\n" : "") +
                 step(n, "s");
    }
    std::string late = init + "empty -> %e:f32[2]=*\ncopy_ %w*! %file:f32[2]=w2 -> %w=w2\n"
                              "to %w -> %t:f32[2]=w2\n";
    for (int n = 2; n < 4; ++n) {
        late += fmt::format("step {}\n", n - 2) + step(n, "s");
    }
    EXPECT_EQ(compare(whole, late).verdict, Verdict::Same);
    EXPECT_EQ(compare(late, whole).verdict, Verdict::Same);
}

TEST_F(ReplayOrder, AResumedRunThatRestoredAllIsTheSame) {
    const std::string init = "seed cpu 1\nrand -> %w:f32[2]=w0 | draw:cpu:i:s0\n";
    std::string whole = init;
    for (int n = 0; n < 4; ++n) {
        whole += fmt::format("step {}\n", n) + step(n, "s");
    }
    std::string late = init + "copy_ %w*! %file:f32[2]=w2 -> %w=w2\n";
    for (int n = 2; n < 4; ++n) {
        late += fmt::format("step {}\n", n - 2) + step(n, "s");
    }
    EXPECT_EQ(compare(whole, late).verdict, Verdict::Same);
}

} // namespace
} // namespace repro::replay
