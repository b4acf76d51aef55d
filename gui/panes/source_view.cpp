// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/source_view.h"

#include "gui/panes/code_view.h"
#include "gui/viewmodel/document.h"
#include "replay/report/sites.h"
#include "replay/run/call_stack.h"
#include "trace/words.h"

#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kCallsInSight = 5;

QString whyNot(replay::SourceState state, const QString& file) {
    switch (state) {
    case replay::SourceState::AsRecorded:
        break;
    case replay::SourceState::NotHashed:
        return QObject::tr("The recording does not know what %1 was, so it is not shown.")
            .arg(file);
    case replay::SourceState::Gone:
        return QObject::tr("%1 is not there. If the sources moved, start reproview with "
                           "--source-map OLD=NEW.")
            .arg(file);
    case replay::SourceState::Changed:
        return QObject::tr("%1 has changed since the recording, so it is not shown.").arg(file);
    case replay::SourceState::TooBig:
        return QObject::tr("%1 is too large to be shown.").arg(file);
    }
    return {};
}

} // namespace

SourceView::SourceView(const QString& run) : m_run(run) {
    m_caption = new QLabel;
    m_caption->setMinimumWidth(1); // its text does not hold the dock open
    m_caption->setAccessibleName(tr("Line of run %1").arg(run));
    m_calls = new QListWidget;
    m_calls->setAccessibleName(tr("Calls of run %1, the innermost first").arg(run));
    m_message = new QLabel;
    m_message->setWordWrap(true);
    m_message->setMinimumWidth(1);
    m_message->setAlignment(Qt::AlignTop);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_message->setAccessibleName(tr("Why no source of run %1 is shown").arg(run));
    m_code = new CodeView;
    m_code->setAccessibleName(tr("Source of run %1").arg(run));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 2, 4, 0);
    layout->setSpacing(4);
    layout->addWidget(m_caption);
    layout->addWidget(m_calls);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_code, 1);
    connect(m_calls, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0) {
            showChosen();
        }
    });
}

void SourceView::setStack(std::optional<replay::CallStack> stack, const QString& trace) {
    m_stack = std::move(stack);
    m_trace = trace;
    const QSignalBlocker fill(m_calls);
    m_calls->clear();
    for (const replay::SourceLine& call : m_stack ? m_stack->calls : decltype(m_stack->calls)()) {
        m_calls->addItem(text(trace::printable(replay::callWords(call))));
    }
    dimLibraries();
    const int rows = std::min(m_calls->count(), kCallsInSight);
    m_calls->setVisible(rows > 0);
    m_calls->setFixedHeight(rows * m_calls->sizeHintForRow(0) + 2 * m_calls->frameWidth());
    m_calls->setCurrentRow(m_stack ? static_cast<int>(m_stack->own) : -1);
    showChosen();
}

void SourceView::setTheme(const plot::PlotTheme& theme) {
    m_theme = theme;
    m_code->setTheme(theme);
    dimLibraries();
}

void SourceView::dimLibraries() {
    for (int row = 0; row < m_calls->count(); ++row) {
        const bool own = replay::isOwnCode(m_stack->calls[static_cast<std::size_t>(row)]);
        m_calls->item(row)->setForeground(own ? m_theme.text : m_theme.mutedText);
    }
}

const replay::SourceLine* SourceView::chosen() const {
    const int row = m_calls->currentRow();
    return m_stack && row >= 0 ? &m_stack->calls[static_cast<std::size_t>(row)] : nullptr;
}

QAbstractItemModel* SourceView::calls() const {
    return m_calls->model();
}

QString SourceView::sentence() const {
    return m_message->text().isEmpty() ? m_caption->text() : m_message->text();
}

void SourceView::showChosen() {
    const replay::SourceLine* call = chosen();
    m_caption->setText(
        call == nullptr
            ? tr("Run %1").arg(m_run)
            : tr("Run %1: %2").arg(m_run, text(trace::printable(replay::callWords(*call)))));
    m_message->setText(call == nullptr ? tr("No stack was recorded for this event.") : read(*call));
    const bool isShown = m_message->text().isEmpty();
    m_message->setHidden(isShown);
    m_code->setVisible(isShown);
}

QString SourceView::read(const replay::SourceLine& call) {
    if (call.file.empty()) {
        return tr("No line is known of %1. Build it with -g, or name its debugging information:\n"
                  "reprorec symbolize %2 --debug-dir FOLDER")
            .arg(text(trace::printable(replay::callWords(call))), m_trace);
    }
    const QString file = text(call.file);
    const QDateTime written = QFileInfo(file).lastModified();
    if (call.file != m_readFor.file || call.contents != m_readFor.contents || written != m_readAt) {
        m_source = replay::readSource(call);
        m_readFor = call;
        m_readAt = written;
    }
    if (m_source.state != replay::SourceState::AsRecorded) {
        return whyNot(m_source.state, text(trace::printable(call.file)));
    }
    m_code->setSource(m_source.text, static_cast<int>(call.line), file.endsWith(u".py"_s));
    return {};
}

} // namespace repro::gui
