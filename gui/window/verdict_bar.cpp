// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/verdict_bar.h"

#include "gui/viewmodel/texts.h"

#include <QAccessible>
#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

VerdictBar::VerdictBar(Context& context) : m_context(context) {
    setFrameShape(QFrame::StyledPanel);
    setObjectName(u"verdict"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 5, 8, 5);
    layout->setSpacing(2);
    m_sentence = new QLabel;
    m_sentence->setWordWrap(true);
    m_sentence->setAccessibleName(tr("Verdict"));
    m_coverage = new QLabel;
    m_coverage->setWordWrap(true);
    m_coverage->setAccessibleName(tr("Coverage"));
    for (QLabel* label : {m_sentence, m_coverage}) {
        label->setTextFormat(Qt::RichText);
        label->setMinimumWidth(1);
        label->setTextInteractionFlags(Qt::TextBrowserInteraction);
        layout->addWidget(label);
        connect(label, &QLabel::linkActivated, this, &VerdictBar::linkActivated);
    }
    QFont font = m_sentence->font();
    font.setBold(true);
    m_sentence->setFont(font);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

/// A tool bar asks for no height for a width.
void VerdictBar::fitHeight() {
    const QMargins margins = layout()->contentsMargins() + frameWidth();
    const int wide = width() - margins.left() - margins.right();
    const int high = margins.top() + margins.bottom() + layout()->spacing() +
                     m_sentence->heightForWidth(wide) + m_coverage->heightForWidth(wide);
    if (high != height()) {
        setFixedHeight(high);
    }
}

void VerdictBar::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    fitHeight();
}

/// A stripe in the colour of the answer; the words are beside it.
void VerdictBar::paintEvent(QPaintEvent* event) {
    QFrame::paintEvent(event);
    const auto& document = m_context.session.document();
    const plot::PlotTheme& theme = m_context.theme;
    if (document && !isComparing()) {
        const auto verdict = document->diff().verdict;
        QPainter(this).fillRect(0, 0, 5, height(),
                                !document->isPair() || verdict == replay::Verdict::NotComparable
                                    ? theme.unknown
                                : verdict == replay::Verdict::Diverged ? theme.severity[3]
                                                                       : theme.runA);
    }
}

void VerdictBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_sentence != nullptr) {
        QFont font = this->font();
        font.setBold(true);
        m_sentence->setFont(font);
        fitHeight();
    }
}

bool VerdictBar::isComparing() const {
    return m_context.session.state() == Session::State::Loading;
}

QString VerdictBar::text() const {
    const auto& document = m_context.session.document();
    return isComparing() ? m_context.session.progressSentence()
           : document    ? verdictSentence(*document)
                         : QString();
}

QString VerdictBar::coverage() const {
    return m_coverage->text();
}

void VerdictBar::refresh() {
    const auto& document = m_context.session.document();
    if (const auto& listed = m_context.session.listed(); isComparing() && listed) {
        say(text().toHtmlEscaped(), u"<a href=\"cancel:\">%1</a> \u00b7 %2"_s.arg(
                                        tr("Cancel (Esc)"), environmentSentence(listed->diff())));
        return;
    }
    if (!document) {
        return;
    }
    QString sentence = verdictSentence(*document).toHtmlEscaped();
    QString more;
    const auto& diff = document->diff();
    if (document->isPair() && diff.verdict == replay::Verdict::Diverged) {
        sentence = u"\u25c6 "_s + sentence;
        Focus focus;
        focus.row = document->rowOfOrigin(0);
        more =
            u"<a href=\"focus:%1\">%1</a> \u00b7 <a href=\"pane:explain\">%2</a> \u00b7 %3 \u00b7 "_s
                .arg(addressOf(focus, document->rows()), tr("Explain"),
                     originsSentence(diff, m_context.keys.name("go.next-origin")));
    }
    QString environment;
    if (document->isPair()) {
        environment =
            u" \u00b7 <a href=\"pane:environment\">%1</a>"_s.arg(environmentSentence(diff));
    }
    const auto ending = [](const trace::Reader& reader) {
        return reader.header().complete ? QString()
                                        : QObject::tr(" \u00b7 %1 is incomplete: %2")
                                              .arg(gui::text(reader.path().filename().string()),
                                                   gui::text(reader.header().ending));
    };
    const auto& damaged = m_context.session.damaged();
    const QString unreadable =
        damaged.empty()
            ? QString()
            : u" \u00b7 "_s +
                  (damaged.size() == 1
                       ? tr("1 tensor cannot be read: %1")
                       : tr("%1 tensors cannot be read; the first: %2").arg(damaged.size()))
                      .arg(gui::text(damaged.front()).toHtmlEscaped());
    say(sentence, more + coverageSentence(*document).toHtmlEscaped() + environment +
                      ending(document->a()) +
                      (document->isPair() ? ending(document->b()) : QString()) + unreadable);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void VerdictBar::say(const QString& sentence, const QString& coverage) {
    m_sentence->setText(sentence);
    m_coverage->setText(coverage);
    fitHeight();
    update();
}

} // namespace repro::gui
