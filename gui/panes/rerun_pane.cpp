// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/rerun_pane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMostRuns = 100000;

QString noteOf(const RerunFinding& finding) {
    if (!finding.refused.isEmpty()) {
        return finding.refused;
    }
    const QString recorded =
        finding.asRecorded < 0 ? QString() : QObject::tr("%1 as recorded").arg(finding.asRecorded);
    return finding.spread.isEmpty() ? recorded : finding.spread + u", "_s + recorded;
}

} // namespace

RerunPane::RerunPane(Context& context) : Pane(context, u"rerun"_s, tr("Re-execute")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 4, 6, 0);
    m_runs = new QSpinBox;
    m_runs->setRange(1, kMostRuns);
    m_runs->setValue(Rerun::kRuns);
    m_runs->setSuffix(tr(" runs"));
    m_runs->setAccessibleName(tr("Runs per condition"));
    m_inputs = new QComboBox;
    m_inputs->addItems({tr("inputs of A"), tr("inputs of B")});
    m_inputs->setAccessibleName(tr("Input source"));
    m_button = new QPushButton;
    m_bars = new plot::RunBars;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_runs, m_inputs, m_button}) {
        bar->addWidget(widget);
    }
    bar->addStretch(1);
    layout->addLayout(bar);
    layout->addWidget(m_bars, 1);
    connect(&context.keys, &Keymap::changed, this, &Pane::invalidate);
    setContent(content);
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT statusMessage(toggle()); });
    connect(&context.rerun, &Rerun::changed, this, &Pane::invalidate);
}

QString RerunPane::toggle() {
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (m_context.rerun.isRunning()) {
        m_context.rerun.stop();
        return {};
    }
    if (!document || row >= document->rows().size()) {
        return tr("No event has the focus");
    }
    m_context.rerun.start(row, document->isPair() && m_inputs->currentIndex() == 1,
                          m_runs->value());
    return {};
}

QString RerunPane::sentenceOf(std::uint32_t row) const {
    const Rows& rows = m_context.session.document()->rows();
    const QString name = rows.names[static_cast<qsizetype>(rows.all[row].name)];
    const RerunResult* result = m_context.rerun.of(row);
    if (result == nullptr) {
        return tr("%1 has not been re-executed. %2 runs it on its recorded inputs.")
            .arg(name, m_context.keys.name("run.again"));
    }
    if (!result->error.isEmpty()) {
        return tr("%1 was not re-executed: %2.").arg(name, result->error);
    }
    return result->conclusion.isEmpty() ? tr("%1 is running.").arg(name)
                                        : result->conclusion + u'.';
}

void RerunPane::rebuild() {
    const auto& document = m_context.session.document();
    const auto row = focusedRow();
    if (!row) {
        return;
    }
    m_button->setText(m_context.rerun.isRunning() ? tr("Stop") : tr("Run"));
    m_inputs->setVisible(document->isPair());
    std::vector<plot::RunBar> bars;
    const RerunResult* result = m_context.rerun.of(*row);
    for (const RerunFinding& finding :
         result == nullptr ? decltype(result->findings)() : result->findings) {
        bars.push_back({finding.conditions, finding.runs, noteOf(finding)});
    }
    if (bars.empty()) {
        bars.push_back({tr("as recorded"), {}, tr("no runs yet")});
    }
    m_bars->setData(std::move(bars), sentenceOf(*row));
}

} // namespace repro::gui
