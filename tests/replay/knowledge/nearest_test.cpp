// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/nearest.h"

#include <gmock/gmock.h>

namespace repro::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReplayNearest, CountsEditsAndSwaps) {
    EXPECT_EQ(editDistance("diff", "diff"), 0U);
    EXPECT_EQ(editDistance("dif", "diff"), 1U);
    EXPECT_EQ(editDistance("verfiy", "verify"), 1U);
    EXPECT_EQ(editDistance("", "ls"), 2U);
}

TEST(ReplayNearest, WhatContainsTheWordComesFirst) {
    EXPECT_THAT(nearestNames("conv2d", {"aten::add", "aten::conv2d", "conv1d", "conv1d", "mm"}),
                ElementsAre("aten::conv2d", "conv1d", "mm"));
    EXPECT_THAT(nearestNames("x", {}), IsEmpty());
}

} // namespace
} // namespace repro::replay
