// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sentence.h"
#include "tests/support/diff_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ForeignStreams : public test::DiffTest {
protected:
    static void expectStream(const DiffResult& result, Confidence confidence,
                             const std::string& subject, const std::string& fact) {
        ASSERT_FALSE(result.origins.empty());
        const Cause& cause = result.origins[0].cause;
        EXPECT_EQ(cause.kind, CauseClass::Stream);
        EXPECT_EQ(cause.confidence, confidence);
        EXPECT_EQ(cause.subject, subject);
        ASSERT_FALSE(cause.evidence.empty());
        EXPECT_THAT(sentence(cause.evidence[0]), HasSubstr(fact));
    }
    static CauseClass firstCause(const DiffResult& result) {
        return result.origins.empty() ? CauseClass::Unknown : result.origins[0].cause.kind;
    }
};

constexpr auto kReads = " | site:train.py:9:main";

TEST_F(ForeignStreams, UnseededOneThatMovedRightBeforeIsTheCause) {
    const auto run = [](const std::string& salt) {
        return "met numpy.random s" + salt + "\nones -> %w:f32[2]=w | site:train.py:3:main\n" +
               "moved numpy.random s" + salt + " t" + salt + kReads + "\nneg %x:f32[2]=x" + salt +
               " -> %n:f32[2]=n" + salt + kReads;
    };
    const DiffResult result = compare(run("1"), run("2"));
    expectStream(result, Confidence::Likely, "numpy.random",
                 "in different states before its first numbers, which were drawn between "
                 "train.py:3 and train.py:9");
    EXPECT_THAT(result.origins[0].cause.remedy, HasSubstr("np.random.seed(n)"));
}

TEST_F(ForeignStreams, DataThatAreReadLaterAreItsPossibly) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nmoved random s" + salt + " t" + salt +
               "\nones -> %w:f32[2]=w\nneg %x:f32[2]=x" + salt + " -> %n:f32[2]=n" + salt;
    };
    expectStream(compare(run("1"), run("2")), Confidence::Possible, "random", "between");
}

TEST_F(ForeignStreams, WhatASeedSetsCountsAndNotWhatWasBefore) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nmoved random s" + salt + " seeded\n" +
               "ones -> %w:f32[2]=w\nmoved random seeded next\nneg %x:f32[2]=x" + salt +
               " -> %n:f32[2]=n" + salt;
    };
    EXPECT_EQ(firstCause(compare(run("1"), run("2"))), CauseClass::InputData);
}

TEST_F(ForeignStreams, OneThatMovedByMoreInOneRunIsNamedWithItsLines) {
    const auto run = [](const std::string& after, const std::string& data) {
        return "met random s\nones -> %w:f32[2]=w | site:train.py:3:main\nmoved random s " + after +
               kReads + "\nneg %x:f32[2]=" + data + " -> %n:f32[2]=n" + data + kReads;
    };
    expectStream(compare(run("t", "x"), run("u", "y")), Confidence::Likely, "random",
                 "random gave an unknown number of words in A, an unknown number of words in B, "
                 "between train.py:3 and train.py:9");
}

TEST_F(ForeignStreams, OneThatMovedInOneRunAloneIsNamed) {
    const DiffResult result =
        compare("met random s\nneg %x:f32[2]=x -> %n:f32[2]=n", "met random s\nmoved random s t\n"
                                                                "neg %x:f32[2]=y -> %n:f32[2]=m");
    expectStream(result, Confidence::Likely, "random", "in B only");
}

TEST_F(ForeignStreams, ItIsNoDifferenceByItself) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nmoved random s" + salt + " t" + salt +
               "\nneg %x:f32[2]=x -> %n:f32[2]=n";
    };
    const DiffResult result = compare(run("1"), run("2"));
    EXPECT_EQ(result.verdict, Verdict::Same);
    EXPECT_EQ(compare(run("1"), "neg %x:f32[2]=x -> %n:f32[2]=n").verdict, Verdict::Same);
}

TEST_F(ForeignStreams, ModulesGeneratorsThatNeverMovedAreNoCause) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nneg %x:f32[2]=x" + salt + " -> %n:f32[2]=n" + salt;
    };
    EXPECT_EQ(firstCause(compare(run("1"), run("2"))), CauseClass::InputData);
}

TEST_F(ForeignStreams, ObjectsOfTheProgramsOwnMayHaveBeenDrawnFromBefore) {
    const auto run = [](const std::string& salt) {
        return "met numpy.random.Generator#0 s" + salt + "\nneg %x:f32[2]=x" + salt +
               " -> %n:f32[2]=n" + salt;
    };
    const DiffResult result = compare(run("1"), run("2"));
    expectStream(result, Confidence::Possible, "numpy.random.Generator#0",
                 "when it was first seen");
    EXPECT_THAT(result.origins[0].cause.remedy, HasSubstr("np.random.default_rng(n)"));
}

TEST_F(ForeignStreams, ScalarsAndAddedOpsMayComeOfIt) {
    const auto scalar = [](const std::string& salt) {
        return "met random s" + salt + "\nmoved random s" + salt + " t" + salt +
               "\nmul %x:f32[2]=x -> %n:f32[2]=n" + salt + " | args:0." + salt;
    };
    expectStream(compare(scalar("1"), scalar("2")), Confidence::Likely, "random", "between");
    const auto branch = [](const std::string& salt, const std::string& extra) {
        return "met random s" + salt + "\nones -> %x:f32[2]=x\nmoved random s" + salt + " t" +
               salt + "\n" + extra + "neg %x -> %n:f32[2]=n" + salt;
    };
    expectStream(compare(branch("1", ""), branch("2", "mul_ %x! -> %x=y\n")), Confidence::Likely,
                 "random", "between");
}

TEST_F(ForeignStreams, LoadedFilesAreNoRandomNumbers) {
    const auto run = [](const std::string& salt) {
        return "schema set_ aten::set_(Tensor(a!) self, Storage s) -> Tensor(a!)\nmet random s" +
               salt + "\nmoved random s" + salt + " t" + salt + "\nempty -> %x:f32[4]=*\n" +
               "set_ %x=*! -> %x=x" + salt + "\nneg %x -> %y:f32[4]=y" + salt;
    };
    EXPECT_EQ(firstCause(compare(run("1"), run("2"))), CauseClass::InputData);
}

TEST_F(ForeignStreams, OpsBetweenTheDrawAndTheUseAreOfTheHandingOver) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nones -> %w:f32[2]=w\nmoved random s" + salt + " t" +
               salt + "\nlift_fresh %x:f32[2]=* -> %y:f32[2]=*@x\nneg %y=x" + salt +
               " -> %n:f32[2]=n" + salt;
    };
    expectStream(compare(run("1"), run("2")), Confidence::Likely, "random", "between");
}

TEST_F(ForeignStreams, OfSeveralTheLastThatMovedIsTheCause) {
    const auto run = [](const std::string& salt) {
        return "met random s" + salt + "\nmet numpy.random p" + salt + "\nmoved numpy.random p" +
               salt + " q" + salt + "\nones -> %w:f32[2]=w\nmoved random s" + salt + " t" + salt +
               "\nneg %x:f32[2]=x" + salt + " -> %n:f32[2]=n" + salt;
    };
    expectStream(compare(run("1"), run("2")), Confidence::Likely, "random", "between");
}

TEST_F(ForeignStreams, MovesOfOneStreamAreOneCause) {
    const auto run = [](const std::string& salt) {
        std::string text = "met random s" + salt + "\n";
        std::string before = "s" + salt;
        for (int i = 0; i < 3; ++i) {
            const std::string after = "t" + salt + std::to_string(i);
            text += "moved random " + before + " " + after + "\nmul %x" + std::to_string(i) +
                    ":f32[2]=" + after + " -> %n" + std::to_string(i) + ":f32[2]=n" + after + "\n";
            before = after;
        }
        return text;
    };
    const DiffResult result = compare(run("1"), run("2"));
    EXPECT_EQ(result.originCount, 1U);
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ForeignStreams, HashSecretMayOrderWholeNumbersButNoOthers) {
    const auto run = [](const std::string& salt, const std::string& dtype) {
        return "environment {\"python\":\"3.11.2\",\"python_hash_secret\":\"" + salt +
               "\"}\nneg %x:" + dtype + "[2]=x" + salt + " -> %n:" + dtype + "[2]=n" + salt;
    };
    const DiffResult result = compare(run("1", "i64"), run("2", "i64"));
    expectStream(result, Confidence::Possible, "hash secret", "hash strings in different ways");
    EXPECT_THAT(result.origins[0].cause.remedy, HasSubstr("PYTHONHASHSEED=0"));
    EXPECT_EQ(firstCause(compare(run("1", "f32"), run("2", "f32"))), CauseClass::InputData);
}

} // namespace
} // namespace repro::replay
