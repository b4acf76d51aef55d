// SPDX-License-Identifier: BSD-3-Clause
#include "program.h"
#include "tests/support/trace_text.h"

#include <fstream>

namespace repro::cli::test {

namespace {

/// In B the layer and one of its ops have other names, an op was put before it, and relu makes
/// something else.
class DiffMapTest : public CliTest {
protected:
    DiffMapTest() {
        repro::test::buildTrace(in("a.h5"), "layer Net.features Conv\n"
                                            "mul %x:f32[4]=x %w:f32[4]=w -> %m:f32[4]=m\n"
                                            "neg %m -> %n:f32[4]=n\nend\n"
                                            "relu %n -> %r:f32[4]=r\n");
        repro::test::buildTrace(in("b.h5"), "layer Net.backbone Conv\n"
                                            "abs %x:f32[4]=x -> %q:f32[4]=q\n"
                                            "my::scale %x %w:f32[4]=w -> %m:f32[4]=m\n"
                                            "neg %m -> %n:f32[4]=n\nend\n"
                                            "relu %n -> %r:f32[4]=r2\n");
    }
    [[nodiscard]] Outcome diff(const std::string& lines) const {
        std::ofstream(in("names.map")) << lines;
        return reprorec({"diff", in("a.h5"), in("b.h5"), "--map", in("names.map")});
    }
};

} // namespace

TEST_F(DiffMapTest, RenamedLayersAndOpsAreMatchedAndTheFirstOriginIsRight) {
    const Outcome bare = reprorec({"diff", in("a.h5"), in("b.h5")});
    EXPECT_NE(bare.out.find("diverged: first at aten::mul"), std::string::npos) << bare.out;
    const Outcome named = diff("layer Net\\.features = Net.backbone\nop aten::mul = my::scale\n");
    EXPECT_EQ(named.status, 1) << named.err;
    EXPECT_NE(named.out.find("diverged: first at aten::relu"), std::string::npos) << named.out;
    EXPECT_NE(named.out.find("aligned by a map with 2 names and 0 pairs of events"),
              std::string::npos)
        << named.out;
}

TEST_F(DiffMapTest, EventsAreHeldTogether) {
    const Outcome held = diff("event 1 = 2\nlayer Net\\.features = Net.backbone\n");
    EXPECT_NE(held.out.find("diverged: first at aten::relu"), std::string::npos) << held.out;
}

TEST_F(DiffMapTest, LinesThatFitNothingAreTrouble) {
    EXPECT_TRUE(isTrouble(reprorec({"diff", in("a.h5"), in("b.h5"), "--map", in("none.map")}),
                          "none.map: cannot read any names"));
    EXPECT_TRUE(isTrouble(diff(""), "names.map: holds no line"));
    EXPECT_TRUE(isTrouble(diff("op aten::mul my::scale"), "names.map:1: a line is"));
    EXPECT_TRUE(isTrouble(diff("\nlayer Net\\.head = Net.backbone"), "names.map:2: no layer of"));
    EXPECT_TRUE(isTrouble(diff("event 1 = 9"), "names.map:1: run B has no event 9"));
}

} // namespace repro::cli::test
