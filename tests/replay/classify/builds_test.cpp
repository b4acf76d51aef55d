// SPDX-License-Identifier: BSD-3-Clause
// Runs on two builds of LibTorch, and of the program.
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using test::kChain;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ReplayBuilds : public test::DiffTest {
protected:
    static std::string on(const std::string& version, const std::string& text) {
        return "environment {\"torch_version\":\"" + version + "\"}\n" + text;
    }
    static void expectLibrary(const DiffResult& result) {
        ASSERT_THAT(result.origins, SizeIs(1));
        EXPECT_STREQ(causeName(result.origins[0].cause.kind), "library");
        EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                    HasSubstr("1.13.0 in A, 2.13.0 in B"));
    }
};

TEST_F(ReplayBuilds, OtherNumbersOfAnOpAreTheLibrarys) {
    const DiffResult result =
        compare(on("1.13.0", kChain), on("2.13.0", replaced(kChain, "=m0", "=m1")));
    expectLibrary(result);
    EXPECT_EQ(result.origins[0].cause.confidence, Confidence::Likely);
}

TEST_F(ReplayBuilds, AKernelThatRacesAnywayWeighsAgainstTheLibrary) {
    const std::string a = "mul %x:f32[2]=x -> %y:f32[2]=y0 | alerted";
    const DiffResult result = compare(on("1.13.0", a), on("2.13.0", replaced(a, "=y0", "=y1")));
    expectLibrary(result);
    EXPECT_EQ(result.origins[0].cause.confidence, Confidence::Possible);
    EXPECT_THAT(result.origins[0].cause.against, SizeIs(1));
}

TEST_F(ReplayBuilds, OpsThatOnlyOneOfThemRunsAreTheLibrarys) {
    const std::string b = replaced(kChain, "    relu %s", "    mul_ %s! -> %s=s9\n    relu %s");
    expectLibrary(compare(on("1.13.0", kChain), on("2.13.0", replaced(b, "=r0", "=r1"))));
}

TEST_F(ReplayBuilds, ALayerThatOnlyOneCallsIsTheProgramsDoing) {
    const std::string layer = "    layer net.act TanhImpl\n    tanh %s -> %t:f32[2,3]=t\n    end\n"
                              "    relu %t";
    const std::string b = replaced(kChain, "    relu %s", layer);
    const DiffResult result =
        compare(on("1.13.0", kChain), on("2.13.0", replaced(b, "=r0", "=r1")));
    ASSERT_FALSE(result.origins.empty());
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Structure);
}

TEST_F(ReplayBuilds, AnArgumentThatIsNewInTheSchemaIsNoDifference) {
    const std::string a = "schema mul aten::mul(Tensor a, int n) -> Tensor\n"
                          "mul %x:f32[2]=x -> %y:f32[2]=y | args:1\n";
    const std::string b = "schema mul aten::mul(Tensor a, int n, int more=7) -> Tensor\n"
                          "mul %x:f32[2]=x -> %y:f32[2]=y | args:1,7\n";
    EXPECT_EQ(compare(on("1.13.0", a), on("2.13.0", b)).verdict, Verdict::Same);
}

TEST_F(ReplayBuilds, APoolWhoseStartFunctionMovedIsTheSamePool) {
    const auto run = [](const std::string& place) {
        return "thread main/worker#1 main/worker@train+" + place +
               "\nabs %x:f32[2]=x -> %y:f32[2]=y\n";
    };
    const DiffResult result = compare(run("0x10"), run("0x20"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(result.coverage.matched, 1U);
}

TEST_F(ReplayBuilds, AViewThatIsHandedOutInsideAnOpExplainsNothing) {
    const std::string a = "begin addmm %b:f32[4]=b %x:f32[4]=x -> %y:f32[4]=y0 | threads:2\n"
                          "expand %b -> %e:f32[4]=b@b+0\nend\n";
    const DiffResult result = compare(a, replaced(a, "=y0", "=y1"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Unknown);
}

} // namespace
} // namespace repro::replay
