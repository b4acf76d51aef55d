// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/lineage_pane.h"

#include "gui/panes/cell_styles.h"
#include "gui/viewmodel/texts.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kLineagePaneTag = u"lineage"_s;
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
    m_caption->setAccessibleName(tr("Summary of the graph"));
    top->addWidget(label);
    m_fold = new QCheckBox(tr("F&old copies"));
    m_fold->setChecked(true);
    m_fold->setToolTip(tr("Views and copies are folded into the op whose bytes they pass on. "
                          "Alt+click an op, or press Shift+Enter, to unfold or fold its own."));
    top->addWidget(m_depth);
    top->addWidget(m_fold);
    top->addWidget(m_caption, 1);
    layout->addLayout(top);
    m_graph = new plot::LineageGraph;
    layout->addWidget(m_graph, 1);
    setContent(content);
    connect(m_depth, &QSpinBox::valueChanged, this, &Pane::invalidate);
    connect(m_fold, &QCheckBox::toggled, this, &Pane::invalidate);
    connect(m_graph, &plot::LineageGraph::foldRequested, this, &LineagePane::toggleCopies);
    connect(&context.session, &Session::detailsReady, this, &Pane::invalidate);
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
        setMessage(tr("No event has the focus."));
        return;
    }
    setMessage({});
    if (document != m_shown.lock()) {
        m_shown = document;
        m_open.clear();
    }
    const LineageOptions options{
        .depth = m_depth->value(), .fold = m_fold->isChecked(), .open = m_open};
    m_context.session.jobs().start(
        kLineagePaneTag,
        [document, row, options](const CancelFlag& cancel) {
            return lineageOf(*document, row, options, cancel);
        },
        [this](const Lineage& lineage) { show(lineage); });
}

/// The node's copies are shown, or folded into it again.
void LineagePane::toggleCopies(int node) {
    const std::uint32_t row = m_rows.at(static_cast<std::size_t>(node));
    if (m_open.erase(row) == 0) {
        m_open.insert(row);
    }
    invalidate();
}

/// "; the path of the largest error leads from aten::mm to aten::exp, at most 340 ULP in aten::div"
QString LineagePane::pathText(const std::vector<int>& path) const {
    if (path.size() < 2) {
        return {};
    }
    const auto& document = *m_context.session.document();
    const auto nameOf = [&](int node) {
        const RowEntry& entry = document.rows().all[m_rows[static_cast<std::size_t>(node)]];
        return document.rows().names[static_cast<qsizetype>(entry.name)];
    };
    int worst = -1;
    std::uint64_t most = 0;
    for (const int node : path) {
        const RowDetail* detail =
            detailOf(m_context.session.details().get(), m_rows[static_cast<std::size_t>(node)]);
        if (detail != nullptr && detail->ulpKnown && detail->maxUlp >= most) {
            most = detail->maxUlp;
            worst = node;
        }
    }
    return tr("; the path of the largest error leads from %1 to %2%3")
        .arg(nameOf(path.front()), nameOf(path.back()),
             worst < 0 ? QString()
                       : tr(", at most %1 ULP in %2").arg(countText(most), nameOf(worst)));
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
    std::size_t folded = 0;
    for (std::size_t i = 0; i < lineage.rows.size(); ++i) {
        const std::uint32_t row = lineage.rows[i];
        const RowEntry& entry = document->rows().all[row];
        const RowDetail* detail = detailOf(m_context.session.details().get(), row);
        const QString layer = document->rows().layers[static_cast<qsizetype>(entry.layer)];
        QString where = u"step %1"_s.arg(entry.step);
        where = layer.isEmpty() ? where : layer.section(u'.', -2) + u", "_s + where;
        if (detail != nullptr && detail->ulpKnown) { // first: what is cut is the place
            where = u"%1 ULP, "_s.arg(countText(detail->maxUlp)) + where;
        }
        folded += lineage.folded[i].size();
        graph.nodes.push_back({document->rows().names[static_cast<qsizetype>(entry.name)], where,
                               markOf(entry), static_cast<int>(lineage.folded[i].size())});
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
    const std::vector<int> path = largestErrorPath(lineage, errors);
    for (plot::LineageEdge& edge : graph.edges) {
        const auto at = std::find(path.begin(), path.end(), edge.from);
        edge.onMaxPath = at != path.end() && at + 1 != path.end() && *(at + 1) == edge.to;
    }
    m_graph->setData(std::move(graph));
    m_caption->setText(
        tr("%1 events around the focus%2%3%4")
            .arg(lineage.rows.size())
            .arg(folded == 0 ? QString() : tr(", %1 copies and views folded").arg(folded),
                 lineage.cut ? tr("; more are not shown") : QString(), pathText(path)));
}

} // namespace repro::gui
