// SPDX-License-Identifier: BSD-3-Clause
#include "replay/filter/filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace repro::replay {
namespace {

FilterRows rowsOf(std::span<const RowEntry> all) {
    return {.all = all, .names = {"aten::mm", "aten::relu"}, .layers = {""}};
}

Filter::Error errorOf(std::string_view text, Filter::Scope scope = Filter::Scope::Pair) {
    Filter::Error error;
    EXPECT_FALSE(Filter::parse(text, &error, scope)) << text;
    return error;
}

/// Whether one row passes.
bool passes(std::string_view text, const RowEntry& row) {
    Filter::Error error;
    const auto filter = Filter::parse(text, &error);
    EXPECT_TRUE(filter) << text << ": " << error.message;
    constexpr std::uint32_t kFirst[] = {0};
    FilterRows rows = rowsOf({&row, 1});
    rows.differing = std::span(kFirst).first(row.differs() ? 1 : 0);
    return filter && !filter->apply(rows, {}, [] { return false; }).empty();
}

TEST(ReplayFilter, KindsPhasesAndStrategiesGoByTheNamesOfTheTrace) {
    for (int number = 0; number <= static_cast<int>(trace::EventKind::Batch); ++number) {
        RowEntry row;
        row.kind = static_cast<trace::EventKind>(number);
        EXPECT_TRUE(passes(std::string("kind:") + trace::kindName(row.kind), row));
    }
    EXPECT_TRUE(passes("kind:mark", {.kind = trace::EventKind::ZeroGrad}));
    EXPECT_TRUE(passes("kind:optimizer", {.kind = trace::EventKind::OptimizerStep}));
    EXPECT_TRUE(passes("phase:back", {.phase = trace::Phase::Backward}));
    EXPECT_TRUE(passes("match:only_b", {.strategy = Strategy::OnlyB}));
    EXPECT_FALSE(passes("kind:layer", {.kind = trace::EventKind::Op}));
}

TEST(ReplayFilter, ClassesGoByTheNamesOfReportsOrInGroups) {
    for (int number = 0; number < kRowClassCount; ++number) {
        RowEntry row;
        row.rowClass = static_cast<RowClass>(number);
        EXPECT_TRUE(passes(std::string("class:") + rowClassName(row.rowClass), row));
        EXPECT_EQ(passes("class:differs", row), row.differs());
        EXPECT_EQ(passes("class:origin", row), row.isOrigin());
    }
}

TEST(ReplayFilter, AStarStandsForAnythingAndTheRestForItself) {
    const RowEntry relu{.name = 1};
    EXPECT_TRUE(passes("op:a*::RELU", relu));
    EXPECT_FALSE(passes("op:a.en", relu));
    EXPECT_TRUE(passes("/a.en/", relu));
    EXPECT_TRUE(passes("op:", relu));
}

TEST(ReplayFilter, InOneTraceNothingIsComparedOrNoted) {
    const auto scope = Filter::Scope::OneTrace;
    for (const char* text : {"class:origin", "match:edit", "only:A", "note:", "ulp>4", "n=1"}) {
        EXPECT_NE(errorOf(text, scope).message.find("asks what two runs have"), std::string::npos);
    }
    EXPECT_EQ(errorOf("mm (relu | ulp>4)", scope).position, 11U);
    Filter::Error error;
    EXPECT_TRUE(Filter::parse("mm layer:x step:1 phase:f kind:op -/x/", &error, scope));
}

TEST(ReplayFilter, LooksAtEachRowOnceWhateverIsAsked) {
    std::vector<RowEntry> all(10'000);
    for (std::uint32_t row = 0; row < all.size(); ++row) {
        all[row].name = row % 3 == 0 ? 1 : 0;
        all[row].step = row / 100;
    }
    const FilterRows rows = rowsOf(all);
    Filter::Error error;
    for (const std::string text : {"", "relu", "(op:relu | step:5..) -step:90.. -class:origin"}) {
        int asked = 0;
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < rows.size(); ++row) {
            const bool relu = row % 3 == 0;
            if (text.empty() || (text == "relu" ? relu : row < 9000 && (relu || row >= 500))) {
                expected.push_back(row);
            }
        }
        EXPECT_EQ(Filter::parse(text, &error)->apply(rows, {}, [&] { return ++asked < 0; }),
                  expected)
            << text;
        EXPECT_EQ(asked, 3); // blocks of 4096 rows
    }
}

TEST(ReplayFilter, TheFirstRowsCostTheSameInEveryList) {
    for (const std::uint32_t count : {100'000U, 1'000'000U}) {
        std::vector<RowEntry> list(count);
        for (std::uint32_t row = 0; row < count; row += 50) {
            list[row].name = 1;
        }
        list.back().step = 7;
        FilterRows rows = rowsOf(list);
        int asked = 0;
        const auto look = [&asked] { return ++asked < 0; };
        const auto relu = *Filter::parse("relu", nullptr);
        const auto all = relu.apply(rows, {}, [] { return false; });
        for (const std::uint32_t row : {0U, 7U, count / 2, count - 50, trace::kNone32}) {
            asked = 0;
            const auto near = relu.applyNear(row, rows, {}, look);
            ASSERT_TRUE(near);
            EXPECT_LE(asked, 7); // blocks of 4096 rows
            EXPECT_LT(near->size(), 800U);
            const auto first = std::lower_bound(all.begin(), all.end(), near->front());
            EXPECT_TRUE(std::equal(near->begin(), near->end(), first));
            const bool passes = row % 50 == 0;
            EXPECT_EQ(std::binary_search(near->begin(), near->end(), row), passes);
            EXPECT_EQ(near->front() == 0, !passes || row == 0);
        }
        asked = 0; // what is rare takes a look at every block, but at none twice
        EXPECT_EQ(Filter::parse("step:7", nullptr)->applyNear(0, rows, {}, look),
                  std::vector{count - 1});
        EXPECT_LE(asked, static_cast<int>(count / 4096 + 1));
        // From a first divergence on: nothing before it passes.
        std::vector<std::uint32_t> differing;
        for (std::uint32_t row = count / 2; row < count; ++row) {
            list[row].rowClass = RowClass::Inherited;
            differing.push_back(row);
        }
        rows.differing = differing;
        asked = 0;
        const auto differs = Filter::parse("class:inherited", nullptr);
        ASSERT_TRUE(differs);
        const auto heirs = differs->applyNear(count / 2, rows, {}, look);
        ASSERT_TRUE(heirs);
        EXPECT_EQ(heirs->front(), count / 2);
        EXPECT_LE(asked, 64);
    }
}

TEST(ReplayFilter, ErrorsNameTheirPlace) {
    EXPECT_EQ(errorOf("op:mm (relu").position, 6U);
    EXPECT_EQ(errorOf("op:mm )").position, 6U);
    EXPECT_EQ(errorOf("ulp>many").position, 4U);
    EXPECT_EQ(errorOf("class:nonsense").position, 6U);
    EXPECT_TRUE(errorOf("class:nonsense").message.find("origin") != std::string::npos);
    EXPECT_EQ(errorOf("colour:red").position, 0U);
    EXPECT_EQ(errorOf("a | | b").position, 4U);
    EXPECT_EQ(errorOf("/(/").position, 2U);
    EXPECT_EQ(errorOf("x /abc").position, 2U);
    EXPECT_EQ(errorOf("step:x").position, 5U);
    EXPECT_EQ(errorOf("relu -").position, 5U);
}

TEST(ReplayFilter, EachTermIsExplained) {
    Filter::Error error;
    const auto filter = Filter::parse("class:or -op:detach step:2..5", &error);
    ASSERT_TRUE(filter);
    EXPECT_EQ(
        filter->explanation(),
        (std::vector<std::string>{"class is origin", "not: op has 'detach'", "step is 2..5"}));
}

TEST(ReplayFilter, NoTextMakesItFail) {
    std::mt19937 random(7);
    const std::vector<RowEntry> all(3);
    const FilterRows rows = rowsOf(all);
    const std::string letters = "a (|)-+/:>=<.*ulpstepclass0";
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto length = random() % 14; length > 0; --length) {
            text += letters[random() % letters.size()];
        }
        Filter::Error error;
        if (const auto filter = Filter::parse(text, &error)) {
            (void)filter->apply(rows, {}, [] { return false; });
        } else {
            EXPECT_FALSE(error.message.empty()) << text;
            EXPECT_LE(error.position, text.size()) << text;
        }
    }
}

} // namespace
} // namespace repro::replay
