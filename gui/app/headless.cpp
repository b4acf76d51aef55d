// SPDX-License-Identifier: BSD-3-Clause
#include "gui/app/headless.h"

#include "gui/panes/events_pane.h"
#include "gui/window/main_window.h"
#include "gui/window/report.h"
#include "replay/report/json.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <fmt/format.h>

#include <cstdio>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

QString writeJson(const Document& document, const std::string& path) {
    if (!document.isPair()) {
        return u"--json: a verdict needs two traces"_s;
    }
    const std::string json = replay::toJson(document.diff()).dump() + "\n";
    if (path == "-") {
        fmt::print("{}", json);
        return {};
    }
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::WriteOnly) && file.write(json.c_str()) == qint64(json.size())
               ? QString()
               : u"%1: cannot be written: %2"_s.arg(QString::fromStdString(path),
                                                    file.errorString());
}

QString runActions(MainWindow& window, const std::string& path, int timeoutMs) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) {
        return u"%1: cannot be read: %2"_s.arg(QString::fromStdString(path), file.errorString());
    }
    int number = 0;
    for (const QString& raw : QString::fromUtf8(file.readAll()).split(u'\n')) {
        ++number;
        const QString line = raw.trimmed();
        if (line.isEmpty() || line.startsWith(u'#')) {
            continue;
        }
        QString why = window.run(line.section(u' ', 0, 0), line.section(u' ', 1));
        why = why.isEmpty() ? window.settle(timeoutMs) : why;
        if (!why.isEmpty()) {
            return u"%1:%2: %3"_s.arg(QString::fromStdString(path)).arg(number).arg(why);
        }
    }
    return {};
}

QString takeScreenshot(MainWindow& window, const Options& options) {
    const QImage image = window.pictureOf(QString::fromStdString(options.pane),
                                          {options.width, options.height}, options.scale);
    const QString path = QString::fromStdString(options.screenshot);
    return image.save(path, "PNG", 0) ? QString()
                                      : u"%1: cannot be written; check the folder"_s.arg(path);
}

int exitStatus(const Session& session) {
    const auto& document = session.document();
    return document && document->isPair() ? replay::exitStatus(document->diff().verdict) : 0;
}

} // namespace

QString applyOptions(MainWindow& window, const Options& options) {
    if (!options.layout.empty()) {
        window.docks().apply(QString::fromStdString(options.layout));
    }
    QString why;
    if (!options.filter.empty()) {
        why = window.events()->setFilter(QString::fromStdString(options.filter));
    }
    if (why.isEmpty() && !options.goTo.empty()) {
        why = window.context().session.focus().setAddress(QString::fromStdString(options.goTo));
    }
    if (why.isEmpty() && !options.pane.empty()) {
        why = window.run(u"window.pane"_s, QString::fromStdString(options.pane));
    }
    return why;
}

int runHeadless(MainWindow& window, const Options& options) {
    const int timeoutMs = options.waitSeconds * 1000;
    const auto fail = [](const QString& why) {
        fmt::print(stderr, "reproview: {}\n", why.toStdString());
        return 2;
    };
    QString why = window.settle(timeoutMs);
    const Session& session = window.context().session;
    const bool failed = session.state() == Session::State::Failed;
    if (why.isEmpty() && !failed && session.document()) {
        why = applyOptions(window, options);
        why = why.isEmpty() ? window.settle(timeoutMs) : why;
    }
    if (why.isEmpty() && !options.runActions.empty()) {
        why = runActions(window, options.runActions, timeoutMs);
    }
    if (why.isEmpty() && !failed && !options.json.empty()) {
        why = writeJson(*session.document(), options.json);
    }
    if (why.isEmpty() && !failed && !options.csv.empty()) {
        why = writeEventsCsv(window, QString::fromStdString(options.csv));
    }
    if (why.isEmpty() && !failed && !options.report.empty()) {
        why = writeReport(window, QString::fromStdString(options.report));
    }
    if (why.isEmpty() && !options.screenshot.empty()) {
        why = takeScreenshot(window, options);
    }
    if (!why.isEmpty()) {
        return fail(why);
    }
    const auto& damaged =
        session.document() ? session.document()->diff().damaged : std::vector<std::string>();
    return failed             ? fail(session.error())
           : !damaged.empty() ? fail(text(damaged.front()))
                              : exitStatus(session);
}

} // namespace repro::gui
