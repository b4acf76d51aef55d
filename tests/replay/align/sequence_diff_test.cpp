// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/sequence_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace repro::replay {
namespace {

using Keys = std::vector<std::uint64_t>;

std::vector<Match> diff(const Keys& a, const Keys& b) {
    DiffBudget budget;
    return diffSequences(a, b, budget);
}

void expectValid(const Keys& a, const Keys& b, const std::vector<Match>& matches) {
    for (std::size_t i = 0; i < matches.size(); ++i) {
        EXPECT_EQ(a[matches[i].a], b[matches[i].b]);
        if (i > 0) {
            EXPECT_LT(matches[i - 1].a, matches[i].a);
            EXPECT_LT(matches[i - 1].b, matches[i].b);
        }
    }
}

std::size_t longestCommon(const Keys& a, const Keys& b) {
    std::vector<std::vector<std::size_t>> t(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            t[i][j] =
                a[i - 1] == b[j - 1] ? t[i - 1][j - 1] + 1 : std::max(t[i - 1][j], t[i][j - 1]);
        }
    }
    return t[a.size()][b.size()];
}

TEST(ReplaySequenceDiff, FindsAsManyPairsAsThereCanBe) {
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        Keys a(random() % 24);
        Keys b(random() % 24);
        for (auto* keys : {&a, &b}) {
            std::generate(keys->begin(), keys->end(), [&] { return random() % 5; });
        }
        const auto matches = diff(a, b);
        expectValid(a, b, matches);
        EXPECT_EQ(matches.size(), longestCommon(a, b));
    }
}

TEST(ReplaySequenceDiff, FollowsManyInsertionsThroughRepeatedWork) {
    Keys a;
    Keys b;
    for (std::uint64_t round = 0; round < 5000; ++round) {
        a.insert(a.end(), {1, 2, 3, 4});
        b.insert(b.end(), {1, 2, 9, 3, 4});
    }
    const auto matches = diff(a, b);
    expectValid(a, b, matches);
    EXPECT_EQ(matches.size(), a.size());
}

TEST(ReplaySequenceDiff, UsesUniqueKeysWhereEditsAreMany) {
    Keys a;
    Keys b;
    std::mt19937_64 random(3);
    for (std::uint64_t block = 0; block < 20; ++block) {
        for (auto* keys : {&a, &b}) {
            keys->push_back(1'000'000 + block);
            for (int i = 0; i < 400; ++i) {
                keys->push_back(random());
            }
        }
    }
    const auto matches = diff(a, b);
    expectValid(a, b, matches);
    EXPECT_EQ(matches.size(), 20U);
}

TEST(ReplaySequenceDiff, SpentBudgetStillPairsInPieces) {
    Keys a;
    Keys b;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        a.insert(a.end(), {i % 7, 10 + i % 5});
        b.insert(b.end(), {i % 7, 20, 10 + i % 5});
    }
    DiffBudget spent{0};
    const auto matches = diffSequences(a, b, spent);
    expectValid(a, b, matches);
    EXPECT_EQ(matches.size(), a.size());
}

TEST(ReplaySequenceDiff, UnrelatedMillionsAreToldBeforeAnyDiff) {
    std::mt19937_64 random(5);
    Keys a(1'000'000);
    Keys b(1'000'000);
    std::generate(a.begin(), a.end(), [&] { return random(); });
    std::generate(b.begin(), b.end(), [&] { return random(); });
    DiffBudget budget;
    EXPECT_TRUE(diffSequences(a, b, budget).empty());
    EXPECT_EQ(budget.steps, DiffBudget().steps);
}

} // namespace
} // namespace repro::replay
