// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/divergence_map.h"
#include "gui/ui/pane.h"

namespace repro::gui {

/// What the map shows of a document, and which row a cell leads to.
struct MapContents {
    plot::MapData data;
    std::vector<plot::MapLane> lanes;
    std::vector<std::uint32_t> rowOfCell; ///< the heaviest row's; kNone32 of an empty cell
    std::uint32_t stepsPerColumn = 1;
    std::vector<std::uint32_t> placeOfLayer; ///< row of the map, by layer
};
[[nodiscard]] MapContents mapOf(const Document& document, const std::vector<RowDetail>* details,
                                const CancelFlag& cancel);

/// Step by layer: where the runs differ.
class MapPane : public Pane {
    Q_OBJECT
public:
    explicit MapPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_map; }

protected:
    void rebuild() override;
    void follow() override;

private:
    plot::DivergenceMap* m_map = nullptr;
    MapContents m_contents;
    std::weak_ptr<const Document> m_shown; ///< weak: a hidden pane keeps no closed recording
    std::shared_ptr<const std::vector<RowDetail>> m_details;
};

} // namespace repro::gui
