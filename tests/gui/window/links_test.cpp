// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/map/divergence_map.h"
#include "gui/window/state_page.h"
#include "tests/gui/window/window_fixture.h"

#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class Links : public test::WindowTest {
protected:
    QTableView* settings() { return window().pane(u"environment"_s)->findChild<QTableView*>(); }
    QString cell(int row, int column) {
        return window().pane(u"environment"_s)->table()->index(row, column).data().toString();
    }
    QStringList lossesInTable() {
        QStringList found;
        const QAbstractItemModel& table = *window().pane(u"map"_s)->table();
        for (int row = 0; row < table.rowCount(); ++row) {
            found += table.index(row, 1).data().toString();
        }
        return found.filter(u"loss"_s);
    }
};

TEST_F(Links, ASettingLeadsToTheCardThatRestsOnItAndBack) {
    const std::string a = "environment {\"cwd\":\"/a\",\"threads\":1}\n"
                          "neg %x:f32[2]=x -> %y:f32[2]=y | threads:1\n"
                          "mul %y -> %z:f32[2]=z | threads:1\n";
    std::string b = a;
    for (std::size_t at = 0; (at = b.find("threads", at)) != std::string::npos; ++at) {
        b[b.find('1', at)] = '4';
    }
    b.replace(b.find("/a"), 2, "/b");
    b.replace(b.find("=z"), 2, "=Z");
    open(write("a.h5", a), write("b.h5", b));
    window().pane(u"environment"_s)->ensureCurrent();
    EXPECT_EQ(cell(0, 1), u"threads"_s);
    EXPECT_EQ(cell(0, 4), u"\u25c6 aten::mul, step 0"_s);
    EXPECT_EQ(cell(1, 1), u"cwd"_s);
    EXPECT_EQ(cell(1, 4), QString());
    // From the evidence to the setting.
    auto* card = window().pane(u"explain"_s)->findChild<QTextBrowser*>();
    EXPECT_TRUE(card->toHtml().contains(u"href=\"setting:threads\""_s));
    Q_EMIT card->anchorClicked(QUrl(u"setting:threads"_s));
    EXPECT_TRUE(window().pane(u"environment"_s)->isVisible());
    EXPECT_EQ(settings()->currentIndex().row(), 0);
    // And from the setting to the card.
    run("go.address", u"0:0"_s);
    run("window.pane", u"notes"_s);
    run("window.pane", u"environment"_s);
    Q_EMIT settings()->activated(settings()->model()->index(1, 1));
    EXPECT_EQ(address(), u"0:0"_s);
    Q_EMIT settings()->activated(settings()->model()->index(0, 1));
    EXPECT_EQ(address(), u"0:1"_s);
    EXPECT_TRUE(window().pane(u"explain"_s)->isVisible());
    // The report has the same links, within itself.
    run("file.report", path("report"));
    QFile html(path("report/report.html"));
    ASSERT_TRUE(html.open(QIODevice::ReadOnly));
    const QByteArray text = html.readAll();
    EXPECT_TRUE(text.contains("href=\"#setting:threads\"") &&
                text.contains("id=\"setting:threads\""));
}

TEST_F(Links, TheThresholdOfATensorIsPreviewedOnTheMap) {
    openNet(); // addmm: 2,097 ULP in one element, and relu after it
    auto* words = window().pane(u"map"_s)->findChild<QLabel*>(u"preview"_s);
    plot::Canvas* map = window().pane(u"map"_s)->canvas();
    const QImage before = map->picture({600, 200}, 1);
    EXPECT_TRUE(words->isHidden());
    run("window.pane", u"histogram"_s);
    plot::Canvas* histogram = window().pane(u"histogram"_s)->canvas();
    const auto press = [&](int times) {
        for (int i = 0; i < times; ++i) {
            QTest::keyClick(histogram, Qt::Key_Right);
        }
        EXPECT_EQ(window().settle(30'000), QString());
    };
    press(11); // 1, 3, 7 ...
    EXPECT_TRUE(words->text().startsWith(
        u"A tolerance of 2,047 ULP would hide 0 of 2 rows that differ; 2 remain."_s))
        << qPrintable(words->text());
    EXPECT_EQ(map->picture({600, 200}, 1), before);
    press(1);
    EXPECT_TRUE(words->isVisible());
    EXPECT_TRUE(words->text().startsWith(
        u"A tolerance of 4,095 ULP would hide 2 of 2 rows that differ; 0 remain."_s))
        << qPrintable(words->text());
    EXPECT_TRUE(window().pane(u"map"_s)->sentence().contains(u"would hide 2 of 2"_s));
    EXPECT_NE(map->picture({600, 200}, 1), before);
    run("job.cancel");
    EXPECT_TRUE(words->isHidden());
    EXPECT_EQ(map->picture({600, 200}, 1), before);
}

/// Three steps, each with a loss of which backward() is called.
std::string training(std::string_view second, std::string_view rest = {}) {
    std::string text = "mse_loss %x:f32[2]=x -> %l:f32[]=(4)\n";
    const std::string backward = "ones_like %l -> %g:f32[]=(1)\nnode MseLossBackward0\nend\n";
    text += backward;
    text += "step 1\nmse_loss %x -> %l=" + std::string(second) + "\n" + backward;
    text += "step 2\nmse_loss %x -> %l=(1)\n" + backward;
    return text += rest;
}

TEST_F(Links, TheLossOfEachStepIsALaneThatLeadsToIt) {
    open(write("a.h5", training("(2)")), write("b.h5", training("(2.5)")));
    auto* map = qobject_cast<plot::DivergenceMap*>(window().pane(u"map"_s)->canvas());
    ASSERT_NE(map, nullptr);
    EXPECT_TRUE(window().pane(u"map"_s)->sentence().endsWith(
        u"The runs diverge in loss at step 1: A 2, B 2.5, |\u0394| 0.5."_s))
        << qPrintable(window().pane(u"map"_s)->sentence());
    EXPECT_EQ(map->toolTip(), QString());
    Q_EMIT map->laneActivated(0, 2);
    EXPECT_EQ(address(), u"2:6"_s);  // the op that computed it, not the one that read it
    Q_EMIT map->laneActivated(1, 0); // the other lanes lead nowhere
    EXPECT_EQ(address(), u"2:6"_s);
}

TEST_F(Links, ALossWithoutItsValueIsNoLaneAndTheMapSaysHowToRecordIt) {
    std::string a = training("fingerprint");
    for (const char* number : {"=(4)", "=(1)", "=(1)", "=(1)", "=(1)"}) {
        a.replace(a.find(number), 4, "=w");
    }
    open(write("a.h5", a));
    plot::Canvas* map = window().pane(u"map"_s)->canvas();
    const QString how = u"--capture full --filter-op '^aten::ones_like$'"_s;
    EXPECT_TRUE(map->toolTip().endsWith(how)) << qPrintable(map->toolTip());
    EXPECT_TRUE(window().pane(u"map"_s)->sentence().endsWith(how));
    EXPECT_EQ(lossesInTable(), QStringList());
}

TEST_F(Links, EachLossOfAStepHasALaneUnlessThereAreMany) {
    const auto more = [](int passes) {
        std::string text;
        for (int i = 0; i < passes; ++i) {
            text += "ones_like %l -> %g=(1)\nnode MseLossBackward0\nend\n";
        }
        return text;
    };
    open(write("a.h5", training("(2)", more(1))));
    EXPECT_EQ(lossesInTable(), (QStringList{u"loss 1"_s, u"loss 1"_s, u"loss 1"_s, u"loss 2"_s}));
    open(write("b.h5", training("(2)", more(4))));
    EXPECT_EQ(lossesInTable(), (QStringList{u"last loss"_s, u"last loss"_s, u"last loss"_s}));
}

TEST_F(Links, TheExampleIsThereAndOpensOnItsAnswer) {
    auto* page = window().findChild<StatePage*>();
    QPushButton* example = nullptr;
    for (auto* button : page->findChildren<QPushButton*>()) {
        example = button->text() == u"Open the e&xample"_s ? button : example;
    }
    ASSERT_TRUE(example != nullptr && example->isVisible());
    example->click();
    EXPECT_EQ(window().settle(30'000), QString());
    EXPECT_TRUE(window().verdict()->text().startsWith(
        u"First divergence: aten::index_put_ in Net.histogram, step 2"_s))
        << qPrintable(window().verdict()->text());
    EXPECT_TRUE(window().verdict()->text().contains(u"a kernel that is not deterministic"_s));
    EXPECT_TRUE(window().context().tensors.tensor());
}

} // namespace
} // namespace repro::gui
