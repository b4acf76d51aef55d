// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/layouts.h"

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

std::span<const DockLayout> dockLayouts() {
    static const std::vector<DockLayout> layouts = {
        {u"triage"_s,
         false,
         {{Qt::TopDockWidgetArea, {u"map"_s, u"growth"_s}, 210},
          {Qt::RightDockWidgetArea, {u"explain"_s, u"notes"_s, u"layers"_s}, 400},
          {Qt::BottomDockWidgetArea,
           {u"tensor"_s, u"numbers"_s, u"source"_s, u"profile"_s, u"scatter"_s},
           330},
          {Qt::BottomDockWidgetArea,
           {u"histogram"_s, u"lineage"_s, u"rng"_s, u"environment"_s, u"rerun"_s},
           330}}},
        {u"tensor"_s,
         true,
         {{Qt::BottomDockWidgetArea, {u"tensor"_s}, 560},
          {Qt::RightDockWidgetArea, {u"histogram"_s, u"scatter"_s}, 480},
          {Qt::RightDockWidgetArea, {u"numbers"_s, u"profile"_s, u"explain"_s}, 480}}},
        {u"propagation"_s,
         false,
         {{Qt::TopDockWidgetArea, {u"growth"_s, u"map"_s}, 240},
          {Qt::BottomDockWidgetArea, {u"lineage"_s}, 420},
          {Qt::RightDockWidgetArea, {u"explain"_s, u"source"_s, u"layers"_s}, 380}}},
        {u"environment"_s,
         false,
         {{Qt::BottomDockWidgetArea, {u"rng"_s}, 320},
          {Qt::RightDockWidgetArea, {u"environment"_s}, 620},
          {Qt::RightDockWidgetArea, {u"explain"_s, u"rerun"_s}, 620}}},
        {u"one-run"_s,
         false,
         {{Qt::TopDockWidgetArea, {u"map"_s}, 200},
          {Qt::RightDockWidgetArea, {u"explain"_s, u"layers"_s, u"environment"_s}, 440},
          {Qt::BottomDockWidgetArea,
           {u"tensor"_s, u"numbers"_s, u"source"_s, u"lineage"_s, u"rng"_s, u"rerun"_s},
           330}}},
    };
    return layouts;
}

const DockLayout* findLayout(const QString& id) {
    const auto all = dockLayouts();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const DockLayout& l) { return l.id == id; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace repro::gui
