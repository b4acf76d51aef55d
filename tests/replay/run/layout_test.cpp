// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// The same numbers that lie otherwise in memory, and the modes of a thread.
class ReplayLayout : public test::DiffTest {};

TEST_F(ReplayLayout, OtherStridesOfAForeignInputAreTheMemoryFormat) {
    const std::string a = "norm %x:f32[2,3/3,1]=x -> %y:f32[2,3]=y1\n";
    const std::string b = "norm %x:f32[2,3/1,2]=x -> %y:f32[2,3]=y2\n";
    const DiffResult result = compare(a, b);
    expectCause(result, CauseClass::Flags, 0);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("memory format"));
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("strides [3, 1] in A, [1, 2] in B"));
}

TEST_F(ReplayLayout, TheOpThatChangesTheFormatIsTheOriginOfWhatFollows) {
    const std::string head = "rand -> %x:f32[2,3]=x\n";
    const std::string a = head + "norm %x -> %y:f32[2,3]=y1\nneg %y -> %n:f32[2,3]=n1\n";
    const std::string b = head + "clone %x -> %c:f32[2,3/1,2]=x\nnorm %c -> %y:f32[2,3]=y2\n"
                                 "neg %y -> %n:f32[2,3]=n2\n";
    const DiffResult result = compare(a, b);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Flags);
    EXPECT_EQ(result.origins[0].first.op, "aten::clone");
    EXPECT_EQ(result.origins[0].first.eventB, 1U);
    EXPECT_EQ(classOfEvent(result, 1), RowClass::Inherited);
}

TEST_F(ReplayLayout, StridesOfOneElementAreNone) {
    const DiffResult result = compare("norm %x:f32[1,3/3,1]=x -> %y:f32[3]=y1\n",
                                      "norm %x:f32[1,3/9,1]=x -> %y:f32[3]=y2\n");
    expectCause(result, CauseClass::Unknown, 0);
}

TEST_F(ReplayLayout, OtherAlignmentOfAnInputIsNamed) {
    const auto run = [](const std::string& bytes, const std::string& y) {
        return "mv %w:f32[4]a" + bytes + "=w %x:f32[4]a64=x -> %y:f32[4]=" + y +
               "\nsum %w -> %s:" + "f32[1]=s" + y + "\n";
    };
    const DiffResult result = compare(run("64", "y1"), run("4", "y2"));
    expectCause(result, CauseClass::Alignment, 0);
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].again, 1U);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("the address of in0 is a multiple of 64 bytes in A, of 4 in B"));
}

TEST_F(ReplayLayout, AlignmentThatMadeNoDifferenceIsNone) {
    EXPECT_EQ(
        compare("mv %w:f32[4]a64=w -> %y:f32[4]=y\n", "mv %w:f32[4]a4=w -> %y:f32[4]=y\n").verdict,
        Verdict::Same);
}

TEST_F(ReplayLayout, AKernelThatSaysItVariesIsNotTheAlignmentsFault) {
    expectCause(compare("mv %w:f32[4]a64=w -> %y:f32[4]=y1 | alerted\n",
                        "mv %w:f32[4]a4=w -> %y:f32[4]=y2 | alerted\n"),
                CauseClass::NondeterministicKernel, 0);
}

TEST_F(ReplayLayout, FloatingPointModeNamesWhatWasLoaded) {
    const auto run = [](const std::string& libraries, const std::string& flags) {
        return R"(environment {"libraries":[)" + libraries + "]}\nmul %x:f32[2]=x -> %y:f32[2]=y" +
               flags + " | flags:" + flags + "\n";
    };
    const std::string torch = R"({"path":"/lib/libtorch_cpu.so","build_id":"1"})";
    const DiffResult result = compare(
        run(torch, "4"), run(torch + R"(,{"path":"/opt/libfast.so","build_id":"2"})", "12292"));
    expectCause(result, CauseClass::Flags, 0);
    const auto& evidence = result.origins[0].cause.evidence;
    EXPECT_EQ(sentence(evidence[0]), "set here in B only: flush-denormal, denormals-are-zero");
    EXPECT_EQ(sentence(evidence[1]), "the library libfast.so is loaded in B only");
}

} // namespace
} // namespace repro::replay
