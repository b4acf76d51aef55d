// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/source_pane.h"

#include "gui/panes/source_view.h"
#include "replay/run/call_stack.h"

#include <QFileInfo>
#include <QProcess>
#include <QSettings>
#include <QSplitter>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<replay::CallStack> stackOf(const trace::Reader& reader, std::uint32_t event,
                                         const replay::SourceMap& sources) {
    auto stack = event == trace::kNone32 ? std::nullopt
                                         : replay::stackOf(reader, reader.events().site[event]);
    if (stack) {
        sources.apply(*stack);
    }
    return stack;
}

} // namespace

SourcePane::SourcePane(Context& context) : Pane(context, u"source"_s, tr("Source")) {
    auto* both = new QSplitter;
    m_a = new SourceView(u"A"_s);
    m_b = new SourceView(u"B"_s);
    both->addWidget(m_a);
    both->addWidget(m_b);
    both->setChildrenCollapsible(false);
    setContent(both);
}

QAbstractItemModel* SourcePane::table() const {
    return (m_a->isHidden() ? m_b : m_a)->calls();
}

QString SourcePane::sentence() const {
    return m_b->isHidden()   ? m_a->sentence()
           : m_a->isHidden() ? m_b->sentence()
                             : m_a->sentence() + u"; "_s + m_b->sentence();
}

void SourcePane::setTheme(const plot::PlotTheme& theme) {
    m_a->setTheme(theme);
    m_b->setTheme(theme);
}

void SourcePane::rebuild() {
    const auto& document = m_context.session.document();
    const auto row = focusedRow();
    if (!row) {
        return;
    }
    const RowEntry& entry = document->rows().all[*row];
    const auto a = stackOf(document->a(), entry.a, m_context.sources);
    const auto b =
        document->isPair() ? stackOf(document->b(), entry.b, m_context.sources) : std::nullopt;
    const bool same = !b || (a && replay::sameOwnCalls(*a, *b));
    m_a->setVisible(entry.a != trace::kNone32);
    m_b->setVisible(!same || entry.a == trace::kNone32);
    m_a->setStack(a, m_context.session.pathA());
    m_b->setStack(b, m_context.session.pathB());
}

QString SourcePane::filterOfLine() const {
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (!document || row >= document->rows().size()) {
        return {};
    }
    const Rows& rows = document->rows();
    const replay::SourceLine* call = rows.callOf(rows.all[row]);
    const std::string file = call == nullptr ? std::string() : call->file;
    // A term ends at a space or a bracket: what follows the last of them in the path says enough.
    const std::size_t end = file.find_last_of(" \t()|");
    const QString known =
        end == std::string::npos ? text(file) : text(file.substr(end)).section(u'/', 1);
    return known.isEmpty() ? QString() : u"site:%1:%2"_s.arg(known).arg(call->line);
}

QString SourcePane::openInEditor() {
    ensureCurrent();
    const replay::SourceLine* call = (m_a->isHidden() ? m_b : m_a)->chosen();
    if (call == nullptr || call->file.empty()) {
        return tr("No line is known of this event");
    }
    const QString file = text(call->file);
    QStringList words = QProcess::splitCommand(
        QSettings().value(u"editor"_s, qEnvironmentVariable("VISUAL")).toString());
    if (words.isEmpty()) {
        return tr("No editor is set; set VISUAL to one with a window of its own");
    }
    if (!QFileInfo(file).isFile()) {
        return tr("%1 is not there").arg(file);
    }
    const QString program = words.takeFirst();
    words << u"+%1"_s.arg(call->line) << file;
    return QProcess::startDetached(program, words) ? QString()
                                                   : tr("%1 cannot be started").arg(program);
}

} // namespace repro::gui
