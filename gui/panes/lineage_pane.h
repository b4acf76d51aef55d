// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/plot/lineage/lineage_graph.h"
#include "gui/viewmodel/lineage.h"

class QCheckBox;
class QSpinBox;

namespace repro::gui {

/// Whose outputs the event in focus read, and who went on with what it wrote.
class LineagePane : public Pane {
    Q_OBJECT
public:
    explicit LineagePane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_graph; }

protected:
    void rebuild() override;

private:
    void show(const Lineage& lineage);
    void toggleCopies(int node);
    [[nodiscard]] QString pathText(const std::vector<int>& path) const;

    plot::LineageGraph* m_graph = nullptr;
    QSpinBox* m_depth = nullptr;
    QCheckBox* m_fold = nullptr;
    QLabel* m_caption = nullptr;
    std::vector<std::uint32_t> m_rows;
    std::set<std::uint32_t> m_open; ///< rows whose copies are shown
    std::weak_ptr<const Document> m_shown;
};

} // namespace repro::gui
