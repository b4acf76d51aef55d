// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/knowledge.h"
#include "trace/error.h"

#include <gtest/gtest.h>

#include <string>

namespace repro::replay {
namespace {

const std::string kTitle = "op\toverload\tdevice\tcondition\tcause\tremedy\tsource\n";

TEST(ReplayKnowledge, BuiltInTableIsWhole) {
    EXPECT_EQ(builtinKnowledge().size(), 343U);
}

TEST(ReplayKnowledge, IndexPutOnTheCpuIsKnown) {
    const auto rows = knownRows("aten::index_put_", "", 0);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows[0]->cause, "atomic_add_order");
    EXPECT_EQ(rows[0]->detail, "parallel CAS-based float add");
}

TEST(ReplayKnowledge, RowsOfOtherDevicesDoNotApply) {
    EXPECT_TRUE(knownRows("aten::avg_pool3d_backward", "", 0).empty());
    EXPECT_FALSE(knownRows("aten::avg_pool3d_backward", "", 1).empty());
}

TEST(ReplayKnowledge, RefusesARowWithAMissingField) {
    EXPECT_THROW(parseKnowledge(kTitle + "aten::x\t*\tcpu\tc\tnone\tr\n"), Error);
}

TEST(ReplayKnowledge, RefusesAnUnknownCause) {
    EXPECT_THROW(parseKnowledge(kTitle + "aten::x\t*\tcpu\tc\tmoon_phase\tr\ts\n"), Error);
}

TEST(ReplayKnowledge, RefusesAnUnknownDevice) {
    EXPECT_THROW(parseKnowledge(kTitle + "aten::x\t*\ttoaster\tc\tnone\tr\ts\n"), Error);
}

TEST(ReplayKnowledge, RefusesAnotherTitle) {
    EXPECT_THROW(parseKnowledge("op\tdevice\n"), Error);
}

} // namespace
} // namespace repro::replay
