// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/plot/charts/growth_curve.h"

namespace repro::gui {

/// How many rows differ in each step, and by how much.
class GrowthPane : public Pane {
    Q_OBJECT
public:
    explicit GrowthPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_curve; }

protected:
    void rebuild() override;
    void follow() override;

private:
    plot::GrowthCurve* m_curve = nullptr;
    std::vector<std::uint32_t> m_firstRow; ///< of each point
    std::weak_ptr<const Document> m_shown; ///< weak: a hidden pane keeps no closed trace
    std::shared_ptr<const std::vector<RowDetail>> m_details;
};

} // namespace repro::gui
