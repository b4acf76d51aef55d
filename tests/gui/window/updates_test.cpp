// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/commands.h"
#include "tests/gui/window/window_fixture.h"

#include <QAction>
#include <QSignalSpy>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class Updates : public test::WindowTest {
protected:
    /// How often each pane is brought up to date by a change of focus, while it is in sight.
    void expectOneEach(const QString& from, const QString& to) {
        std::vector<Pane*> panes = window().panes().docked;
        panes.push_back(window().events());
        for (Pane* pane : panes) {
            run("window.pane", pane->id());
            run("go.address", from);
            const QSignalSpy updates(pane, &Pane::updated);
            run("go.address", to);
            EXPECT_EQ(updates.count(), 1) << qPrintable(pane->id()) << " from " << qPrintable(from)
                                          << " to " << qPrintable(to);
        }
    }
    void expectEnabled(const QStringList& on, const QStringList& off) {
        for (const QString& id : on) {
            EXPECT_TRUE(window().action(id)->isEnabled()) << qPrintable(id);
        }
        for (const QString& id : off) {
            EXPECT_FALSE(window().action(id)->isEnabled()) << qPrintable(id);
        }
    }
};

TEST_F(Updates, AnotherEventIsShownOnceByEveryPane) {
    openNet();
    expectOneEach(u"1:5"_s, u"0:3"_s); // both with bytes
    expectOneEach(u"1:5"_s, u"0:0"_s); // a layer, which has none
}

TEST_F(Updates, AnotherElementIsShownOnceByEveryPane) {
    openNet();
    expectOneEach(u"1:5/out0[0,1]"_s, u"1:5/out0[0,0]"_s);
}

TEST_F(Updates, AnOriginThatIsLookedAtForTheFirstTimeIsNoted) {
    openNet();
    run("edit.bookmark"); // the file is there
    run("window.pane", u"notes"_s);
    EXPECT_TRUE(window().pane(u"notes"_s)->sentence().contains(u"1 of 1 origins"_s))
        << qPrintable(window().pane(u"notes"_s)->sentence());
}

TEST_F(Updates, CommandsAreEnabledByWhatTheyNeed) {
    const QString open = u"file.open"_s, reload = u"file.reload"_s, close = u"file.close"_s,
                  swap = u"file.swap"_s;
    expectEnabled({open}, {reload, close, swap});
    this->open(path("missing.h5"));
    expectEnabled({open, reload}, {close, swap});
    this->open(writeNet("a.h5"));
    expectEnabled({open, reload, close}, {swap});
    EXPECT_EQ(window().run(swap), u"file.swap: needs two traces"_s);
    this->open(path("a.h5"), writeNet("b.h5"));
    expectEnabled({open, reload, close, swap}, {});
}

} // namespace
} // namespace repro::gui
