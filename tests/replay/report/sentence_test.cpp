// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sentence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace repro::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Evidence factOf(std::size_t kind) {
    return {static_cast<EvidenceKind>(kind),
            "in0",
            {"1", "2", "3", "4"},
            {{'A', 7, "aten::add"}, {'B', 8, "aten::mul"}, {'B', 9, "aten::sub"}}};
}

TEST(ReplaySentence, EveryKindHasANameAndASentenceOfItsOwn) {
    std::set<std::string> names, sentences;
    for (std::size_t kind = 0; kind < kEvidenceKindCount; ++kind) {
        const Evidence fact = factOf(kind);
        EXPECT_TRUE(names.insert(evidenceName(fact.kind)).second) << evidenceName(fact.kind);
        EXPECT_TRUE(sentences.insert(sentence(fact)).second) << sentence(fact);
        EXPECT_THAT(sentence(fact), Not(HasSubstr("{"))) << evidenceName(fact.kind);
    }
}

TEST(ReplaySentence, AnEventThatIsNotKnownHasAWord) {
    Evidence fact = factOf(static_cast<std::size_t>(EvidenceKind::OtherLastWriter));
    fact.events[1] = {};
    EXPECT_THAT(sentence(fact),
                HasSubstr("written last by nobody in A, by aten::sub (event 9) in B"));
    fact.kind = EvidenceKind::NeverWritten;
    EXPECT_THAT(sentence(fact), HasSubstr("since an op allocated them"));
}

TEST(ReplaySentence, CountsAgreeWithTheirNouns) {
    Evidence fact{
        EvidenceKind::OnlyInOneRun, {}, {"1", "2"}, {{'A', 7, "aten::add"}, {'B', 8, "aten::mul"}}};
    EXPECT_EQ(sentence(fact),
              "1 row only in run A, the first is aten::add (event 7); 2 rows only in "
              "run B, the first is aten::mul (event 8)");
}

TEST(ReplaySentence, AStatementLeavesOutTheSubjectThatStandsBeforeIt) {
    const Evidence fact{EvidenceKind::OtherMove, "default cpu"};
    EXPECT_EQ(sentence(fact), "default cpu: " + statement(fact));
    const Evidence other{EvidenceKind::Setting, "threads", {"1", "2"}};
    EXPECT_EQ(sentence(other), statement(other));
}

TEST(ReplaySentence, NamesOfTheRecordedProgramAreNoPattern) {
    EXPECT_EQ(sentence({EvidenceKind::Argument, "{0}", {"{first}", "{}"}}),
              "argument {0} is {first} in A, {} in B");
}

} // namespace
} // namespace repro::replay
