// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/plot/charts/rng_lanes.h"

namespace repro::gui {

/// Who drew random numbers, in both runs, and where the streams part. x is the row of the list.
[[nodiscard]] std::vector<plot::RngGenerator> generatorsOf(const Document& document);

class RngPane : public Pane {
    Q_OBJECT
public:
    explicit RngPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_lanes; }

protected:
    void rebuild() override;
    void follow() override;

private:
    void zoomToMismatch();

    plot::RngLanes* m_lanes = nullptr;
    std::vector<plot::RngGenerator> m_generators;
    std::weak_ptr<const Document> m_shown; ///< weak: a hidden pane keeps no closed trace
};

} // namespace repro::gui
