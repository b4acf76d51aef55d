// SPDX-License-Identifier: BSD-3-Clause
#include "gui/app/headless.h"
#include "gui/app/options.h"
#include "gui/viewmodel/commands.h"
#include "gui/window/main_window.h"
#include "gui/window/style.h"

#include <QApplication>
#include <QTemporaryDir>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

using namespace repro::gui;
using namespace Qt::Literals::StringLiterals;

/// The off-screen platform tells of each window what it has no use for.
void quietly(QtMsgType type, const QMessageLogContext& /*context*/, const QString& message) {
    if (type != QtDebugMsg && !message.startsWith(u"This plugin does not support"_s)) {
        fmt::print(stderr, "reproview: {}\n", message.toStdString());
    }
}

bool hasDisplay() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != 0;
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("QT_QPA_PLATFORM");
}

/// Once a document is there.
void applyWhenReady(MainWindow& window, const Options& options) {
    const auto apply = [&window, options] {
        if (const QString why = applyOptions(window, options); !why.isEmpty()) {
            fmt::print(stderr, "reproview: {}\n", why.toStdString());
        }
    };
    const Session& session = window.context().session;
    QObject::connect(&session, &Session::stateChanged, &window,
                     [&window, &session, apply, done = false]() mutable {
                         if (!done && session.state() == Session::State::Ready) {
                             done = true;
                             QMetaObject::invokeMethod(&window, apply, Qt::QueuedConnection);
                         }
                     });
}

int show(int argc, char** argv, const Options& options) {
    const bool headless = options.isHeadless();
    if (headless) {
        qInstallMessageHandler(quietly);
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qunsetenv("QT_SCALE_FACTOR");
        // Qt warns where there is none, as in a container.
        static const QTemporaryDir runtime;
        if (!qEnvironmentVariableIsSet("XDG_RUNTIME_DIR")) {
            qputenv("XDG_RUNTIME_DIR", runtime.path().toLocal8Bit());
        }
    } else if (!hasDisplay()) {
        fmt::print(stderr, "reproview: there is no display; set DISPLAY, or use --screenshot FILE, "
                           "--report FOLDER or --json FILE\n");
        return 2;
    }
    QApplication app(argc, argv);
    QApplication::setStyle(new Style);
    // What is built takes its measures from it.
    QApplication::setFont(plot::PlotTheme::light().font);
    QApplication::setApplicationName(u"reproview"_s);
    QApplication::setOrganizationName(u"reprorec"_s);
    QApplication::setApplicationVersion(QString::fromLatin1(REPROREC_VERSION));
    QApplication::setDesktopFileName(u"reproview"_s);
    if (headless) {
        QApplication::setCursorFlashTime(0); // the same picture each time
    }
    MainWindow window(options.fresh || headless);
    if (options.listPanes) {
        fmt::print("{}\n", window.panes().ids().join(u'\n').toStdString());
        return 0;
    }
    if (headless) {
        window.resize(options.width, options.height);
    }
    if (options.theme != "system" || headless) {
        window.setThemeChoice(options.theme == "dark" ? ThemeChoice::Dark : ThemeChoice::Light);
    }
    window.show();
    // The window is there before a file is touched.
    QApplication::processEvents();
    Session& session = window.context().session;
    for (const std::string& folders : options.sourceMap) {
        window.context().sources.add(folders);
    }
    session.setMap(QString::fromStdString(options.map));
    if (!options.a.empty()) {
        session.open(QString::fromStdString(options.a), QString::fromStdString(options.b));
    }
    if (headless) {
        return runHeadless(window, options);
    }
    applyWhenReady(window, options);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    if (const auto status = parseOptions(argc, argv, options)) {
        return *status;
    }
    if (options.listActions) {
        fmt::print("{}", (options.markdown ? commandMarkdown() : commandList()).toStdString());
        return 0;
    }
    try {
        return show(argc, argv, options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "reproview: {}\n", error.what());
        return 2;
    }
}
