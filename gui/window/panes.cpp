// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/panes.h"

#include "gui/panes/events_pane.h"
#include "gui/panes/growth_pane.h"
#include "gui/panes/lineage_pane.h"
#include "gui/panes/map_pane.h"
#include "gui/panes/numbers_pane.h"
#include "gui/panes/rerun_pane.h"
#include "gui/panes/rng_pane.h"
#include "gui/panes/source_pane.h"
#include "gui/panes/tensor_pane.h"
#include "gui/panes/tensor_plots.h"
#include "gui/panes/text_panes.h"

#include <algorithm>

namespace repro::gui {

Panes::Panes(Context& context)
    : events(new EventsPane(context)), map(new MapPane(context)), explain(new ExplainPane(context)),
      tensor(new TensorPane(context)), histogram(new HistogramPane(context)),
      environment(new EnvironmentPane(context)), rerun(new RerunPane(context)),
      source(new SourcePane(context)), docked{map,
                                              explain,
                                              source,
                                              tensor,
                                              new NumbersPane(context),
                                              histogram,
                                              new ProfilePane(context),
                                              new ScatterPane(context),
                                              new LineagePane(context),
                                              new GrowthPane(context),
                                              new RngPane(context),
                                              environment,
                                              new LayersPane(context),
                                              rerun,
                                              new NotesPane(context)} {}

QStringList Panes::ids() const {
    QStringList ids{events->id()};
    for (const Pane* pane : docked) {
        ids.append(pane->id());
    }
    return ids;
}

Pane* Panes::find(const QString& id) const {
    const auto has = [&id](const Pane* pane) { return pane->id() == id; };
    const auto found = std::find_if(docked.begin(), docked.end(), has);
    return found != docked.end() ? *found : has(events) ? events : nullptr;
}

} // namespace repro::gui
