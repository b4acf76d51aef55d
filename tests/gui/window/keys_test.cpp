// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/keys_dialog.h"
#include "gui/window/palette.h"
#include "gui/window/state_page.h"
#include "tests/gui/window/window_fixture.h"

#include <QAction>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSortFilterProxyModel>
#include <QStatusBar>
#include <QTableView>
#include <QTest>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Windows that keep what is set in a folder of the test's own.
class Keys : public test::ViewerTest {
protected:
    Keys() {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, path("settings"));
        QCoreApplication::setOrganizationName(u"keys-test"_s);
        (void)writeNet("a.h5");
        (void)writeNet("b.h5", {.outputOffset = 0.001F});
        start();
    }
    ~Keys() override {
        m_window.reset();
        QCoreApplication::setOrganizationName({});
    }
    void start(bool fresh = false) {
        m_window.reset();
        m_window = std::make_unique<MainWindow>(fresh);
        m_window->resize(1600, 1000);
        m_window->show();
        m_window->context().session.open(path("a.h5"), path("b.h5"));
        EXPECT_EQ(m_window->settle(30'000), QString());
    }
    /// Sets a key as a user does. Returns: the line that the dialog ends with.
    QString set(const QString& id, const QKeySequence& keys, const QString& button = u"&Set"_s) {
        EXPECT_EQ(m_window->run(u"help.shortcuts"_s), QString());
        auto* dialog = m_window->findChild<KeysDialog*>();
        auto* table = dialog->findChild<QTableView*>();
        dialog->findChild<QLineEdit*>()->setText(id);
        EXPECT_EQ(table->model()->rowCount(), 1) << qPrintable(id);
        table->selectRow(0);
        dialog->findChild<QKeySequenceEdit*>()->setKeySequence(keys);
        for (auto* each : dialog->findChildren<QPushButton*>()) {
            if (each->text() == button) {
                QTest::keyClick(each, Qt::Key_Space);
            }
        }
        m_sheet = table->model()->index(0, 0).data().toString();
        QString line;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            line += label->text();
        }
        dialog->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        m_window->activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(m_window.get()));
        return line;
    }
    /// Does this key lead from the first row to the first origin?
    bool leadsToTheOrigin(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        EXPECT_EQ(m_window->run(u"go.address"_s, u"0:0"_s), QString());
        QTest::keyClick(m_window.get(), key, modifiers);
        Session& session = m_window->context().session;
        return session.focus().now().row == session.document()->rows().origins.front();
    }
    QString palette() { return paletteEntries(*m_window, u"next origin"_s).front().hint; }

    std::unique_ptr<MainWindow> m_window;
    QString m_sheet; ///< what the table says of the key that was set last
    static constexpr auto kCtrlAlt = Qt::ControlModifier | Qt::AltModifier;
};

TEST_F(Keys, WhatWasOpenedIsOfferedByTheNextWindow) {
    MainWindow next(false);
    const auto* recents = next.findChild<StatePage*>()->findChild<QListWidget*>();
    ASSERT_EQ(recents->count(), 1);
    EXPECT_EQ(recents->item(0)->data(Qt::UserRole).toStringList(),
              QStringList({path("a.h5"), path("b.h5")}));
    EXPECT_TRUE(recents->isVisibleTo(&next));
}

TEST_F(Keys, ANewKeyCallsTheCommandAndTheOldOneDoesNot) {
    ASSERT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    EXPECT_EQ(set(u"go.next-origin"_s, {u"Ctrl+Alt+O"_s}), u"Next origin: Ctrl+Alt+O"_s);
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_O, kCtrlAlt));
    EXPECT_FALSE(leadsToTheOrigin(Qt::Key_F8));
    EXPECT_EQ(m_sheet, u"Ctrl+Alt+O"_s);
    EXPECT_EQ(palette(), u"Ctrl+Alt+O"_s);
    EXPECT_EQ(m_window->action(u"go.next-origin"_s)->toolTip(), u"Next origin (Ctrl+Alt+O)"_s);
    set(u"go.next-origin"_s, {}); // no key at all
    EXPECT_FALSE(leadsToTheOrigin(Qt::Key_O, kCtrlAlt));
    EXPECT_EQ(m_window->action(u"go.next-origin"_s)->toolTip(), u"Next origin"_s);
}

TEST_F(Keys, SentencesNameTheKeyThatIsSet) {
    EXPECT_EQ(m_window->run(u"go.address"_s, u"last"_s), QString());
    EXPECT_TRUE(m_window->run(u"go.next-difference"_s).contains(u"Ctrl+J goes"_s));
    set(u"go.first"_s, {u"Ctrl+Alt+J"_s});
    EXPECT_TRUE(m_window->run(u"go.next-difference"_s).contains(u"Ctrl+Alt+J goes"_s));
    set(u"go.first"_s, {});
    EXPECT_TRUE(m_window->run(u"go.next-difference"_s).contains(u"\u201cFirst divergence\u201d"_s));
}

TEST_F(Keys, AKeyThatIsTakenIsRefusedInOneLine) {
    EXPECT_EQ(set(u"go.next-origin"_s, {u"F5"_s}), u"F5 is taken by \u201cReload\u201d (F5)"_s);
    EXPECT_TRUE(set(u"go.next-origin"_s, {u"F5, F2"_s}).contains(u"\u201cReload\u201d"_s));
    EXPECT_TRUE(set(u"go.next-origin"_s, {u"Alt+F"_s}).contains(u"opens the File menu"_s));
    EXPECT_TRUE(set(u"go.next-origin"_s, {u"Shift+W"_s}).contains(u"add Ctrl or Alt"_s));
    EXPECT_TRUE(set(u"job.cancel"_s, {u"F2"_s}).contains(u"Esc"_s));
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    // What was given up is free.
    set(u"file.reload"_s, {u"F2"_s});
    EXPECT_EQ(set(u"go.next-origin"_s, {u"F5"_s}), u"Next origin: F5"_s);
    EXPECT_TRUE(set(u"file.reload"_s, {}, u"&Reset"_s).contains(u"\u201cNext origin\u201d"_s));
}

TEST_F(Keys, LockTheDocksOverARestartToo) {
    EXPECT_EQ(m_window->run(u"window.lock"_s), QString());
    ASSERT_TRUE(m_window->docks().locked());
    m_window->close();
    start();
    EXPECT_TRUE(m_window->docks().locked());
    start(true);
    EXPECT_FALSE(m_window->docks().locked());
}

TEST_F(Keys, AreKeptOverARestartUntilTheyAreReset) {
    QHash<QString, QList<QKeySequence>> shipped;
    for (const Command& command : commands()) {
        const QString id = QString::fromLatin1(command.id);
        shipped.insert(id, m_window->action(id)->shortcuts());
    }
    set(u"go.next-origin"_s, {u"Ctrl+Alt+O"_s});
    set(u"go.previous-origin"_s, {u"Ctrl+Alt+P"_s});
    set(u"file.reload"_s, {});
    start();
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_O, kCtrlAlt));
    EXPECT_EQ(m_window->action(u"file.reload"_s)->shortcuts(), QList<QKeySequence>());
    set(u"go.next-origin"_s, {}, u"&Reset"_s);
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    EXPECT_EQ(palette(), u"F8"_s);
    start();
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    EXPECT_EQ(m_window->action(u"go.previous-origin"_s)->shortcut(), QKeySequence(u"Ctrl+Alt+P"_s));
    set(u"go.next-origin"_s, {}, u"Reset &all"_s);
    start();
    for (const Command& command : commands()) {
        EXPECT_EQ(m_window->action(QString::fromLatin1(command.id))->shortcuts(),
                  shipped.value(QString::fromLatin1(command.id)))
            << command.id;
    }
}

TEST_F(Keys, WhatIsKeptAndCannotBeUsedIsForgottenWithALine) {
    QSettings().setValue(u"keys"_s, QVariantMap{{u"go.next-origin"_s, u"F5"_s},
                                                {u"go.last"_s, u"Ctrl+Alt+O"_s},
                                                {u"go.first"_s, u"Ctrl+Alt+O"_s},
                                                {u"go.back"_s, u"no key"_s},
                                                {u"go.forward"_s, 3.5},
                                                {u"go.home"_s, u"F2"_s}});
    start();
    const QString trouble = m_window->context().keys.trouble();
    for (const auto* id : {"go.next-origin = F5", "go.back", "go.forward", "go.home"}) {
        EXPECT_TRUE(trouble.contains(QString::fromLatin1(id))) << qPrintable(trouble);
    }
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    // Of two that want one key, one has it.
    EXPECT_NE(m_window->action(u"go.first"_s)->shortcut(),
              m_window->action(u"go.last"_s)->shortcut());
    start();
    EXPECT_EQ(m_window->context().keys.trouble(), QString());
    QSettings().setValue(u"keys"_s, u"damaged"_s);
    start();
    EXPECT_TRUE(m_window->context().keys.trouble().contains(u"cannot be read"_s));
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
}

TEST_F(Keys, AFreshStartHasTheShippedOnesAndKeepsNone) {
    set(u"go.next-origin"_s, {u"Ctrl+Alt+O"_s});
    start(true);
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_F8));
    set(u"go.next-origin"_s, {u"Ctrl+Alt+P"_s});
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_P, kCtrlAlt));
    start();
    EXPECT_TRUE(leadsToTheOrigin(Qt::Key_O, kCtrlAlt));
}

} // namespace
} // namespace repro::gui
