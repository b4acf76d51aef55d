// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ReplayOrigins : public test::DiffTest {
protected:
    static std::string step(int number, const std::string& ops) {
        return "step " + std::to_string(number) + "\n" + ops;
    }
};

TEST_F(ReplayOrigins, RaceThatComesAgainInALaterStepIsOneOrigin) {
    const auto run = [](const std::string& sum) {
        return step(0, "put_ %x:f32[4]=x0! -> %x=" + sum + "0 | alerted\n") +
               step(1, "zeros -> %y:f32[4]=z\nput_ %y! -> %y=" + sum + "1 | alerted\n");
    };
    const DiffResult result = compare(run("a"), run("b"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].again, 1U);
}

TEST_F(ReplayOrigins, OneCauseInManyPlacesOfAStepIsOneOrigin) {
    const auto run = [](const std::string& sum) {
        return "put_ %x:f32[4]=x0! -> %x=" + sum + "0 | alerted\n" +
               "put_ %y:f32[4]=y0! -> %y=" + sum + "1 | alerted\n" +
               "scatter_ %z:f32[4]=z0! -> %z=" + sum + "2 | alerted\n";
    };
    const DiffResult result = compare(run("a"), run("b"));
    ASSERT_THAT(result.origins, SizeIs(2));
    EXPECT_EQ(result.origins[0].again, 1U);
    ASSERT_THAT(result.origins[0].places, SizeIs(1));
    EXPECT_EQ(result.origins[0].places[0].eventA, 1U);
    EXPECT_EQ(result.origins[1].first.op, "aten::scatter_");
}

TEST_F(ReplayOrigins, OneSettingInManyLayersIsOneOrigin) {
    const auto run = [](const std::string& eps, const std::string& out) {
        std::string text =
            "schema layer_norm aten::layer_norm(Tensor input, float eps) -> Tensor\n";
        for (const char* layer : {"a", "b"}) {
            text += std::string("layer net.") + layer + " LayerNormImpl\nlayer_norm %" + layer +
                    ":f32[4]=x -> %" + layer + "o:f32[4]=" + out + " | args:T," + eps + "\nend\n";
        }
        return text;
    };
    const DiffResult result = compare(run("0.5", "y1"), run("0.25", "y2"));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].again, 1U);
}

TEST_F(ReplayOrigins, EnvironmentIsOneCauseInWhateverOps) {
    const auto run = [](const std::string& isa, const std::string& out) {
        return "environment {\"cpu_capability\":\"" + isa + "\"}\n" +
               "silu %x:f32[4]=x -> %y:f32[4]=" + out + "\ngelu %x -> %z:f32[4]=" + out + "\n";
    };
    const DiffResult result = compare(run("AVX2", "o1"), run("DEFAULT", "o2"));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Isa);
}

TEST_F(ReplayOrigins, ArgumentOfEqualInputsIsAnOriginAfterTheRunsParted) {
    const auto run = [](const std::string& sum, const std::string& eps) {
        return "put_ %x:f32[4]=x0! -> %x=" + sum + " | alerted\n" +
               "layer_norm %k:f32[4]=k -> %y:f32[4]=y" + eps + " | args:T," + eps + "\n";
    };
    const DiffResult result = compare(run("s1", "0.5"), run("s2", "0.25"));
    ASSERT_THAT(result.origins, SizeIs(2));
    EXPECT_EQ(result.origins[1].cause.kind, CauseClass::Argument);
    EXPECT_EQ(result.origins[1].cause.confidence, Confidence::Likely);
    EXPECT_THAT(result.origins[1].cause.against, SizeIs(1));
}

TEST_F(ReplayOrigins, BytesChangedUnderTwoViewsAreOneOrigin) {
    const auto run = [](const std::string& now) {
        return "abs %k:f32[4]=k -> %w:f32[4]=w0\nt %w -> %t:f32[2,2]=t0@w+0\nmm %t=t" + now +
               " %x:f32[2,2]=x -> %y:f32[2,2]=y" + now + "\nabs %w=w" + now + " -> %z:f32[4]=z" +
               now + "\n";
    };
    const DiffResult result = compare(run("0"), run("1"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::WrittenOutsideOps);
    EXPECT_EQ(result.origins[0].first.op, "aten::mm");
}

/// As torch::load does: the storage was filled before.
std::string loaded(const std::string& name, const std::string& contents) {
    return "empty -> %" + name + ":f32[4]=*\nset_ %" + name + "=*! -> %" + name + "=" + contents +
           "\n";
}

TEST_F(ReplayOrigins, LoadedTensorThatDiffersIsInputData) {
    const std::string schema = "schema set_ aten::set_(Tensor(a!) self, Storage s) -> Tensor(a!)\n";
    const auto run = [&](const std::string& x, const std::string& y) {
        return schema + loaded("x", x) + "neg %x -> %y:f32[4]=" + y + "\n";
    };
    const DiffResult result = compare(run("x0", "y0"), run("x1", "y1"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_STREQ(causeName(result.origins[0].cause.kind), "input_data");
    EXPECT_EQ(result.origins[0].first.op, "aten::neg");
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("aten::set_ (event 1) took over: data that was loaded"));
}

TEST_F(ReplayOrigins, TensorsLoadedInAnotherOrderAreNoDifference) {
    const std::string use = "add %x %y -> %z:f32[4]=z\n";
    EXPECT_EQ(compare(loaded("x", "left") + loaded("y", "right") + use,
                      loaded("y", "right") + loaded("x", "left") + use)
                  .verdict,
              Verdict::Same);
}

TEST_F(ReplayOrigins, OpsInTheOrderOfAHashTableAreNoDifference) {
    const auto of = [](const std::string& n, const std::string& size) {
        return "mul %w" + n + ":f32[" + size + "]=w" + n + " -> %g" + n + ":f32[" + size + "]=g" +
               n + "\n";
    };
    const std::string use = "add %g1 %g2 -> %z:f32[4]=z\n";
    EXPECT_EQ(compare("neg %a:f32[1]=a -> %b:f32[1]=b\n" + of("1", "4") + of("2", "2") + use,
                      "neg %a:f32[1]=a -> %b:f32[1]=b\n" + of("2", "2") + of("1", "4") + use)
                  .verdict,
              Verdict::Same);
}

TEST_F(ReplayOrigins, OtherPartOfATensorIsTheDoingOfTheViewThatWasTaken) {
    const auto run = [](const std::string& offset, const std::string& part) {
        return "randn -> %x:f32[4]=x | args:4\n"
               "slice %x=x? -> %v:f32[2]=" +
               part + "@x+" + offset + "? | args:" + offset + "\n" + "neg %v=" + part +
               " -> %n:f32[2]=n" + part + "\n";
    };
    const DiffResult result = compare(run("0", "left"), run("8", "right"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_STREQ(causeName(result.origins[0].cause.kind), "argument");
    EXPECT_EQ(result.origins[0].first.op, "aten::slice");
}

TEST_F(ReplayOrigins, ThreadsThatAddToOneTensorInAnotherOrderRace) {
    const std::string head = "zeros -> %w:f32[4]=w0\n";
    const auto add = [](const std::string& thread, const std::string& before,
                        const std::string& after) {
        return "thread " + thread + "\nadd_ %w=" + before + "! %g" + thread + ":f32[4]=g" + thread +
               " -> %w=" + after + "\n";
    };
    const DiffResult result = compare(
        head + add("one", "w0", "w1") + add("two", "w1", "w12") + add("one", "w12", "w121"),
        head + add("two", "w0", "w2") + add("one", "w2", "w21") + add("one", "w21", "w211"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Race);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("order that depends on thread timing"));
}

TEST_F(ReplayOrigins, WhatThreadsBringInAnotherOrderIsOneRace) {
    const auto add = [](const std::string& thread, const std::string& before,
                        const std::string& after) {
        return "thread " + thread + " pool\nadd_ %w=" + before + "! %g" + thread +
               " -> %w=" + after + "\n";
    };
    const std::string head = "zeros -> %w:f32[4]=w0\nrand -> %gone:f32[4]=g1 | args:1\n"
                             "rand -> %gtwo:f32[4]=g2 | args:2\n";
    const DiffResult result = compare(head + add("one", "w0", "w1") + add("two", "w1", "w12"),
                                      head + add("two", "w0", "w2") + add("one", "w2", "w21"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Race);
}

TEST_F(ReplayOrigins, OpOnBytesThatAnotherThreadWritesMeanwhileIsNoKernelsFault) {
    const std::string head = "zeros -> %w:f32[4]=w0\n";
    const auto read = [](const std::string& meanwhile, const std::string& result) {
        return "thread one\nbegin mm %w=w0 %x:f32[4]=x -> %y:f32[4]=" + result + "\n" + meanwhile +
               "thread one\nend\n";
    };
    const std::string write = "thread two\nadd_ %w=w0! %g:f32[4]=g -> %w=w1\n";
    const DiffResult result = compare(head + read(write, "y1"), head + read("", "y0") + write);
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.op, "aten::mm");
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Race);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]),
                HasSubstr("in A, aten::add_ (event 2) of another thread writes in0 while"));
}

TEST_F(ReplayOrigins, OpThatWritesAllTheWhileIsFoundBehindWhatItsThreadDidSince) {
    const auto run = [](const std::string& result) {
        return "zeros -> %w:f32[4]=w0\nthread two\nbegin add_ %w=w0! %g:f32[4]=g -> %w=w1\n"
               "sqrt %g=g -> %h:f32[4]=h\nthread one\nmm %w=w0 %x:f32[4]=x -> %y:f32[4]=" +
               result + "\nthread two\nend\n";
    };
    const DiffResult result = compare(run("y1"), run("y2"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].first.op, "aten::mm");
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Race);
}

TEST_F(ReplayOrigins, OpThatAnotherThreadWritesBesideIsJudgedByItself) {
    const auto run = [](const std::string& result) {
        return "zeros -> %w:f32[4]=w0\nthread one\nbegin mm %v:f32[2]=v@w+0? -> %y:f32[4]=" +
               result + "\nthread two\nfill_ %u:f32[2]=u@w+8! -> %u=u1\nthread one\nend\n";
    };
    const DiffResult result = compare(run("y1"), run("y2"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Unknown);
}

TEST_F(ReplayOrigins, NumberThatLibTorchWrappedIsAnArgument) {
    const auto run = [](const std::string& number) {
        return "mul %x:f32[4]=x %n:f64[]=" + number + "& -> %y:f32[4]=y" + number + "\n";
    };
    const DiffResult result = compare(run("n1"), run("n2"));
    ASSERT_THAT(result.origins, SizeIs(1));
    EXPECT_EQ(result.origins[0].cause.kind, CauseClass::Argument);
    EXPECT_THAT(sentence(result.origins[0].cause.evidence[0]), HasSubstr("in1 of aten::mul"));
}

TEST_F(ReplayOrigins, NumberThatAutogradKeptIsAConsequenceOfTheForwardOp) {
    const auto run = [](const std::string& number) {
        return "mul %x:f32[4]=x -> %y:f32[4]=y" + number + " | args:T," + number +
               "\nnode MulBackward0 0\nmul %g:f32[4]=g %n:f64[]=n" + number + "& -> %d:f32[4]=d" +
               number + " | backward\nend\n";
    };
    const DiffResult result = compare(run("0.5"), run("0.25"));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_EQ(result.origins[0].first.eventA, 0U);
}

} // namespace
} // namespace repro::replay
