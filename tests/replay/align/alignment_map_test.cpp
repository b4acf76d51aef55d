// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/alignment_map.h"
#include "tests/support/diff_fixture.h"
#include "trace/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

AlignmentMap mapOf(std::string_view lines) {
    AlignmentMap map;
    map.parse(lines, "names.map");
    return map;
}

class ReplayAlignmentMap : public test::DiffTest {
protected:
    [[nodiscard]] DiffResult compareBy(std::string_view lines, std::string_view a,
                                       std::string_view b) const {
        const AlignmentMap map = mapOf(lines);
        return compare(a, b, {.map = &map});
    }
    [[nodiscard]] std::string rowsBy(std::string_view lines, std::string_view a,
                                     std::string_view b) const {
        std::string text;
        for (const Row& row : compareBy(lines, a, b).rows) {
            const auto id = [](trace::EventId e) {
                return e == trace::kNone64 ? std::string("-") : std::to_string(e);
            };
            text += id(row.a) + ":" + id(row.b) + " " + strategyName(row.strategy) + "\n";
        }
        return text;
    }
    [[nodiscard]] std::string complaint(std::string_view lines, std::string_view a,
                                        std::string_view b) const {
        try {
            (void)compareBy(lines, a, b);
        } catch (const Error& error) {
            return error.what();
        }
        return "none";
    }
};

/// A layer and an op that the other program calls otherwise, beside an op that it lost.
const std::string kBefore = "layer Net.features ConvImpl\nmul %x:f32[4]=x %w:f32[4]=w -> "
                            "%m:f32[4]=m\nneg %m -> %n:f32[4]=n\nend\nrelu %n -> %r:f32[4]=r\n";
const std::string kAfter = "layer Net.backbone ConvImpl\nmy::scale %x:f32[4]=x %w:f32[4]=w -> "
                           "%m:f32[4]=m\nneg %m -> %n:f32[4]=n\nabs %n -> %q:f32[9]=q\nend\n"
                           "relu %n -> %r:f32[4]=r\n";

TEST_F(ReplayAlignmentMap, RenamedLayerAndOpAreMatchedByTheirNames) {
    const std::string names = "# of the new program\n"
                              "layer Net\\.features(.*) = Net.backbone$1 # and what is in it\n"
                              "op aten::mul = my::scale\n";
    EXPECT_EQ(rowsBy(names, kBefore, kAfter),
              "0:0 mapped\n1:1 mapped\n2:2 mapped\n-:3 only_b\n3:4 exact\n");
    EXPECT_EQ(compareBy(names, kBefore, kAfter).verdict, Verdict::Same);
    EXPECT_THAT(sentence(compareBy(names, kBefore, kAfter).notes.front()),
                HasSubstr("a map with 2 names and 0 pairs"));
    // Beside a lost op nothing else tells that the two are one.
    const std::string inserted =
        replaced(kAfter, "my::scale", "abs %x:f32[4]=x -> %z:f32[4]=z\nmy::scale");
    EXPECT_EQ(compare(kBefore, inserted).origins.at(0).first.op, "aten::mul");
    // With the names, the first origin is the op that made another result.
    const std::string other = replaced(inserted, "=r\n", "=r2\n");
    const DiffResult result = compareBy(names, kBefore, other);
    expectCause(result, CauseClass::Unknown, 3);
    EXPECT_EQ(result.origins.at(0).first.op, "aten::relu");
    EXPECT_THAT(result.origins, SizeIs(1));
}

TEST_F(ReplayAlignmentMap, AnotherOpInThePlaceIsNoKernelsDoing) {
    const DiffResult result = compareBy("op aten::index_put_ = my::scale\n",
                                        "index_put_ %x:f32[2]=x -> %y:f32[2]=y | alerted",
                                        "my::scale %x:f32[2]=x -> %y:f32[2]=y2");
    expectCause(result, CauseClass::Structure, 0);
    EXPECT_EQ(classOfEvent(result, 0), RowClass::Origin);
}

TEST_F(ReplayAlignmentMap, ParametersGoWithTheirLayer) {
    const auto step = [](std::string_view first, std::string_view second) {
        const std::string one = "add_ %p:f32[2]=p! -> %p=p1 | parameter:Net.";
        const std::string two = "add_ %q:f32[2]=q! -> %q=q1 | parameter:Net.";
        return one + std::string(first) + ".weight\n" + two + std::string(second) + ".weight\n";
    };
    EXPECT_EQ(rowsBy("", step("enc", "dec"), step("dec", "enc")),
              "0:- only_a\n1:0 edit\n-:1 only_b\n");
    EXPECT_EQ(rowsBy("layer Net\\.enc = Net.dec\nlayer Net\\.dec = Net.enc\n",
                     "layer Net.enc E\nend\nlayer Net.dec D\nend\n" + step("enc", "dec"),
                     "layer Net.dec E\nend\nlayer Net.enc D\nend\n" + step("dec", "enc")),
              "0:0 mapped\n1:1 mapped\n2:2 mapped\n3:3 mapped\n");
}

TEST_F(ReplayAlignmentMap, WhatFollowsAHeldPairFollowsIt) {
    const std::string neg = "neg %x:f32[2]=x -> %y:f32[2]=y\n";
    const std::string three = neg + neg + neg;
    EXPECT_EQ(rowsBy("", three, three + neg), "0:0 exact\n1:1 exact\n2:2 exact\n-:3 only_b\n");
    EXPECT_EQ(rowsBy("event 1 = 2", three, three + neg),
              "0:0 exact\n-:1 only_b\n1:2 manual\n2:3 exact\n");
}

TEST_F(ReplayAlignmentMap, StepsGoOnFromAHeldPair) {
    const auto step = [](int number, const std::string& op) {
        return "step " + std::to_string(number) + "\n" + op + " %x:f32[2]=x -> %y:f32[2]=y\n";
    };
    const std::string a = step(0, "neg") + step(1, "exp") + step(2, "exp");
    const std::string b = step(0, "neg") + step(1, "abs") + step(2, "exp") + step(3, "exp");
    EXPECT_EQ(rowsBy("", a, b), "0:0 exact\n1:1 renamed\n2:2 exact\n-:3 only_b\n");
    EXPECT_EQ(rowsBy("event 1 = 2", a, b), "0:0 exact\n-:1 only_b\n1:2 manual\n2:3 exact\n");
}

TEST_F(ReplayAlignmentMap, OtherOpsCanBeHeldTogether) {
    const DiffResult result = compareBy("event 0 = 1", "neg %x:f32[2]=x -> %y:f32[2]=y\n",
                                        "abs %x:f32[2]=x -> %q:f32[9]=q\n"
                                        "exp %x -> %y:f32[2]=y2\n");
    EXPECT_EQ(result.rows.at(1).strategy, Strategy::Manual);
    EXPECT_EQ(result.origins.at(0).cause.kind, CauseClass::Structure);
}

TEST_F(ReplayAlignmentMap, PoolsHoldPairsInAnyOrder) {
    const std::string pool = "thread w1 w\nneg %a:f32[2]=a -> %b:f32[2]=b\n"
                             "neg %a=a -> %d:f32[2]=b\nthread w2 w\n"
                             "exp %e:f32[2]=e -> %f:f32[2]=f\n";
    EXPECT_THAT(rowsBy("event 0 = 1\nevent 1 = 0", pool, pool),
                ::testing::AllOf(HasSubstr("0:1 manual"), HasSubstr("1:0 manual")));
}

TEST_F(ReplayAlignmentMap, LinesThatSayNothingAreRefusedByFileAndLine) {
    const std::string run = "begin mul %x:f32[2]=x -> %y:f32[2]=y\nneg %x -> %y\nend\n"
                            "layer Net.fc L\nend\nmul.out %y -> %z:f32[2]=z\n"
                            "thread other\nexp %x -> %e:f32[2]=e\n";
    const auto complaintOf = [&](std::string_view lines) { return complaint(lines, run, run); };
    EXPECT_EQ(complaintOf("\nlayer Net = Net"),
              "names.map:2: no layer of run A has that name, or an earlier line took it");
    EXPECT_EQ(complaintOf("layer .* = Net.head"),
              "names.map:1: Net.fc would be Net.head, but run B has no such layer");
    EXPECT_EQ(complaintOf("op aten::exp = my::op"),
              "names.map:1: aten::exp would be my::op, but run B has no such op");
    EXPECT_EQ(complaintOf("op aten::exp = aten::mul"), "none");
    EXPECT_THAT(complaintOf("op ( = b"), HasSubstr("names.map:1: '(' is not a regular expression"));
    EXPECT_THAT(complaintOf("op a b"), HasSubstr("names.map:1: a line is: layer NAME = NAME"));
    EXPECT_THAT(complaintOf("event -1 = 2"), HasSubstr("'-1' is no number of an event"));
    EXPECT_EQ(complaintOf("event 5 = 0"), "names.map:1: run A has no event 5; its last is 4");
    EXPECT_EQ(complaintOf("event 0 = 1"),
              "names.map:1: event 1 of run B is not aligned by itself; event 0 runs it");
    EXPECT_EQ(complaintOf("event 0 = 2"),
              "names.map:1: event 0 of A and event 2 of B are of different kinds");
    EXPECT_EQ(complaintOf("event 0 = 4"),
              "names.map:1: event 0 of A is of thread main, event 4 of B of other");
    EXPECT_EQ(complaintOf("event 0 = 3\nevent 3 = 0"),
              "names.map:2: event 3 = 0 crosses event 0 = 3");
    EXPECT_EQ(complaintOf("event 0 = 0\nevent 3 = 0"),
              "names.map:2: names.map:1 has event 0 already");
}

TEST_F(ReplayAlignmentMap, AnOverloadIsAskedForWhereBHasTwo) {
    const std::string a = "neg %x:f32[2]=x -> %y:f32[2]=y\n";
    const std::string b = "my::op.one %x:f32[2]=x -> %y:f32[2]=y\nmy::op.two %x -> %y\n";
    EXPECT_EQ(complaint("op aten::neg = my::op", a, b),
              "names.map:1: run B has more than one my::op: write my::op.one or my::op.two");
    EXPECT_EQ(rowsBy("op aten::neg = my::op.two", a, b), "-:0 only_b\n0:1 mapped\n");
}

} // namespace
} // namespace repro::replay
