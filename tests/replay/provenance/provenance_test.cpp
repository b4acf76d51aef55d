// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using test::kChain;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Whence bytes come, and whether anybody reads them.
class ReplayProvenance : public test::DiffTest {};

TEST_F(ReplayProvenance, BytesChangedBetweenProducerAndConsumer) {
    const std::string b = replaced(kChain, "relu %s ->", "relu %s=hit ->");
    const DiffResult result = compare(kChain, replaced(b, "=r0", "=r1"));
    expectCause(result, CauseClass::WrittenOutsideOps, 2);
    EXPECT_EQ(result.origins[0].first.slot, "in0");
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("aten::add (event 1)"));
}

TEST_F(ReplayProvenance, ChangedBytesAreReportedAtTheirFirstReaderOnly) {
    const std::string tail = "neg %s -> %n:f32[2,3]=n0\nabs %s -> %k:f32[2,3]=k0";
    const std::string b = replaced(kChain, "relu %s ->", "relu %s=hit ->");
    EXPECT_THAT(compare(kChain + tail, b + tail).origins, SizeIs(1));
}

TEST_F(ReplayProvenance, TensorThatNoOpMadeIsInputData) {
    const std::string b = replaced(replaced(kChain, "=x0", "=x1"), "=m0", "=m1");
    const DiffResult result = compare(kChain, b);
    expectCause(result, CauseClass::InputData, 0);
    EXPECT_EQ(result.origins[0].first.slot, "in0");
}

TEST_F(ReplayProvenance, MemoryThatNobodyWroteIsUninitialised) {
    const std::string a = R"(
        empty -> %e:f32[4]=garbage1*
        add %e~ %x:f32[4]=x -> %y:f32[4]=y1)";
    const DiffResult result = compare(a, replaced(replaced(a, "garbage1", "garbage2"), "y1", "y2"));
    expectCause(result, CauseClass::UninitialisedMemory, 1);
    EXPECT_EQ(result.origins[0].cause.confidence, Confidence::Proven);
}

TEST_F(ReplayProvenance, UnwrittenMemoryThatNobodyReadsIsNoDifference) {
    const std::string a = R"(
        empty -> %e:f32[4]=garbage1*
        fill_ %e*! -> %e=filled
        neg %e -> %n:f32[4]=n)";
    EXPECT_EQ(compare(a, replaced(a, "garbage1", "garbage2")).verdict, Verdict::Same);
}

TEST_F(ReplayProvenance, AllocatedByAnOpAndFilledByNoOpIsInputData) {
    const std::string a = R"(
        empty -> %e:f32[4]=zeros*
        add %e=read1~ %x:f32[4]=x -> %y:f32[4]=y1)";
    expectCause(compare(a, replaced(replaced(a, "read1", "read2"), "y1", "y2")),
                CauseClass::InputData, 1);
}

TEST_F(ReplayProvenance, HalfFilledBufferReadAsAWholeIsUninitialised) {
    const std::string a = R"(
        empty -> %e:f32[4]=g*
        slice %e -> %h:f32[2]=g@e+0*
        copy_ %h*! %x:f32[2]=x -> %h=x
        clone %e=read1~ -> %c:f32[4]=read1)";
    const DiffResult result = compare(a, replaced(replaced(a, "read1", "read2"), "read1", "read2"));
    expectCause(result, CauseClass::UninitialisedMemory, 3);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("aten::empty (event 0) allocated"));
}

TEST_F(ReplayProvenance, LineageGoesByOverlapOfBytes) {
    // The second half of the buffer differs because an op wrote other bytes there.
    const std::string a = R"(
        zeros -> %e:f32[4]=z
        slice %e -> %h:f32[2]=z2@e+8
        put_ %h! %x:f32[2]=x -> %h=p1 | alerted
        slice %e=z-p1 -> %t:f32[3]=t1@e+4
        neg %t -> %n:f32[3]=n1)";
    std::string b = a;
    for (const char* word : {"=p1", "-p1", "=t1", "=n1"}) {
        b = replaced(b, word, std::string(word).substr(0, 2) + "2");
    }
    const DiffResult result = compare(a, b);
    expectCause(result, CauseClass::NondeterministicKernel, 2);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplayProvenance, ScratchOutputThatDiffersIsANote) {
    const std::string a = R"(
        mkldnn_rnn_layer %x:f32[4]=x -> %y:f32[4]=y %h:f32[4]=h %c:f32[4]=c %w:u8[64]=w1
        neg %y -> %n:f32[4]=n)";
    const DiffResult result = compare(a, replaced(a, "=w1", "=w2"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayProvenance, WorkspaceOfANestedOpIsNotCompared) {
    const std::string a = R"(
        begin lstm %x:f32[4]=x -> %y:f32[4]=y
        begin mkldnn_rnn_layer %x -> %y=y %w:u8[64]=w1^
        empty -> %w=w0*
        end
        end
        mkldnn_rnn_layer_backward %y %w=w1 -> %g:f32[4]=g)";
    const std::string b = replaced(replaced(a, "=w1^", "=w2^"), "%w=w1 ->", "%w=w2 ->");
    const DiffResult result = compare(a, b);
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_THAT(result.notes, SizeIs(1));
}

TEST_F(ReplayProvenance, WhatANestedOpLeftBehindIsInherited) {
    const std::string a = R"(
        begin dropout %x:f32[4]=x -> %y:f32[4]=y1
        bernoulli_ -> %m:f32[4]=m1
        mul %x %m -> %y=y1
        end
        mul %y %m -> %z:f32[4]=z1)";
    const DiffResult result = compare(
        a,
        replaced(replaced(replaced(replaced(a, "=y1\n        b", "=y2\n        b"), "=m1", "=m2"),
                          "=y1", "=y2"),
                 "=z1", "=z2"));
    ASSERT_EQ(result.verdict, Verdict::Diverged);
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].first.eventA, 0U);
}

TEST_F(ReplayProvenance, LastOutputThatNobodyReadsStillCounts) {
    EXPECT_EQ(compare(kChain, replaced(kChain, "=l0", "=l1")).verdict, Verdict::Diverged);
}

TEST_F(ReplayProvenance, WrittenArgumentThatNobodyReadsStillCounts) {
    const std::string a = R"(
        batch_norm %x:f32[4]=x %m:f32[4]=m0! -> %y:f32[4]=y %m=m1!
        neg %y -> %n:f32[4]=n)";
    EXPECT_EQ(compare(a, replaced(a, "=m1", "=m2")).verdict, Verdict::Diverged);
}

TEST_F(ReplayProvenance, WatchedTensorThatChangedUnseenIsWrittenOutside) {
    const std::string a = "neg %x:f32[2]=x -> %y:f32[2]=y\nwatch %y";
    expectCause(compare(a, replaced(a, "watch %y", "watch %y=hit")), CauseClass::WrittenOutsideOps,
                1);
}

} // namespace
} // namespace repro::replay
