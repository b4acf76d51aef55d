// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/filter.h"
#include "tests/support/diff_fixture.h"
#include "tests/support/trace_text.h"

#include <gmock/gmock.h>

namespace repro::replay {
namespace {

using testing::ElementsAre;

/// Two runs as rows: event N of A beside event N of B.
class FilterOfSites : public test::DiffTest {
protected:
    std::vector<std::uint32_t> passing(std::string_view text) {
        Filter::Error error;
        const auto filter = Filter::parse(text, &error);
        EXPECT_TRUE(filter) << text << ": " << error.message;
        return filter->apply(m_rows, {}, [] { return false; });
    }
    static std::string refusal(std::string_view text) {
        Filter::Error error;
        EXPECT_FALSE(Filter::parse(text, &error)) << text;
        return error.message;
    }

    const trace::Reader m_a = test::buildTrace(folder() / "a.h5", R"(
        relu %x:f32[2]=x -> %a:f32[2]=a | site:/src/train.cpp:80:Net::forward(at::Tensor)<main.cpp:3:main
        mm %a -> %b:f32[2]=b | site:/src/train.cpp:95:main
        add %b -> %c:f32[2]=c | site:/src/strain.cpp:80:main
        mul %c -> %d:f32[2]=d
    )");
    const trace::Reader m_b = test::buildTrace(folder() / "b.h5", R"(
        relu %x:f32[2]=x -> %a:f32[2]=a | site:/src/train.cpp:81:Net::forward(at::Tensor)<main.cpp:3:main
    )");
    const OwnCalls m_callsA = ownCalls(m_a), m_callsB = ownCalls(m_b);
    const std::vector<RowEntry> m_all{{.a = 0, .b = 0}, {.a = 1}, {.a = 2}, {.a = 3}};
    const FilterRows m_rows{.all = m_all,
                            .names = {"aten::mm"},
                            .layers = {""},
                            .callsA = &m_callsA,
                            .callsB = &m_callsB};
};

TEST_F(FilterOfSites, AFileGoesByTheEndOfItsPath) {
    EXPECT_THAT(passing("site:train.cpp"), ElementsAre(0, 1));
    EXPECT_THAT(passing("site:src/train.cpp"), ElementsAre(0, 1));
    EXPECT_THAT(passing("site:/src/train.cpp"), ElementsAre(0, 1));
    EXPECT_THAT(passing("site:src/strain.cpp"), ElementsAre(2));
    EXPECT_THAT(passing("site:rain.cpp"), ElementsAre());
}

TEST_F(FilterOfSites, LinesAreThoseOfTheInnermostOwnCallInEitherRun) {
    EXPECT_THAT(passing("site:train.cpp:80"), ElementsAre(0));
    EXPECT_THAT(passing("site:train.cpp:81"), ElementsAre(0));
    EXPECT_THAT(passing("site:train.cpp:82..95"), ElementsAre(1));
    EXPECT_THAT(passing("site:train.cpp:81.."), ElementsAre(0, 1));
    EXPECT_THAT(passing("site:main.cpp"), ElementsAre()); // a caller
    EXPECT_THAT(passing("-site:train.cpp"), ElementsAre(2, 3));
}

TEST_F(FilterOfSites, AFunctionIsNamedWithoutItsParameters) {
    EXPECT_THAT(passing("fn:forward"), ElementsAre(0));
    EXPECT_THAT(passing("fn:net::*ward"), ElementsAre(0));
    EXPECT_THAT(passing("fn:Tensor"), ElementsAre());
    EXPECT_THAT(passing("fn:main site:strain.cpp"), ElementsAre(2));
}

TEST_F(FilterOfSites, WhatNamesNoLinesIsRefused) {
    for (const char* text : {"site:", "site:train.cpp:", "site:train.cpp:9..3"}) {
        EXPECT_NE(refusal(text).find("names no lines of a file"), std::string::npos) << text;
    }
}

TEST_F(FilterOfSites, CompletionsAreFilesThenTheirLinesAndFunctions) {
    EXPECT_THAT(Filter::completions("site:t", &m_rows), ElementsAre("site:train.cpp"));
    EXPECT_THAT(Filter::completions("site:train.cpp:", &m_rows),
                ElementsAre("site:train.cpp:80", "site:train.cpp:81", "site:train.cpp:95"));
    EXPECT_THAT(Filter::completions("-fn:n", &m_rows), ElementsAre("-fn:Net::forward"));
}

} // namespace
} // namespace repro::replay
