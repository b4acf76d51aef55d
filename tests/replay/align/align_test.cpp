// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/align.h"
#include "tests/support/diff_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace repro::replay {
namespace {

class ReplayAlign : public test::DiffTest {
protected:
    [[nodiscard]] std::string rowsOf(std::string_view a, std::string_view b) const {
        std::string text;
        for (const Row& row : compare(a, b).rows) {
            const auto id = [](trace::EventId e) {
                return e == trace::kNone64 ? std::string("-") : std::to_string(e);
            };
            text += id(row.a) + ":" + id(row.b) + " " + strategyName(row.strategy) + "\n";
        }
        return text;
    }
};

const std::string kHead = "neg %x:f32[2]=x -> %a:f32[2]=a\nabs %a -> %b:f32[2]=b\n";
const std::string kTail = "exp %b -> %c:f32[2]=c\nlog %c -> %d:f32[2]=d\n";

TEST_F(ReplayAlign, RowsOfOneRunAreShownWhereTheyHappened) {
    EXPECT_EQ(rowsOf(kHead + kTail, kHead + "sin %b -> %q:f32[9]=q\n" + kTail),
              "0:0 exact\n1:1 exact\n-:2 only_b\n2:3 exact\n3:4 exact\n");
}

TEST_F(ReplayAlign, ReplacedOpKeepsItsPlace) {
    EXPECT_EQ(
        rowsOf(kHead + kTail, "neg %x:f32[2]=x -> %a:f32[2]=a\nsgn %a -> %b:f32[2]=b\n" + kTail),
        "0:0 exact\n1:1 renamed\n2:2 exact\n3:3 exact\n");
}

TEST_F(ReplayAlign, OpsBelowAnAtenOpAreNoRows) {
    const std::string nested = "begin linear %x:f32[2]=x -> %y:f32[2]=y\naddmm %x -> %y\nend\n";
    EXPECT_EQ(rowsOf(nested + "neg %y -> %n:f32[2]=n",
                     "linear %x:f32[2]=x -> %y:f32[2]=y\nneg %y -> %n:f32[2]=n"),
              "0:0 exact\n2:1 exact\n");
}

TEST_F(ReplayAlign, StepsAnchor) {
    // Step 0 of B lost an op that step 1 of both has: pairs must not slip into the next step.
    const std::string one = "step 1\nneg %x:f32[2]=x -> %a:f32[2]=a\nabs %a -> %b:f32[2]=b\n";
    EXPECT_EQ(rowsOf("abs %o:f32[2]=o -> %p:f32[2]=p\nneg %p -> %q:f32[2]=q\n" + one,
                     "abs %o:f32[2]=o -> %p:f32[2]=p\n" + one),
              "0:0 exact\n1:- only_a\n2:1 exact\n3:2 exact\n");
}

TEST_F(ReplayAlign, OptimizersOfTwoModelsAreToldByTheModelsName) {
    const auto update = [](const std::string& model, const std::string& tensor) {
        return "add_ %" + tensor + ":f32[2]=" + tensor + "! -> %" + tensor + "=" + tensor +
               "1 | parameter:" + model + ".weight\n";
    };
    // One number for each model of a type, in order of their births, is no part of the name.
    EXPECT_EQ(rowsOf(update("Encoder#0", "e") + update("Decoder#0", "d"), update("Decoder#1", "d")),
              "0:- only_a\n1:0 exact\n");
}

TEST_F(ReplayAlign, ThreadsAlignByName) {
    const std::string main = "neg %x:f32[2]=x -> %a:f32[2]=a\n";
    const std::string other = "thread loader\nabs %o:f32[2]=o -> %p:f32[2]=p\nthread main\n";
    EXPECT_EQ(rowsOf(main + other, other + main), "0:1 exact\n1:0 exact\n");
}

} // namespace
} // namespace repro::replay
