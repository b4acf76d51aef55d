// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace repro::gui {

struct Context;
class EnvironmentPane;
class EventsPane;
class ExplainPane;
class HistogramPane;
class MapPane;
class Pane;
class RerunPane;
class SourcePane;
class TensorPane;

/// The panes of a window; Qt owns them as soon as they are in it.
struct Panes {
    explicit Panes(Context& context);
    /// Null where no pane has that id.
    [[nodiscard]] Pane* find(const QString& id) const;
    [[nodiscard]] QStringList ids() const;

    EventsPane* events; ///< the middle of the window; the others are docks
    MapPane* map;
    ExplainPane* explain;
    TensorPane* tensor;
    HistogramPane* histogram;
    EnvironmentPane* environment;
    RerunPane* rerun;
    SourcePane* source;
    std::vector<Pane*> docked; ///< all of them, but the events
};

} // namespace repro::gui
