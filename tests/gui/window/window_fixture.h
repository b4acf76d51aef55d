// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/events_pane.h"
#include "gui/window/main_window.h"
#include "gui/window/verdict_bar.h"
#include "tests/gui/fixture.h"

#include <QApplication>

namespace repro::gui::test {

/// A window that reads no settings, shown off-screen. No widget may outlive it.
class WindowTest : public ViewerTest {
protected:
    WindowTest() : m_window(std::make_unique<MainWindow>(true)) {
        m_window->resize(1600, 1000);
        m_window->setThemeChoice(ThemeChoice::Light);
        m_window->show();
    }
    ~WindowTest() override {
        m_window.reset();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        EXPECT_TRUE(QApplication::topLevelWidgets().isEmpty());
        EXPECT_TRUE(QApplication::allWidgets().isEmpty());
    }
    MainWindow& window() { return *m_window; }
    Session& session() { return m_window->context().session; }
    void open(const QString& a, const QString& b = {}) {
        session().open(a, b);
        EXPECT_EQ(m_window->settle(30'000), QString());
    }
    void openNet() { open(writeNet("a.h5"), writeNet("b.h5", {.outputOffset = 0.001F})); }
    void run(const char* id, const QString& argument = {}) {
        EXPECT_EQ(m_window->run(QString::fromLatin1(id), argument), QString()) << id;
        EXPECT_EQ(m_window->settle(30'000), QString());
    }
    [[nodiscard]] QString address() { return session().focus().address(); }

private:
    std::unique_ptr<MainWindow> m_window;
};

} // namespace repro::gui::test
