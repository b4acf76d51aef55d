// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/run.h"
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace repro::replay {
namespace {

using test::kChain;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReplayDiff : public test::DiffTest {};

TEST_F(ReplayDiff, EqualRunsAreTheSameAndSayWhatWasCompared) {
    const DiffResult result = compare(kChain, kChain);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.eventsA, 4U);
    EXPECT_EQ(result.coverage.matched, 4U);
    EXPECT_EQ(result.coverage.valuesCompared, 10U);
    EXPECT_EQ(result.coverage.skipped, 0U);
    EXPECT_THAT(result.origins, IsEmpty());
}

TEST_F(ReplayDiff, NothingComparedIsNotSame) {
    const DiffResult result = compare("optimizer", "optimizer");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_THAT(result.reason, HasSubstr("no value"));
}

TEST_F(ReplayDiff, EmptyRunIsNotComparable) {
    EXPECT_EQ(compare("", kChain).verdict, Verdict::NotComparable);
}

TEST_F(ReplayDiff, UnrelatedRunsAreNotComparable) {
    const DiffResult result = compare(kChain, R"(
        sin %q:f64[7]=1 -> %q1:f64[7]=2
        cos %q1 -> %q2:f64[7]=3
        tan %q2 -> %q3:f64[8]=4
        exp %q3 -> %q4:f64[9]=5
        log %q4 -> %q5:f64[5]=6)");
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    for (const Row& row : result.rows) {
        EXPECT_NE(row.rowClass, RowClass::Same) << "nobody has compared it";
    }
}

TEST_F(ReplayDiff, FirstDivergenceIsTheOpWhoseInputsAreEqual) {
    std::string b = replaced(kChain, "=s0", "=s1");
    b = replaced(replaced(b, "=r0", "=r1"), "=l0", "=l1");
    const DiffResult result = compare(kChain, b);
    expectCause(result, CauseClass::Unknown, 1);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.slot, "out0");
    EXPECT_EQ(classOfEvent(result, 1), RowClass::Origin);
    EXPECT_EQ(classOfEvent(result, 2), RowClass::Inherited);
    EXPECT_EQ(classOfEvent(result, 3), RowClass::Inherited);
}

TEST_F(ReplayDiff, UnknownKernelOfSeveralThreadsSaysWhatToTry) {
    const char* const a = "sqrt %x:f32[4]=x -> %y:f32[4]=y0 | threads:2";
    const DiffResult result = compare(a, replaced(a, "=y0", "=y1"));
    expectCause(result, CauseClass::Unknown, 0);
    EXPECT_THAT(result.origins[0].cause.remedy, HasSubstr("--threads 1"));
}

TEST_F(ReplayDiff, FirstCallOfMklsVectorMathIsKnown) {
    const std::string mkl =
        "environment {\"torch_config\":\"Math Kernel Library Version 2024.2\"}\n";
    const std::string first = "sqrt %x:f32[4]=x -> %y:f32[4]=y0 | threads:2";
    const std::string second = "log_ %w:f32[4]=w0! -> %w=w1 | threads:2\n" + first;
    const auto causeOf = [](const DiffResult& result) { return result.origins[0].cause.kind; };
    const auto changed = [](const std::string& text) { return replaced(text, "=y0", "=y1"); };
    EXPECT_EQ(causeOf(compare(mkl + first, mkl + changed(first))),
              CauseClass::NondeterministicKernel);
    EXPECT_EQ(causeOf(compare(mkl + second, mkl + changed(second))), CauseClass::Unknown);
    EXPECT_EQ(causeOf(compare(first, changed(first))), CauseClass::Unknown);

    const std::string alone = "sqrt %x:f32[4]=x -> %y:f32[4]=y0 | threads:1";
    const std::string together = "begin log %v:f32[4]=v -> %w:f32[4]=w | threads:1\n"
                                 "thread worker\n" +
                                 alone + "\nthread main\nend";
    EXPECT_EQ(causeOf(compare(mkl + alone, mkl + changed(alone))), CauseClass::Unknown);
    EXPECT_EQ(causeOf(compare(mkl + together, mkl + changed(together))),
              CauseClass::NondeterministicKernel);
}

TEST_F(ReplayDiff, HealedDifferenceIsStillADivergence) {
    const DiffResult result =
        compare(kChain, replaced(kChain, "-> %s:f32[2,3]=s0", "-> %s:f32[2,3]=s1"));
    expectCause(result, CauseClass::Unknown, 1);
    EXPECT_EQ(classOfEvent(result, 2), RowClass::Healed);
}

TEST_F(ReplayDiff, AlertOfTheKernelNamesTheCause) {
    const std::string a = "put_ %x:f32[4]=x0! %i:i64[2]=i -> %x=x1 | alerted backward";
    const DiffResult result = compare(a, replaced(a, "=x1", "=x2"));
    expectCause(result, CauseClass::NondeterministicKernel, 0);
    EXPECT_EQ(result.origins[0].cause.confidence, Confidence::Likely);
    EXPECT_EQ(result.origins[0].first.phase, trace::Phase::Backward);
}

TEST_F(ReplayDiff, TableNamesTheCauseWithItsConditionMet) {
    const std::string a = R"(
        schema index_put_ aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)
        node IndexBackward0
        index_put_ %x:f32[4]=x0! %i:i64[2]=i %v:f32[2]=v -> %x=x1 | args:T,T,T,true asked backward
        end)";
    const DiffResult result = compare(a, replaced(a, "=x1", "=x2"));
    expectCause(result, CauseClass::NondeterministicKernel, 1);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("atomic_add_order"));
    EXPECT_EQ(result.origins[0].first.node, "IndexBackward0");
}

TEST_F(ReplayDiff, OneThreadDoesNotRaceWithItself) {
    const std::string a = R"(
        schema index_put_ aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)
        index_put_ %x:f32[4]=x0! %i:i64[2]=i %v:f32[2]=v -> %x=x1 | args:T,T,T,true threads:1)";
    expectCause(compare(a, replaced(a, "=x1", "=x2")), CauseClass::Unknown, 0);
}

TEST_F(ReplayDiff, AnAllocationInsideAnOpExplainsNothing) {
    const std::string a = R"(
        begin native_layer_norm_backward %x:f32[4]=x0 -> %y:f32[4]=y0
        empty -> %z:f32[4]=z0
        end)";
    expectCause(compare(a, replaced(a, "=y0", "=y1")), CauseClass::Unknown, 0);
}

TEST_F(ReplayDiff, OpOfOthersIsACustomOp) {
    const std::string a = R"(
        begin my::scale %x:f32[4]=x0 -> %y:f32[4]=y0
        scatter_add_ %z:f32[4]=z0! -> %z=z1
        end)";
    expectCause(compare(a, replaced(a, "=y0", "=y1")), CauseClass::CustomOp, 0);
}

TEST_F(ReplayDiff, CustomOpIsNotBlamedForAnOpInside) {
    const std::string a = R"(
        begin my::block %x:f32[4]=x0 -> %y:f32[4]=y0
        scatter_add_ %z:f32[4]=z0! -> %z=z1
        end)";
    const DiffResult result = compare(a, replaced(replaced(a, "=y0", "=y1"), "=z1", "=z2"));
    EXPECT_EQ(classOfEvent(result, 0), RowClass::Inherited);
    EXPECT_EQ(result.origins[0].first.op, "aten::scatter_add_");
}

TEST_F(ReplayDiff, AssumedInputsAreEvidenceForNothing) {
    const std::string a = "mm %x:f32[4]=x0? -> %y:f32[4]=y0 | alerted";
    const DiffResult result =
        compare(a + "\nneg %q:f32[1]=q -> %p:f32[1]=p",
                replaced(a, "=y0", "=y1") + "\nneg %q:f32[1]=q -> %p:f32[1]=p");
    expectCause(result, CauseClass::Unknown, 0);
    EXPECT_EQ(classOfEvent(result, 0), RowClass::Unknown);
}

TEST_F(ReplayDiff, DifferentArgumentIsNamed) {
    const std::string a = R"(
        schema layer_norm aten::layer_norm(Tensor input, int[] shape, float eps=1e-05) -> Tensor
        layer_norm %x:f32[4]=x -> %y:f32[4]=y1 | args:T,4,0.5)";
    const DiffResult result = compare(a, replaced(replaced(a, "0.5", "0.25"), "=y1", "=y2"));
    expectCause(result, CauseClass::Argument, 1 - 1);
    EXPECT_EQ(sentence(result.origins[0].cause.evidence[0]), "argument eps is 0.5 in A, 0.25 in B");
}

TEST_F(ReplayDiff, ArgumentReadFromADifferingTensorIsInherited) {
    const std::string a = R"(
        put_ %x:f32[4]=x0! -> %x=x1 | alerted
        _local_scalar_dense %x
        mul %k:f32[1]=k -> %y:f32[1]=y1 | args:T,1.5)";
    std::string b = replaced(replaced(a, "=x1", "=x2"), "1.5", "2.5");
    const DiffResult result = compare(a, replaced(b, "=y1", "=y2"));
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(classOfEvent(result, 2), RowClass::Inherited);
}

TEST_F(ReplayDiff, NumberReadWhereTheDifferenceBeginsIsFollowed) {
    const std::string a = "item %x:f32[1]=x1\n"
                          "mul %k:f32[1]=k -> %y:f32[1]=y1 | args:T,1.5";
    const std::string b = replaced(replaced(a, "=x1", "=x2"), "1.5", "2.5");
    const DiffResult result = compare(a, replaced(b, "=y1", "=y2"));
    expectCause(result, CauseClass::InputData, 0);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplayDiff, IndependentOriginsAreAllListed) {
    const std::string a = R"(
        put_ %x:f32[4]=x0! -> %x=x1 | alerted
        neg %x -> %n:f32[4]=n1
        scatter_ %z:f32[4]=z0! -> %z=z1 | alerted)";
    std::string b = replaced(replaced(a, "=x1", "=x2"), "=n1", "=n2");
    const DiffResult result = compare(a, replaced(b, "=z1", "=z2"));
    ASSERT_THAT(result.origins, SizeIs(2));
    EXPECT_EQ(result.origins[0].first.eventA, 0U);
    EXPECT_EQ(result.origins[1].first.eventA, 2U);
}

TEST_F(ReplayDiff, ThreadsExplainWhatNoOracleDoes) {
    const std::string a = "sum %x:f32[4]=x -> %y:f32[1]=y1 | threads:1";
    expectCause(compare(a, replaced(replaced(a, "threads:1", "threads:2"), "=y1", "=y2")),
                CauseClass::Threads, 0);
}

TEST_F(ReplayDiff, OneThreadInEitherRunIsNoOrderOfAdditions) {
    const std::string a = "index_put_ %x:f32[4]=x0! %v:f32[2]=v -> %x=x1 | threads:1";
    const std::string b = replaced(replaced(a, "threads:1", "threads:2"), "=x1", "=x2");
    expectCause(compare(a, b), CauseClass::Threads, 0);
    expectCause(compare(b, a), CauseClass::Threads, 0);
}

TEST_F(ReplayDiff, ContextAloneIsNoDifference) {
    const std::string a = "sum %x:f32[4]=x -> %y:f32[1]=y1 | threads:1";
    EXPECT_EQ(compare(a, replaced(a, "threads:1", "threads:2")).verdict, Verdict::Same);
}

TEST_F(ReplayDiff, FlagsExplainWhatNoOracleDoes) {
    const std::string a = "mm %x:f32[4]=x -> %y:f32[1]=y1 | flags:4";
    const DiffResult result =
        compare(a, replaced(replaced(a, "flags:4", "flags:68"), "=y1", "=y2"));
    expectCause(result, CauseClass::Flags, 0);
    EXPECT_EQ(sentence(result.origins[0].cause.evidence[0]), "set here in B only: tf32-matmul");
}

TEST_F(ReplayDiff, InstructionSetExplainsWhatNoOracleDoes) {
    const std::string a = "environment {\"cpu_capability\":\"AVX2\"}\n"
                          "softmax %x:f32[4]=x -> %y:f32[4]=y1";
    expectCause(compare(a, replaced(replaced(a, "AVX2", "DEFAULT"), "=y1", "=y2")), CauseClass::Isa,
                0);
}

TEST_F(ReplayDiff, AlertOutranksTheEnvironment) {
    const std::string a = "put_ %x:f32[4]=x0! -> %x=x1 | alerted threads:2";
    const DiffResult result =
        compare(a, replaced(replaced(a, "threads:2", "threads:4"), "=x1", "=x2"));
    expectCause(result, CauseClass::NondeterministicKernel, 0);
    EXPECT_THAT(result.origins[0].cause.against, SizeIs(1));
}

TEST_F(ReplayDiff, WhatIsNotWholeIsNotTheSame) {
    for (const char* flaw : {"incomplete killed", "drops 3"}) {
        const DiffResult result = compare(kChain, kChain + flaw);
        EXPECT_EQ(result.verdict, Verdict::NotComparable);
        EXPECT_THAT(result.reason, HasSubstr("equal in all 4 events that both recorded; b "));
        EXPECT_EQ(compare(kChain, replaced(kChain, "=s0", "=s1") + flaw).verdict,
                  Verdict::Diverged);
    }
}

TEST_F(ReplayDiff, ChildrenThatComputedUnrecordedMayDiffer) {
    DiffOptions options;
    const auto withChildren = kChain + "children 2";
    DiffResult result = compare(kChain, withChildren, options);
    EXPECT_EQ(result.verdict, Verdict::NotComparable);
    EXPECT_THAT(result.reason, HasSubstr("of b 2 forked children ran LibTorch"));
    EXPECT_EQ(compare(replaced(kChain, "=s0", "=s1"), withChildren, options).verdict,
              Verdict::Diverged);
    options.allowUnrecordedChildren = true;
    result = compare(kChain, withChildren, options);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(sentences(result.notes), Each(HasSubstr("run B: 2 forked children")));
}

TEST_F(ReplayDiff, IncompleteRunIsSaid) {
    const DiffResult result = compare(kChain + "incomplete killed", kChain);
    EXPECT_THAT(sentences(result.notes), Each(HasSubstr("run A is incomplete: killed")));
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayDiff, ProgressNamesEveryStageAndCanCancel) {
    const auto a = test::buildTrace(folder() / "a.h5", kChain);
    std::vector<DiffStage> stages;
    DiffOptions options;
    options.progress = [&](const DiffProgress& now) {
        stages.push_back(now.stage);
        return true;
    };
    EXPECT_EQ(diff(a, a, options).verdict, Verdict::Same);
    EXPECT_EQ(stages, (std::vector{DiffStage::Index, DiffStage::Align, DiffStage::Classify}));
    options.progress = [](const DiffProgress& now) { return now.stage != DiffStage::Classify; };
    EXPECT_THROW(diff(a, a, options), Cancelled);
}

TEST_F(ReplayDiff, LoopsOverARunAskWhetherToGoOn) {
    auto reader = test::buildTrace(folder() / "a.h5", kChain);
    (void)replay::Run(reader).usesNearStorage(0); // its columns are read: they do not ask again
    int asked = 0;
    reader.setPoll([&] { ++asked; });
    replay::Run run(reader);
    EXPECT_EQ(asked, 2); // for the values, for the events
    (void)run.usesNearStorage(0);
    EXPECT_EQ(asked, 5); // for the values, and for the events to count and to fill
    reader.setPoll([] { throw Cancelled(); });
    EXPECT_THROW(replay::Run{reader}, Cancelled);
}

} // namespace
} // namespace repro::replay
