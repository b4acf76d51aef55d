// SPDX-License-Identifier: BSD-3-Clause
#include "trace/pattern.h"

#include <gtest/gtest.h>

namespace repro {
namespace {

struct Wrong {
    std::string what;
    std::size_t position = 0;
};

Wrong wrongOf(std::string_view text) {
    try {
        const Pattern pattern(text);
    } catch (const PatternError& error) {
        return {error.what(), error.position()};
    }
    ADD_FAILURE() << text << " is taken";
    return {};
}

TEST(TracePattern, IsFoundInATextOrIsAllOfIt) {
    const Pattern pattern("aten::(mm|addmm)");
    EXPECT_TRUE(pattern.isIn("aten::mm.out"));
    EXPECT_FALSE(pattern.isAllOf("aten::mm.out"));
    EXPECT_TRUE(pattern.isAllOf("aten::addmm"));
    EXPECT_FALSE(pattern.isIn("aten::MM"));
    EXPECT_TRUE(Pattern("aten::mm", Pattern::Case::Any).isIn("aten::MM"));
}

TEST(TracePattern, AnEmptyOneIsInEveryText) {
    EXPECT_TRUE(Pattern("").isIn(""));
    EXPECT_TRUE(Pattern("").isIn("x"));
    EXPECT_FALSE(Pattern("").isAllOf("x"));
}

TEST(TracePattern, GroupsRewriteAText) {
    const Pattern pattern("Net\\.(\\w+)(.*)");
    EXPECT_EQ(pattern.groups(), 2);
    EXPECT_EQ(pattern.rewritten("Net.fc.0", "Model.$1_$2$"), "Model.fc_.0$");
    EXPECT_EQ(pattern.rewritten("Net.fc.0", "$0"), "Net.fc.0");
    EXPECT_EQ(pattern.rewritten("xNet.fc", "$1"), std::nullopt);
}

TEST(TracePattern, AGroupThatTookNoPartIsEmpty) {
    using Groups = std::vector<std::string_view>;
    const Pattern pattern("origin(?::(\\d+))?");
    EXPECT_EQ(pattern.groupsOf("origin:12"), Groups({"origin:12", "12"}));
    EXPECT_EQ(pattern.groupsOf("origin"), Groups({"origin", ""}));
    EXPECT_EQ(pattern.groupsOf("origin:12 "), std::nullopt);
}

TEST(TracePattern, ALiteralIsFoundAsItIs) {
    const std::string text = "a.b*(c)[0]|$1\\d+";
    EXPECT_TRUE(Pattern(Pattern::literal(text)).isAllOf(text));
    EXPECT_FALSE(Pattern(Pattern::literal("a.b")).isIn("axb"));
}

TEST(TracePattern, WhatIsWrongIsSaidWithItsPlace) {
    EXPECT_EQ(wrongOf("ab(c").what, "not a regular expression: missing ) at position 5");
    EXPECT_EQ(wrongOf("ab)c(").position, 2U);
    EXPECT_EQ(wrongOf("abc[d").position, 3U);
    EXPECT_EQ(wrongOf("ab**").position, 2U);
    EXPECT_EQ(wrongOf("*a").position, 0U);
    EXPECT_EQ(wrongOf("a\\8").position, 1U);
    EXPECT_EQ(wrongOf("a(?=b)").position, 1U);
}

/// A search with backtracking would need 2^40 steps.
TEST(TracePattern, ItsTimeIsLinear) {
    std::string text(40, 'a');
    text += 'b';
    EXPECT_FALSE(Pattern("(a+)+$").isIn(text));
}

} // namespace
} // namespace repro
