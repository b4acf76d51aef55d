// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/window_settings.h"

#include "gui/panes/events_pane.h"
#include "gui/panes/tensor_pane.h"
#include "gui/plot/charts/overview_strip.h"
#include "gui/window/main_window.h"
#include "gui/window/transport.h"

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A setting whose choices are the values of an enumeration, in its order.
template <typename Value, typename Set>
WindowSetting ofValues(const QString& name, const QStringList& choices, Value now, Set set) {
    return {name, choices, choices[static_cast<qsizetype>(now)],
            [choices, set](const QString& choice) {
                set(static_cast<Value>(choices.indexOf(choice)));
            }};
}

QStringList layoutNames() {
    QStringList names;
    for (const DockLayout& layout : dockLayouts()) {
        names.append(layout.id);
    }
    return names;
}

} // namespace

std::vector<WindowSetting> windowSettings(MainWindow& window) {
    EventsPane* events = window.events();
    TensorPane* tensor = window.panes().tensor;
    Transport* transport = window.transport();
    Docks& docks = window.docks();
    return {
        ofValues(u"theme"_s, {u"system"_s, u"light"_s, u"dark"_s}, window.themeChoice(),
                 [&window](ThemeChoice choice) { window.setThemeChoice(choice); }),
        {u"text size"_s,
         {u"8"_s, u"10"_s, u"12"_s, u"14"_s, u"16"_s, u"20"_s, u"24"_s, u"32"_s},
         QString::number(window.textSize()),
         [&window](const QString& pixels) { window.setTextSize(pixels.toDouble()); }},
        ofValues(u"events"_s, {u"list"_s, u"tree"_s}, events->isTree(),
                 [events](bool tree) { events->setTree(tree); }),
        ofValues(u"overview strip"_s, {u"hidden"_s, u"shown"_s}, !events->strip()->isHidden(),
                 [events](bool shown) { events->strip()->setVisible(shown); }),
        ofValues(u"tensor scale"_s, {u"linear"_s, u"logarithmic"_s}, tensor->isLog(),
                 [tensor](bool log) { tensor->setLog(log); }),
        ofValues(u"step size"_s, {u"event"_s, u"layer"_s, u"step"_s}, transport->grain(),
                 [transport](Session::Grain grain) { transport->setGrain(grain); }),
        {u"layout"_s, layoutNames(), docks.layout(),
         [&docks](const QString& layout) { docks.apply(layout); }},
        ofValues(u"docks"_s, {u"movable"_s, u"locked"_s}, docks.locked(),
                 [&docks](bool locked) { docks.setLocked(locked); }),
    };
}

QString applySetting(MainWindow& window, const QString& text) {
    const QString name = text.section(u':', 0, 0).trimmed();
    const QString choice = text.section(u':', 1).trimmed();
    for (const WindowSetting& setting : windowSettings(window)) {
        if (setting.name == name) {
            if (!setting.choices.contains(choice)) {
                return QObject::tr("%1: %2 is one of %3")
                    .arg(text, name, setting.choices.join(u", "_s));
            }
            setting.set(choice);
            return {};
        }
    }
    return QObject::tr("%1: there is no such setting; %2 lists them")
        .arg(text, window.context().keys.name("help.palette"));
}

} // namespace repro::gui
