// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/rng_pane.h"
#include "tests/gui/fixture.h"

namespace repro::gui {
namespace {

using RngPaneTest = test::ViewerTest;

// As where two threads change places: the draw found the same state, and left another one.
TEST_F(RngPaneTest, StreamsPartAtTheDrawThatLeftAnotherState) {
    const auto generators = generatorsOf(*load(R"(
        rand -> %a:f32[2]=a | draw:cpu:s0:s1
        rand -> %b:f32[2]=b | draw:cpu:s1:s2
        rand -> %c:f32[2]=c | draw:cpu:s2:s3)",
                                               R"(
        rand -> %a:f32[2]=a | draw:cpu:s0:s1
        rand -> %b:f32[2]=x | draw:cpu:s1:t2
        rand -> %c:f32[2]=y | draw:cpu:t2:t3)"));
    ASSERT_EQ(generators.size(), 1U);
    EXPECT_EQ(generators[0].mismatchA, 1);
    EXPECT_EQ(generators[0].mismatchB, 1);
    EXPECT_TRUE(generators[0].a[0].same);
}

} // namespace
} // namespace repro::gui
