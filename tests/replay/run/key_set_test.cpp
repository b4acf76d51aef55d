// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/key_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace repro::replay {
namespace {

TEST(ReplayKeySet, HoldsWhatWasPutInAndNothingElse) {
    KeySet keys;
    EXPECT_FALSE(keys.contains(0));
    std::set<std::uint64_t> expected;
    std::mt19937_64 random(1);
    for (int i = 0; i < 5000; ++i) {
        // Few low bits, so that many keys want the same slot; some come again.
        const std::uint64_t key = (random() % 4000) << 40U;
        keys.insert(key);
        expected.insert(key);
    }
    for (std::uint64_t k = 0; k < 4500; ++k) {
        ASSERT_EQ(keys.contains(k << 40U), expected.contains(k << 40U)) << k;
    }
}

} // namespace
} // namespace repro::replay
