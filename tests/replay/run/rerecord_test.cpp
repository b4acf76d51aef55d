// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/rerecord.h"
#include "tests/support/diff_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace repro::replay {
namespace {

class ReplayRerecord : public test::DiffTest {
protected:
    [[nodiscard]] std::string commandOf(const std::string& text, trace::EventId event) const {
        return rerecordCommand(test::buildTrace(folder() / "my run.h5", text), event);
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
