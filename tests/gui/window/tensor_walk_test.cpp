// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/tensor_pane.h"
#include "gui/plot/charts/value_histogram.h"
#include "gui/plot/kit/canvas.h"
#include "gui/plot/tensor/tensor_image.h"
#include "tests/gui/window/window_fixture.h"

#include <QAbstractItemModel>
#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QTest>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Two slices of two by three; elements [0,0,1], [0,1,2] and [1,0,0] differ, the last by one ULP.
class TensorWalk : public test::WindowTest {
protected:
    void openPair() {
        constexpr const char* kRun = "step 0\nmul %x:f32[2,2,3]=(0,1,2,3,4,5,6,7,8,9,10,11) -> "
                                     "%y:f32[2,2,3]=(%1)\n";
        const auto with = [&](const char* name, const QString& numbers) {
            return write(name, QString::fromLatin1(kRun).arg(numbers).toStdString());
        };
        open(with("a.h5", u"1,2,3,4,5,6,0.5,8,9,10,11,12"_s),
             with("b.h5", u"1,2.5,3,4,5,7,0.50000006,8,9,10,11,12"_s));
        run("window.tensor");
    }
    TensorPane* pane() { return window().panes().tensor; }
    [[nodiscard]] std::vector<std::int64_t> index() { return session().focus().now().index; }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
        QTest::keyClick(&window(), key, modifiers);
        EXPECT_EQ(window().settle(30'000), QString());
    }
    QString readout() {
        for (const QLabel* label : pane()->findChildren<QLabel*>()) {
            if (label->accessibleName() == u"Element under the cursor") {
                return label->text();
            }
        }
        return {};
    }
    using Index = std::vector<std::int64_t>;
};

TEST_F(TensorWalk, KeysLeadFromTheFarthestElementToTheNext) {
    openPair();
    const auto& farthest = window().context().tensors.differing();
    ASSERT_EQ(farthest.size(), 3U);
    const auto at = [&](std::size_t i) {
        return window().context().tensors.tensor()->unflat(farthest[i]);
    };
    press(Qt::Key_N, Qt::ControlModifier);
    EXPECT_EQ(index(), at(0));
    press(Qt::Key_N, Qt::ControlModifier);
    EXPECT_EQ(index(), at(1));
    press(Qt::Key_N, Qt::ControlModifier);
    EXPECT_EQ(index(), (Index{1, 0, 0})); // one ULP is the least
    EXPECT_TRUE(readout().contains(u"1 ULP"_s)) << qPrintable(readout());
    EXPECT_TRUE(readout().contains(u"5.00000000e-01"_s) && readout().contains(u"5.00000060e-01"_s));
    press(Qt::Key_N, Qt::ControlModifier); // the last: no wrap
    EXPECT_EQ(index(), (Index{1, 0, 0}));
    press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(index(), at(1));
}

TEST_F(TensorWalk, ZeroStaysInTheMiddleOfTheTensorThatItWasLockedFor) {
    openPair();
    const auto scale = [&] { return pane()->image()->scale(plot::Channel::A); };
    const plot::ColourScale fitted = scale();
    run("tensor.zero-lock");
    EXPECT_EQ(scale().low, -scale().high);
    EXPECT_EQ(scale().high, 12);
    EXPECT_EQ(scale().map, plot::ColourMap::Diverging);
    auto* histogram = pane()->findChild<plot::ValueHistogram*>();
    QTest::keyClick(histogram, Qt::Key_Left); // one handle moves both
    EXPECT_LT(scale().high, 12);
    EXPECT_EQ(scale().low, -scale().high);
    run("go.address", u"/in0"_s);
    EXPECT_EQ(scale().map, plot::ColourMap::Cividis) << "another tensor";
    run("go.address", u"/out0"_s);
    EXPECT_EQ(scale().low, -scale().high);
    run("tensor.zero-lock");
    run("tensor.fit-range");
    EXPECT_EQ(scale(), fitted);
}

TEST_F(TensorWalk, ATensorThatTakesMuchMemoryIsReadWhenAskedForOnly) {
    openPair();
    TensorStore& store = window().context().tensors;
    EXPECT_NE(window().run(u"tensor.read-large"_s), QString()) << "nothing waits";
    store.setMemory(200); // and both runs' tensors take 96 bytes
    run("go.address", u"/in0"_s);
    EXPECT_FALSE(store.tensor());
    EXPECT_TRUE(store.reason().contains(u"96 bytes"_s)) << qPrintable(store.reason());
    run("tensor.read-large");
    ASSERT_TRUE(store.tensor());
    EXPECT_EQ(store.reason(), QString());
    run("go.address", u"/out0"_s);
    EXPECT_FALSE(store.tensor()) << "one tensor was asked for, not all";
    store.setMemory(384);
    run("go.address", u"/in0"_s);
    EXPECT_TRUE(store.tensor());
}

TEST_F(TensorWalk, ControlAndAnArrowFindTheNextDifferenceInThatDirection) {
    openPair();
    run("go.address", u"/out0[0,0,0]"_s);
    pane()->canvas()->setFocus();
    const auto arrow = [&](Qt::Key key) {
        QTest::keyClick(pane()->canvas(), key, Qt::ControlModifier);
        EXPECT_EQ(window().settle(30'000), QString());
        return index();
    };
    EXPECT_EQ(arrow(Qt::Key_Right), (Index{0, 0, 1}));
    EXPECT_EQ(arrow(Qt::Key_Right), (Index{0, 1, 2}));
    EXPECT_EQ(arrow(Qt::Key_Right), (Index{0, 1, 2})); // none further in this slice
    EXPECT_EQ(arrow(Qt::Key_Left), (Index{0, 0, 1}));
}

TEST_F(TensorWalk, SlicesThatDifferAreFoundAndOnlyThey) {
    openPair();
    run("go.address", u"/out0[0,0,1]"_s);
    const auto slice = [&] { return window().context().tensors.plane().slice; };
    const Index first = slice();
    press(Qt::Key_PageDown, Qt::ControlModifier);
    EXPECT_NE(slice(), first);
    EXPECT_EQ(slice().front(), 1);
    const Index second = slice();
    press(Qt::Key_PageDown, Qt::ControlModifier);
    EXPECT_EQ(slice(), second);
    press(Qt::Key_PageUp, Qt::ControlModifier);
    EXPECT_EQ(slice(), first);
}

TEST_F(TensorWalk, EachViewIsAnotherPicture) {
    openPair();
    QList<QImage> seen;
    for (const char* id : {"tensor.view-a", "tensor.view-b", "tensor.view-delta", "tensor.view-ulp",
                           "tensor.split", "tensor.side-by-side"}) {
        run(id);
        const QImage picture = pane()->image()->picture({400, 300});
        EXPECT_FALSE(seen.contains(picture)) << id;
        seen.append(picture);
    }
}

TEST_F(TensorWalk, DimensionsHaveTheNamesThatTheOpGivesThem) {
    const std::string text =
        "schema conv2d aten::conv2d(Tensor input, Tensor weight) -> Tensor\n"
        "conv2d %x:f32[1,2,2,1]=(1,2,3,4) %w:f32[1]=w -> %y:f32[1,2,1,2]=(1,2,3,4)\n";
    std::string other = text;
    other.replace(other.rfind("(1,2,3,4)"), 9, "(1,2,3,5)");
    open(write("a.h5", text), write("b.h5", other));
    run("window.tensor");
    QStringList labels;
    for (const QSpinBox* box : pane()->findChildren<QSpinBox*>()) {
        labels += box->accessibleName().section(u';', 0, 0).section(u' ', 3);
    }
    const QStringList names = {u"N (d0)"_s, u"C (d1)"_s, u"H (d2)"_s, u"W (d3)"_s};
    EXPECT_EQ(labels, names);
    for (const QLabel* label : pane()->findChildren<QLabel*>()) {
        labels.removeAll(label->text());
    }
    EXPECT_EQ(labels, QStringList()); // each is on screen, too
    EXPECT_EQ(pane()->image()->axisNames(), (QStringList{u"H (d2)"_s, u"W (d3)"_s}));
    run("window.pane", u"profile"_s);
    auto* axes = window().pane(u"profile"_s)->findChild<QComboBox*>();
    EXPECT_EQ(axes->currentText(), u"C (d1), 2 channels"_s);
}

/// Draws a lasso around a rectangle of the plot, in parts of the pane.
TEST_F(TensorWalk, ALassoListsWhatIsInsideUntilItIsEnded) {
    openPair();
    run("window.pane", u"scatter"_s);
    auto* scatter = window().pane(u"scatter"_s)->canvas();
    QAbstractItemModel* list = window().pane(u"numbers"_s)->table();
    const auto* words = window().pane(u"scatter"_s)->findChild<QLabel*>(u"choice"_s);
    const auto rows = [&] {
        window().pane(u"numbers"_s)->ensureCurrent();
        return list->rowCount();
    };
    // |A| of the element one ULP apart is 0.5, the least: it alone is on the left.
    const auto lasso = [&] {
        const int left = 2, right = scatter->width() / 2, foot = scatter->height() - 2;
        QTest::mousePress(scatter, Qt::LeftButton, Qt::ShiftModifier, {left, 2});
        for (const QPoint to : {QPoint(right, 2), QPoint(right, foot), QPoint(left, foot)}) {
            QTest::mouseMove(scatter, to);
        }
        QTest::mouseRelease(scatter, Qt::LeftButton, Qt::ShiftModifier, {left, foot});
        QTest::keyRelease(scatter, Qt::Key_Shift); // Qt holds it to be down until an event says no
        EXPECT_EQ(window().settle(30'000), QString());
    };
    const QImage before = scatter->picture({400, 300}, 1);
    ASSERT_EQ(rows(), 3);
    lasso();
    EXPECT_EQ(rows(), 1);
    EXPECT_EQ(list->index(0, 0).data().toString(), u"[1, 0, 0]"_s);
    EXPECT_EQ(index(), (Index{1, 0, 0}));
    EXPECT_TRUE(words->isVisible());
    EXPECT_TRUE(words->text().startsWith(u"1 element inside the lasso differs; only"_s) &&
                words->text().contains(u"Esc"_s))
        << qPrintable(words->text());
    EXPECT_EQ(window().pane(u"numbers"_s)->sentence() + u" <"_s,
              words->text().section(u'<', 0, 0) + u'<');
    EXPECT_FALSE(window().run(u"tensor.next-element"_s).isEmpty()); // there is none further
    QTest::keyClick(&window(), Qt::Key_Escape);
    EXPECT_EQ(rows(), 3);
    EXPECT_EQ(words->text(), QString());
    EXPECT_EQ(scatter->picture({400, 300}, 1), before);
    lasso();
    run("go.address", u"/in0"_s);
    run("go.address", u"/out0"_s);
    EXPECT_EQ(rows(), 3);
    lasso();
    Q_EMIT const_cast<QLabel*>(words)->linkActivated(u"all:"_s);
    EXPECT_EQ(rows(), 3);
}

} // namespace
} // namespace repro::gui
