// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/sidecar.h"
#include "gui/window/banner.h"
#include "tests/gui/window/window_fixture.h"

#include <QTest>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Three equal ops, and four of them in run B: by themselves, the first three are pairs.
class AlignByHand : public test::WindowTest {
protected:
    AlignByHand() {
        const std::string neg = "neg %x:f32[2]=x -> %y:f32[2]=y\n";
        open(write("a.h5", neg + neg + neg), write("b.h5", neg + neg + neg + neg));
    }
    /// "a:b match" of each row.
    [[nodiscard]] QString rows() {
        QStringList lines;
        const QAbstractItemModel* table = window().events()->table();
        for (int row = 0; row < table->rowCount(); ++row) {
            const auto cell = [&](int column) {
                return table->index(row, column).data().toString();
            };
            lines.append(cell(EventModel::EventA) + u':' + cell(EventModel::EventB) + u' ' +
                         cell(EventModel::Match));
        }
        return lines.join(u", "_s);
    }
    void press(Qt::KeyboardModifiers modifiers) {
        QTest::keyClick(&window(), Qt::Key_Y, modifiers);
        EXPECT_EQ(window().settle(30'000), QString());
    }
};

TEST_F(AlignByHand, TwoEventsAreHeldTogetherUntilThatIsTakenBack) {
    const QString before = u"0:0 exact, 1:1 exact, 2:2 exact, :3 only b"_s;
    const QString after = u"0:0 exact, :1 only b, 1:2 manual, 2:3 exact"_s;
    EXPECT_EQ(rows(), before);
    run("go.address", u"0:1"_s);
    press(Qt::ControlModifier);
    EXPECT_TRUE(window().banner()->text().startsWith(u"0:1 is pinned"_s));
    run("go.address", u"0:2"_s); // A's 2 and B's 2
    press(Qt::ControlModifier);
    EXPECT_EQ(rows(), after);
    EXPECT_EQ(address(), u"0:1"_s);
    EXPECT_EQ(window().banner()->text(), QString());
    run("edit.filter", u"match:manual"_s);
    EXPECT_EQ(window().events()->visibleRows()->count(), 1U);
    run("edit.filter-undo");
    // Kept beside the pair, and notes leave it there.
    run("edit.bookmark");
    EXPECT_EQ(heldPairs(path("a.h5"), path("b.h5")), QStringList(u"event 1 = 2"_s));
    open(path("a.h5"), path("b.h5"));
    EXPECT_EQ(rows(), after);
    EXPECT_EQ(window().context().notes.rows().size(), 1U);
    press(Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(rows(), before);
    EXPECT_NE(window().run(u"edit.unalign"_s), QString());
}

TEST_F(AlignByHand, WhatCannotBeIsSaidAndNothingChanges) {
    const auto held = session().document();
    EXPECT_EQ(window().run(u"edit.align"_s, u"0 = 9"_s),
              u"by hand:1: run B has no event 9; its last is 3"_s);
    EXPECT_EQ(window().run(u"edit.align"_s, u"here"_s),
              u"here: write an event of A and one of B, such as 123 = 125"_s);
    run("edit.align", u"0 = 2"_s);
    EXPECT_EQ(window().run(u"edit.align"_s, u"1 = 1"_s),
              u"by hand:2: event 1 = 1 crosses event 0 = 2"_s);
    EXPECT_EQ(heldPairs(path("a.h5"), path("b.h5")).size(), 1);
    // One letter held, and let go.
    run("go.address", u"0:0"_s);
    run("edit.align");
    EXPECT_NE(window().banner()->text(), QString());
    run("job.cancel");
    EXPECT_EQ(window().banner()->text(), QString());
}

TEST_F(AlignByHand, PairsThatHoldNoLongerAreLeftOutAndSaid) {
    ASSERT_EQ(keepHeldPairs(path("a.h5"), path("b.h5"), {u"event 1 = 77"_s}), QString());
    open(path("a.h5"), path("b.h5"));
    EXPECT_EQ(session().state(), Session::State::Ready);
    EXPECT_TRUE(window().banner()->text().contains(u"run B has no event 77"_s))
        << qPrintable(window().banner()->text());
    EXPECT_TRUE(rows().startsWith(u"0:0 exact, 1:1 exact"_s));
}

} // namespace
} // namespace repro::gui
