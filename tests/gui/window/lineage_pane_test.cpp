// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/canvas.h"
#include "tests/gui/window/window_fixture.h"

#include <QAbstractTableModel>
#include <QCheckBox>
#include <QLabel>
#include <QTest>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class LineageView : public test::WindowTest {
protected:
    QString caption() {
        EXPECT_EQ(window().settle(30'000), QString());
        for (const QLabel* label : window().pane(u"lineage"_s)->findChildren<QLabel*>()) {
            if (label->accessibleName() == u"Summary of the graph"_s) {
                return label->text();
            }
        }
        return {};
    }
};

TEST_F(LineageView, CopiesAreFoldedUntilTheyAreAskedForAndTheLargestErrorIsNamed) {
    const std::string a = "mm %x:f32[1]=(2) -> %y:f32[1]=(1)\nclone %y -> %c:f32[1]=(1)\n"
                          "exp %c -> %e:f32[1]=(2)\nneg %c -> %n:f32[1]=(1)\n";
    std::string b = a;
    for (std::size_t at = 0; (at = b.find("=(1)", at)) != std::string::npos; ++at) {
        b.replace(at, 4, "=(1.00000012)");
    }
    b.replace(b.find("e:f32[1]=(2)"), 12, "e:f32[1]=(2.00000095)");
    open(write("a.h5", a), write("b.h5", b));
    run("window.pane", u"lineage"_s);
    EXPECT_EQ(caption(),
              u"3 events around the focus, 1 copies and views folded; the path of the "
              "largest error leads from aten::mm to aten::exp, at most 4 ULP in aten::exp"_s);
    plot::Canvas* graph = window().pane(u"lineage"_s)->canvas();
    EXPECT_EQ(graph->table()->index(0, 4).data().toInt(), 1);
    QTest::keyClick(graph, Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_TRUE(caption().startsWith(u"4 events around the focus;"_s)) << qPrintable(caption());
    QTest::keyClick(graph, Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_TRUE(caption().startsWith(u"3 events"_s)) << qPrintable(caption());
    window().pane(u"lineage"_s)->findChild<QCheckBox*>()->setChecked(false);
    EXPECT_TRUE(caption().startsWith(u"4 events"_s)) << qPrintable(caption());
    // The list tells the gain of each inherited row.
    run("edit.filter", u"op:exp"_s);
    EXPECT_EQ(window().events()->table()->index(0, EventModel::Gain).data().toString(),
              u"4\u00d7"_s);
}

TEST_F(LineageView, KeysLeadToWhoReadsItAndBackToWhoWroteIt) {
    openNet();
    const QString begin = address();
    run("go.consumer");
    const QString reader = address();
    EXPECT_NE(reader, begin);
    run("go.producer");
    EXPECT_EQ(address(), begin);
    run("go.last");
    const QString last = address();
    run("go.consumer"); // nobody: the status bar says so
    EXPECT_EQ(address(), last);
}

} // namespace
} // namespace repro::gui
