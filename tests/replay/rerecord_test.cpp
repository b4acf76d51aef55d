// SPDX-License-Identifier: BSD-3-Clause
#include "replay/rerecord.h"
#include "tests/support/diff_fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace repro::replay {
namespace {

class ReplayRerecord : public ::testing::Test {
protected:
    static std::string commandOf(const std::string& text, trace::EventId event) {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        const auto folder = std::filesystem::path(::testing::TempDir()) / test->name();
        std::filesystem::create_directories(folder);
        const auto path = folder / "my run.h5";
        return rerecordCommand(test::buildTrace(path, text), event);
    }
};

TEST_F(ReplayRerecord, AsksForTheBytesOfThisOpInThisStepOnly) {
    EXPECT_EQ(commandOf("environment {\"argv\": [\"./train\", \"--name\", \"it's\"]}\n"
                        "step 3\nmm %x:f32[2]=x -> %y:f32[2]=y\n",
                        0),
              "reprorec --capture full --filter-op '^aten::mm$' --filter-steps 3 "
              "-o 'my run'-bytes.h5 -- ./train --name 'it'\\''s'");
}

TEST_F(ReplayRerecord, ALayersTensorsAreThoseOfEveryOp) {
    EXPECT_EQ(commandOf("environment {\"argv\": [\"./train\"]}\nlayer Net NetImpl\nend\n", 0),
              "reprorec --capture full --filter-steps 0 -o 'my run'-bytes.h5 -- ./train");
}

} // namespace
} // namespace repro::replay
