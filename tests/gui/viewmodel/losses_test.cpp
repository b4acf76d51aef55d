// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/losses.h"
#include "replay/diff.h"
#include "tests/gui/fixture.h"

#include <cmath>

namespace repro::gui {
namespace {

class LossTest : public test::ViewerTest {
protected:
    [[nodiscard]] std::vector<Loss> losses(std::string_view notation) const {
        const trace::Reader reader = repro::test::buildTrace(path("a.h5").toStdString(), notation);
        return findLosses(reader, false);
    }
    [[nodiscard]] std::vector<trace::EventId> events(std::string_view notation) const {
        std::vector<trace::EventId> found;
        for (const Loss& loss : losses(notation)) {
            found.push_back(loss.event);
        }
        return found;
    }
    using Events = std::vector<trace::EventId>;
};

TEST_F(LossTest, IsWhatOnesLikeReadsRightBeforeTheBackwardNodes) {
    const auto found = losses("mse_loss %x:f32[2]=x -> %l:f32[]=(0.5)\n"
                              "begin ones_like %l -> %g:f32[]=g\n"
                              "  empty_like %l -> %e:f32[]=e\n"
                              "end\n"
                              "node MseLossBackward0\n"
                              "  mul %g -> %d:f32[2]=d | backward\n"
                              "end\n"
                              "step 1\n"
                              "mse_loss %x -> %l=(nan)\n"
                              "ones_like %l -> %g=g\n"
                              "mul %g -> %d=d | backward\n"); // nodes need not be recorded
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].event, 1U);
    EXPECT_EQ(found[0].value, 0.5);
    EXPECT_EQ(found[1].event, 6U);
    ASSERT_TRUE(found[1].value);
    EXPECT_TRUE(std::isnan(*found[1].value));
    EXPECT_EQ(found[1].position, 0);
}

TEST_F(LossTest, IsNoneWithoutABackwardPassRightAfterIt) {
    EXPECT_EQ(events("ones_like %l:f32[]=l -> %g:f32[]=g\n"), Events());
    EXPECT_EQ(events("ones_like %l:f32[]=l -> %g:f32[]=g\n"
                     "neg %l -> %n:f32[]=n\n"
                     "node NegBackward0\nend\n"),
              Events());
    // Of the gradient of a vector, and within a backward pass.
    EXPECT_EQ(events("ones_like %v:f32[2]=v -> %g:f32[2]=g\nnode NegBackward0\nend\n"), Events());
    EXPECT_EQ(events("node A\nones_like %l:f32[]=l -> %g:f32[]=g | backward\nend\nnode B\nend\n"),
              Events());
}

TEST_F(LossTest, IsFollowedInItsOwnThread) {
    EXPECT_EQ(events("thread one\n"
                     "ones_like %l:f32[]=l -> %g:f32[]=g\n"
                     "thread two\n"
                     "ones_like %m:f32[]=m -> %h:f32[]=h\n"
                     "neg %m -> %n:f32[]=n\n"
                     "node NegBackward0\nend\n"
                     "thread one\n"
                     "node MulBackward0\nend\n"),
              Events({0}));
}

TEST_F(LossTest, OfAStepAreNumbered) {
    const std::string pass = "ones_like %l:f32[]=l -> %g:f32[]=g\nnode NegBackward0\nend\n";
    const auto found = losses(pass + pass + "step 1\n" + pass);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].position, 0);
    EXPECT_EQ(found[1].position, 1);
    EXPECT_EQ(found[2].position, 0);
    EXPECT_EQ(found[0].value, std::nullopt); // a fingerprint alone
}

TEST_F(LossTest, OfSeveralRootsAreAllFound) {
    EXPECT_EQ(events("ones_like %l:f32[]=l -> %g:f32[]=g\n"
                     "ones_like %m:f32[]=m -> %h:f32[]=h\n"
                     "node NegBackward0\nend\n"),
              Events({0, 1}));
}

TEST_F(LossTest, SearchCanBeCancelled) {
    const trace::Reader reader =
        repro::test::buildTrace(path("a.h5").toStdString(), "ones_like %l:f32[]=l -> %g:f32[]=g\n");
    EXPECT_THROW(static_cast<void>(findLosses(reader, true)), replay::Cancelled);
}

} // namespace
} // namespace repro::gui
