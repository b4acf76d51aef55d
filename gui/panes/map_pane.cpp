// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/map_pane.h"

#include "gui/panes/cell_styles.h"
#include "gui/viewmodel/preview.h"
#include "gui/viewmodel/texts.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

const QString kMapPaneTag = u"map"_s;
constexpr std::uint64_t kMostCells = 8'000'000;

/// Layers in the order in which they first appear, each once.
std::vector<std::uint32_t> placesOfLayers(const Rows& rows, plot::MapData& data) {
    std::vector<std::uint32_t> places(static_cast<std::size_t>(rows.layers.size()), kNone32);
    for (const RowEntry& row : rows.all) {
        if (places[row.layer] == kNone32) {
            places[row.layer] = static_cast<std::uint32_t>(data.groups.size());
            const QString name =
                row.layer == 0 ? u"(no layer)"_s : rows.layers[static_cast<qsizetype>(row.layer)];
            data.groups.push_back({name, static_cast<int>(data.groups.size()), 1});
        }
    }
    return places;
}

plot::MapLane differingLane(const Rows& rows, const MapContents& contents) {
    plot::MapLane lane;
    lane.name = u"rows that differ"_s;
    lane.delta.assign(static_cast<std::size_t>(contents.data.columns), 0);
    for (const std::uint32_t row : rows.differing) {
        lane.delta[rows.all[row].step / contents.stepsPerColumn] += 1;
    }
    return lane;
}

plot::MapLane drawLane(const Document& document, const MapContents& contents) {
    plot::MapLane lane;
    lane.name = u"random draws"_s;
    lane.above = false;
    const auto columns = static_cast<std::size_t>(contents.data.columns);
    const auto count = [&](const trace::Reader& reader, std::vector<double>& line) {
        line.assign(columns, 0);
        for (const trace::Draw& draw : reader.draws()) {
            const std::size_t column = reader.events().step[draw.event] / contents.stepsPerColumn;
            if (column < columns) {
                line[column] += 1;
            }
        }
    };
    count(document.a(), lane.a);
    if (document.isPair()) {
        count(document.b(), lane.b);
    }
    return lane;
}

void addLosses(const Document& document, std::shared_ptr<const LossesOfRuns> losses,
               MapContents& contents, const CancelFlag& cancel) {
    contents.losses = losses ? std::move(losses)
                             : std::make_shared<const LossesOfRuns>(lossesOf(document, cancel));
    LossLanes lanes =
        lossLanes(document, *contents.losses, static_cast<std::size_t>(contents.data.columns),
                  contents.stepsPerColumn);
    contents.lanes = std::move(lanes.lanes);
    contents.rowsOfLosses = std::move(lanes.rows);
    contents.lossesUnread = lanes.unread;
}

} // namespace

MapContents mapOf(const Document& document, const std::vector<RowDetail>* details,
                  std::optional<quint64> tolerance, std::shared_ptr<const LossesOfRuns> losses,
                  const CancelFlag& cancel) {
    MapContents contents;
    const Rows& rows = document.rows();
    contents.placeOfLayer = placesOfLayers(rows, contents.data);
    std::uint32_t steps = 0;
    for (const std::uint32_t start : rows.stepStarts) {
        steps = std::max(steps, rows.all[start].step + 1);
    }
    const auto layers = static_cast<std::uint64_t>(contents.data.groups.size());
    contents.stepsPerColumn = static_cast<std::uint32_t>(steps * layers / kMostCells + 1);
    const std::uint32_t columns = (steps + contents.stepsPerColumn - 1) / contents.stepsPerColumn;
    contents.data.columns = static_cast<int>(columns);
    contents.data.rows = static_cast<int>(layers);
    contents.data.columnTitle = contents.stepsPerColumn == 1
                                    ? u"step"_s
                                    : u"step (%1 a column)"_s.arg(contents.stepsPerColumn);
    for (std::uint32_t column = 0; column < columns; ++column) {
        contents.data.columnNumbers.push_back(qint64(column) * contents.stepsPerColumn);
    }
    contents.data.cells.resize(columns * layers);
    contents.data.events.resize(columns * layers);
    contents.rowOfCell.assign(columns * layers, kNone32);
    std::vector<plot::CellStyleSet> styles = stylesOf(rows, details);
    if (tolerance) {
        const TolerancePreview preview = previewTolerance(document, details, *tolerance);
        contents.preview = preview.sentence();
        for (const std::uint32_t row : preview.hidden) {
            styles[row] = plot::CellStyle::Tolerated;
        }
    }
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        if (row % 65536 == 0 && cancel) {
            throw replay::Cancelled();
        }
        const RowEntry& entry = rows.all[row];
        const std::size_t cell = std::size_t(entry.step / contents.stepsPerColumn) * layers +
                                 contents.placeOfLayer[entry.layer];
        plot::CellStyleSet& style = contents.data.cells[cell];
        std::uint32_t& chosen = contents.rowOfCell[cell];
        if (style.empty() || styles[row].heaviest() > style.heaviest()) {
            chosen = row;
        }
        style |= styles[row];
        ++contents.data.events[cell];
    }
    addLosses(document, std::move(losses), contents, cancel);
    if (document.isPair()) {
        contents.lanes.push_back(differingLane(rows, contents));
    }
    contents.lanes.push_back(drawLane(document, contents));
    return contents;
}

MapPane::MapPane(Context& context) : Pane(context, u"map"_s, tr("Divergence map")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_preview = new QLabel;
    m_preview->setAccessibleName(tr("Tolerance preview"));
    m_preview->setWordWrap(true);
    m_preview->setMinimumWidth(1);
    m_preview->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_preview->setObjectName(u"preview"_s);
    m_preview->hide();
    m_map = new plot::DivergenceMap;
    layout->addWidget(m_preview);
    layout->addWidget(m_map, 1);
    setContent(content);
    connect(m_preview, &QLabel::linkActivated, this, [this] { setPreview({}); });
    connect(m_map, &plot::DivergenceMap::cellActivated, this, [this](int column, int row) {
        const std::size_t cell =
            static_cast<std::size_t>(column) * static_cast<std::size_t>(m_contents.data.rows) +
            static_cast<std::size_t>(row);
        if (cell < m_contents.rowOfCell.size() && m_contents.rowOfCell[cell] != kNone32) {
            m_context.session.focus().setRow(m_contents.rowOfCell[cell]);
        }
    });
    connect(m_map, &plot::DivergenceMap::laneActivated, this, [this](int lane, int column) {
        const auto& rows = m_contents.rowsOfLosses;
        if (static_cast<std::size_t>(lane) >= rows.size()) {
            return;
        }
        if (const std::uint32_t row =
                rows[static_cast<std::size_t>(lane)].at(static_cast<std::size_t>(column));
            row != kNone32) {
            m_context.session.focus().setRow(row);
        }
    });
    connect(m_map, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
    connect(&context.session, &Session::detailsReady, this, &Pane::invalidate);
}

void MapPane::rebuild() {
    const auto document = m_context.session.document();
    const auto details = m_context.session.details();
    if (!document) {
        m_shown.reset();
        setMessage(tr("Nothing is open."));
        return;
    }
    setMessage({});
    const auto tolerance = m_previewOf.lock() == document ? m_wanted : std::nullopt;
    if (m_shown.lock() == document && m_details == details && m_tolerance == tolerance) {
        follow();
        return;
    }
    const auto losses = m_shown.lock() == document ? m_contents.losses : nullptr;
    m_context.session.jobs().start(
        kMapPaneTag,
        [document, details, tolerance, losses](const CancelFlag& cancel) {
            return mapOf(*document, details.get(), tolerance, losses, cancel);
        },
        [this, document, details, tolerance](MapContents contents) {
            m_shown = document;
            m_details = details;
            m_tolerance = tolerance;
            m_preview->setVisible(tolerance.has_value());
            m_preview->setText(u"%1 <a href=\"end:\">%2</a>"_s.arg(contents.preview.toHtmlEscaped(),
                                                                   tr("End the preview (Esc)")));
            m_contents = std::move(contents);
            m_map->setData(m_contents.data);
            m_map->setLanes(m_contents.lanes);
            m_map->setToolTip(m_contents.lossesUnread ? unreadLosses() : QString());
            follow();
        });
}

QString MapPane::sentence() const {
    QStringList sentences{m_map->sentence()};
    if (m_tolerance) {
        sentences.prepend(m_contents.preview);
    }
    if (m_contents.lossesUnread) {
        sentences.append(unreadLosses());
    }
    return sentences.join(u' ');
}

QString MapPane::unreadLosses() {
    return tr("The values of the loss were not recorded. For its curve, record both runs with: "
              "--capture full --filter-op '^aten::ones_like$'");
}

void MapPane::setPreview(std::optional<quint64> ulp) {
    if (m_wanted == ulp) {
        return;
    }
    m_wanted = ulp;
    m_previewOf = m_context.session.document();
    invalidate();
    if (!ulp) {
        Q_EMIT previewEnded();
    }
}

void MapPane::follow() {
    const std::uint32_t row = m_context.session.focus().now().row;
    const auto& document = m_context.session.document();
    if (!document || m_shown.lock() != document || row >= document->rows().size()) {
        return;
    }
    const RowEntry& entry = document->rows().all[row];
    m_map->setFocusCell(static_cast<int>(entry.step / m_contents.stepsPerColumn),
                        static_cast<int>(m_contents.placeOfLayer[entry.layer]));
}

} // namespace repro::gui
