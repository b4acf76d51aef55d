// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using test::kChain;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ReplayStructure : public test::DiffTest {};

TEST_F(ReplayStructure, RowsThatOnlyCountAsAnotherStepStillPair) {
    const std::string rest = "abs %w:f32[2]=w -> %v:f32[2]=v\nneg %v -> %u:f32[2]=u\n";
    const DiffResult result = compare(kChain + "step 1\n" + rest, kChain + "step 2\n" + rest);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.matched, result.coverage.eventsA);
}

TEST_F(ReplayStructure, InsertedOpWhoseValueIsUsedIsStructure) {
    const std::string b = replaced(kChain, "    relu %s", "    mul_ %s! -> %s=s9\n    relu %s");
    const DiffResult result = compare(kChain, replaced(b, "=r0", "=r1"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
    EXPECT_EQ(result.origins[0].first.eventB, 2U);
    EXPECT_EQ(result.origins[0].first.eventA, std::nullopt);
    EXPECT_EQ(classOfEvent(result, 2), RowClass::Inherited);
}

TEST_F(ReplayStructure, RemovedOpIsStructure) {
    const std::string a = replaced(kChain, "    relu %s", "    mul_ %s! -> %s=s9\n    relu %s");
    const DiffResult result = compare(a, replaced(kChain, "=r0", "=r1"));
    expectCause(result, CauseClass::Structure, 2);
}

TEST_F(ReplayStructure, InsertedOpThatReachesNothingIsANote) {
    const std::string b = replaced(kChain, "    relu %s",
                                   "    detach %s -> %d:f32[2,3]=s0@s+0\n"
                                   "    clone %d -> %e:f32[2,3]=s0\n"
                                   "    relu %s");
    const DiffResult result = compare(kChain, b);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayStructure, ReplacedOpIsStructure) {
    const DiffResult result = compare(kChain, replaced(kChain, "relu", "gelu"));
    expectCause(result, CauseClass::Structure, 2);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("aten::gelu"));
}

TEST_F(ReplayStructure, LoopOfOtherLengthIsStructureAtTheFirstExtraStep) {
    std::string a;
    std::string b;
    for (int step = 0; step < 4; ++step) {
        const std::string block = "step " + std::to_string(step) + "\nmul %w" +
                                  (step == 0 ? ":f32[2]=w0" : "") + " -> %g:f32[2]=g" +
                                  std::to_string(step) + "\nadd_ %w! %g -> %w=w" +
                                  std::to_string(step + 1) + "\noptimizer\n";
        b += block;
        a += step < 2 ? block : "";
    }
    const DiffResult result = compare(a, b);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
    EXPECT_EQ(result.origins[0].first.step, 2U);
    EXPECT_EQ(result.coverage.matched, 6U);
}

TEST_F(ReplayStructure, ExtraLayerIsNamedByItsOpAndItsBackwardIsAConsequence) {
    const std::string head = "mm %x:f32[4]=x -> %h:f32[4]=h\n";
    const std::string a = head + "sum %h -> %l:f32[1]=l1\nneg %l -> %g:f32[4]=g1\n"
                                 "abs %g -> %d:f32[4]=d1\n";
    const std::string b = head + "layer net.squash TanhImpl\ntanh %h -> %t:f32[4]=t\nend\n"
                                 "sum %t -> %l:f32[1]=l2\nneg %l -> %g:f32[4]=g2\n"
                                 "tanh_backward %g %t -> %k:f32[4]=k | backward\n"
                                 "abs %k -> %d:f32[4]=d2\n";
    const DiffResult result = compare(a, b);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
    EXPECT_EQ(result.origins[0].first.op, "aten::tanh");
    EXPECT_EQ(result.origins[0].first.layer, "net.squash");
}

TEST_F(ReplayStructure, RenamedLayerIsNoDifference) {
    const std::string a = "layer net.fc LinearImpl\nmm %x:f32[4]=x -> %y:f32[4]=y\nend\n"
                          "relu %y -> %r:f32[4]=r";
    const DiffResult result = compare(a, replaced(a, "net.fc", "net.head"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.rows[1].strategy, Strategy::Moved);
}

TEST_F(ReplayStructure, OtherShapeOfForeignDataIsInputData) {
    const std::string a = "mm %x:f32[4]=x -> %y:f32[4]=y\nrelu %y -> %r:f32[4]=r";
    const std::string b = "mm %x:f32[5]=x5 -> %y:f32[5]=y5\nrelu %y -> %r:f32[5]=r5";
    const DiffResult result = compare(a, b);
    expectCause(result, CauseClass::InputData, 0);
    EXPECT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.rows[1].strategy, Strategy::Reshaped);
}

TEST_F(ReplayStructure, RenamedLayerBesideAnInsertedOpStillPairs) {
    const std::string a = "mm %x:f32[4]=x -> %y:f32[4]=y\nlayer net.fc LinearImpl\n"
                          "relu %y -> %r:f32[4]=r\nend";
    const DiffResult result = compare(
        a, replaced(replaced(a, "net.fc", "net.head"), "layer", "celu_ %y! -> %y=y2\nlayer"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.op, "aten::celu_");
    EXPECT_EQ(result.rows[2].strategy, Strategy::Moved);
}

TEST_F(ReplayStructure, OpsAfterTheLastStepAreNoStep) {
    const std::string loop = "mul %w:f32[2]=w0 -> %g:f32[2]=g\nadd_ %w! %g -> %w=w1\noptimizer\n";
    const DiffResult result = compare(loop, loop + "step 1\nsum %w -> %s:f32[1]=s");
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayStructure, CallsOfALayerMakeAStep) {
    const std::string call = "layer Net NetImpl\nmul %w:f32[2]=w0 -> %g:f32[2]=g\nend\n";
    const DiffResult result =
        compare(call, call + "step 1\n" + replaced(call, "%w:f32[2]=w0", "%w"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
    EXPECT_EQ(result.origins[0].first.step, 1U);
}

TEST_F(ReplayStructure, AViewReadsNothing) {
    const std::string a = "mul %x:f32[4]=x -> %m:f32[4]=m\n";
    const std::string view = "slice %m=m? -> %v:f32[2]=v@m+0?\n";
    const DiffResult result = compare(
        a + view, a + "celu_ %m! -> %m=m2\n" + replaced(replaced(view, "=v", "=v2"), "=m", "=m2"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayStructure, OpThatWritesAllOfAReshapedTensorIsNoKernelsFault) {
    const auto run = [](const std::string& size) {
        return "zero_ %w:f32[" + size + "]=w* -> %w=zeros" + size + "\nneg %w -> %n:f32[" + size +
               "]=n" + size + "\n";
    };
    const DiffResult result = compare(run("4"), run("5"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("other shapes"));
}

} // namespace
} // namespace repro::replay
