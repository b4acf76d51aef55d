// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/focus.h"
#include "tests/gui/fixture.h"

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class FocusTest : public test::ViewerTest {
protected:
    FocusTest() : m_document(load(test::kRunA, test::runB())) { m_store.setDocument(m_document); }
    [[nodiscard]] QString trip(const QString& address) {
        EXPECT_EQ(m_store.setAddress(address), QString());
        return m_store.address();
    }
    std::shared_ptr<const Document> m_document;
    FocusStore m_store;
};

TEST_F(FocusTest, AddressesReadBackToThemselves) {
    for (const QString& address :
         {u"0:1"_s, u"1:5/out0"_s, u"1:5/out0[3]"_s, u"1:5/in1[2,0,7]?view=ulp"_s,
          u"1:5/in1[4][3]"_s, u"1:5/out0?view=a&slice=3,:,:"_s}) {
        EXPECT_EQ(trip(address), address);
    }
}

TEST_F(FocusTest, EveryRowHasAnAddressOfItsOwn) {
    for (std::uint32_t row = 0; row < m_document->rows().size(); ++row) {
        m_store.setRow(row);
        const QString address = m_store.address();
        m_store.setRow(row == 0 ? 1 : 0);
        EXPECT_EQ(m_store.setAddress(address), QString());
        EXPECT_EQ(m_store.now().row, row);
    }
}

TEST_F(FocusTest, PartsKeepWhatTheyDoNotName) {
    EXPECT_EQ(trip(u"1:5/out0[3]"_s), u"1:5/out0[3]"_s);
    EXPECT_EQ(trip(u"[1]"_s), u"1:5/out0[1]"_s);
    EXPECT_EQ(trip(u"?view=b"_s), u"1:5/out0[1]?view=b"_s);
    EXPECT_EQ(trip(u"/in0"_s), u"1:5/in0?view=b"_s);
    EXPECT_EQ(trip(u"2:"_s).section(u':', 0, 0), u"2"_s);
}

TEST_F(FocusTest, WordsLeadToDifferencesAndOrigins) {
    (void)trip(u"origin"_s);
    EXPECT_EQ(m_store.now().row, m_document->rows().origins.front());
    (void)trip(u"last"_s);
    EXPECT_EQ(m_store.now().row, m_document->rows().differing.back());
    (void)trip(u"first"_s);
    EXPECT_EQ(m_store.now().row, m_document->rows().differing.front());
}

TEST_F(FocusTest, WhatIsNoAddressSaysWhyAndMovesNothing) {
    (void)trip(u"1:5"_s);
    for (const QString& wrong :
         {u""_s, u"nowhere"_s, u"9:"_s, u"1:99999"_s, u"0:5"_s, u"1:5/out0[x]"_s,
          u"1:5?view=blue"_s, u"origin:7"_s, u"b99"_s, u"1:5?slice=a"_s}) {
        const QString why = m_store.setAddress(wrong);
        EXPECT_TRUE(why.contains(u"an address is like"_s)) << qPrintable(wrong) << qPrintable(why);
        EXPECT_EQ(m_store.address(), u"1:5"_s);
    }
}

TEST_F(FocusTest, BackAndForwardWalkTheHistory) {
    (void)trip(u"0:1"_s);
    (void)trip(u"1:5"_s);
    (void)trip(u"2:"_s);
    m_store.back();
    m_store.back();
    EXPECT_EQ(m_store.address(), u"0:1"_s);
    EXPECT_FALSE(m_store.canGoBack());
    m_store.forward();
    EXPECT_EQ(m_store.address(), u"1:5"_s);
    (void)trip(u"0:1"_s);
    EXPECT_FALSE(m_store.canGoForward());
}

TEST_F(FocusTest, NudgesMakeNoHistory) {
    (void)trip(u"0:1"_s);
    (void)trip(u"1:5"_s);
    Focus focus = m_store.now();
    focus.index = {2};
    m_store.set(focus, FocusStore::Reason::Nudge);
    m_store.back();
    EXPECT_EQ(m_store.address(), u"0:1"_s);
}

} // namespace
} // namespace repro::gui
