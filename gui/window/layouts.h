// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>

#include <span>
#include <vector>

namespace repro::gui {

/// A layout of the docks, as data. Panes of one group are tabs; the first is in front.
struct DockLayout {
    struct Group {
        Qt::DockWidgetArea area;
        QStringList panes;
        int size = 0; ///< px at 1600 x 1000: height at top and bottom, width at the sides
    };
    QString id;            ///< "triage"
    bool tallSide = false; ///< the right side goes down to the foot
    std::vector<Group> groups;
};

/// Triage, tensor, propagation, environment, one-run.
[[nodiscard]] std::span<const DockLayout> dockLayouts();
[[nodiscard]] const DockLayout* findLayout(const QString& id);

} // namespace repro::gui
