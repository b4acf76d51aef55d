// SPDX-License-Identifier: BSD-3-Clause
#include "gui/ui/lineage_pane.h"

#include "gui/ui/inks.h"
#include "gui/viewmodel/texts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kTag = u"lineage"_s;
constexpr std::size_t kMostRows = 400;

const RowDetail* detailOf(const std::vector<RowDetail>* details, std::uint32_t row) {
    if (details == nullptr) {
        return nullptr;
    }
    const auto found =
        std::lower_bound(details->begin(), details->end(), row,
                         [](const RowDetail& d, std::uint32_t wanted) { return d.row < wanted; });
    return found == details->end() || found->row != row ? nullptr : &*found;
}

/// From the focus on, always along the edge of the largest error.
void markMaxPath(plot::LineageData& data, const std::vector<double>& errors) {
    int at = 0;
    std::vector<bool> visited(data.nodes.size());
    while (at >= 0 && !visited[static_cast<std::size_t>(at)]) {
        visited[static_cast<std::size_t>(at)] = true;
        plot::LineageEdge* best = nullptr;
        for (plot::LineageEdge& edge : data.edges) {
            const double error = errors[static_cast<std::size_t>(edge.to)];
            if (edge.from == at && error > 0 &&
                (best == nullptr || error > errors[static_cast<std::size_t>(best->to)])) {
                best = &edge;
            }
        }
        at = best == nullptr ? -1 : best->to;
        if (best != nullptr) {
            best->onMaxPath = true;
        }
    }
}

} // namespace

LineagePane::LineagePane(Context& context) : Pane(context, u"lineage"_s, tr("Lineage")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* top = new QHBoxLayout;
    auto* label = new QLabel(tr("&Hops"));
    m_depth = new QSpinBox;
    m_depth->setRange(1, 30);
    m_depth->setValue(3);
    m_depth->setAccessibleName(tr("Hops from the event in focus"));
    label->setBuddy(m_depth);
    m_caption = new QLabel;
    m_caption->setMinimumWidth(1);
    m_caption->setAccessibleName(tr("What the graph shows"));
    top->addWidget(label);
    top->addWidget(m_depth);
    top->addWidget(m_caption, 1);
    layout->addLayout(top);
    m_graph = new plot::LineageGraph;
    layout->addWidget(m_graph, 1);
    setContent(content);
    connect(m_depth, &QSpinBox::valueChanged, this, &Pane::invalidate);
    connect(m_graph, &plot::LineageGraph::nodeActivated, this, [this](int node) {
        if (node >= 0 && static_cast<std::size_t>(node) < m_rows.size()) {
            m_context.session.focus().setRow(m_rows[static_cast<std::size_t>(node)]);
        }
    });
    connect(m_graph, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
}

void LineagePane::rebuild() {
    const auto document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (!document || row >= document->rows().size()) {
        setMessage(tr("No event is in focus."));
        return;
    }
    setMessage({});
    m_context.session.jobs().start(
        kTag,
        [document, row, depth = m_depth->value()](const CancelFlag& cancel) {
            return lineageOf(*document, row, depth, kMostRows, cancel);
        },
        [this](const Lineage& lineage) { show(lineage); });
}

void LineagePane::show(const Lineage& lineage) {
    const auto document = m_context.session.document();
    if (!document) {
        return;
    }
    m_rows = lineage.rows;
    plot::LineageData graph;
    graph.focus = 0;
    std::vector<double> errors;
    double most = 0;
    for (const std::uint32_t row : lineage.rows) {
        const RowEntry& entry = document->rows().all[row];
        const RowDetail* detail = detailOf(m_context.session.details().get(), row);
        const QString layer = document->rows().layers[static_cast<qsizetype>(entry.layer)];
        QString where = u"step %1"_s.arg(entry.step);
        where = layer.isEmpty() ? where : layer.section(u'.', -2) + u", "_s + where;
        if (detail != nullptr && detail->ulpKnown) {
            where += u", %1 ULP"_s.arg(countText(detail->maxUlp));
        }
        graph.nodes.push_back(
            {document->rows().names[static_cast<qsizetype>(entry.name)], where, markOf(entry), 0});
        errors.push_back(detail != nullptr ? 1 + std::log2(1 + static_cast<double>(detail->maxUlp))
                         : entry.differs() ? 1
                                           : 0);
        most = std::max(most, errors.back());
    }
    for (const Lineage::Edge& edge : lineage.edges) {
        const double error =
            document->rows().all[lineage.rows[static_cast<std::size_t>(edge.from)]].differs()
                ? errors[static_cast<std::size_t>(edge.to)]
                : 0;
        graph.edges.push_back({edge.from, edge.to, most > 0 ? error / most : 0, false});
    }
    markMaxPath(graph, errors);
    m_graph->setData(std::move(graph));
    m_caption->setText(tr("%1 events around the focus%2")
                           .arg(lineage.rows.size())
                           .arg(lineage.cut ? tr("; further ones are left out") : QString()));
}

} // namespace repro::gui
