// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/loss_lanes.h"
#include "gui/panes/pane.h"
#include "gui/plot/map/divergence_map.h"

#include <optional>

namespace repro::gui {

/// What the map shows of a document, and which row a cell leads to.
struct MapContents {
    plot::MapData data;
    std::vector<plot::MapLane> lanes;
    std::vector<std::uint32_t> rowOfCell; ///< the heaviest row's; kNone32 of an empty cell
    std::uint32_t stepsPerColumn = 1;
    std::vector<std::uint32_t> placeOfLayer; ///< row of the map, by layer
    QString preview;                         ///< what a tolerance would hide, in words
    std::shared_ptr<const LossesOfRuns> losses;
    std::vector<std::vector<std::uint32_t>> rowsOfLosses; ///< of the first lanes: LossLanes::rows
    bool lossesUnread = false;
};
/// `tolerance`: in ULP; what it would hide is drawn so. `losses`: those of the document, or null,
/// if they are to be read.
[[nodiscard]] MapContents mapOf(const Document& document, const std::vector<RowDetail>* details,
                                std::optional<quint64> tolerance,
                                std::shared_ptr<const LossesOfRuns> losses,
                                const CancelFlag& cancel);

/// Step by layers: where the runs differ, or would under a tolerance that is tried out.
class MapPane : public Pane {
    Q_OBJECT
public:
    explicit MapPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_map; }
    [[nodiscard]] QString sentence() const override;
    /// Tries a tolerance out, of the document that is open; none: the map as it is.
    void setPreview(std::optional<quint64> ulp);

Q_SIGNALS:
    void previewEnded();

protected:
    void rebuild() override;
    void follow() override;

private:
    [[nodiscard]] static QString unreadLosses();

    plot::DivergenceMap* m_map = nullptr;
    QLabel* m_preview = nullptr;
    std::optional<quint64> m_wanted, m_tolerance; ///< to be tried out; in the picture
    std::weak_ptr<const Document> m_previewOf;
    MapContents m_contents;
    std::weak_ptr<const Document> m_shown; ///< weak: a hidden pane keeps no closed trace
    std::shared_ptr<const std::vector<RowDetail>> m_details;
};

} // namespace repro::gui
