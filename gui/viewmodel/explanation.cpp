// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/explanation.h"

#include "gui/viewmodel/focus.h"
#include "gui/viewmodel/lineage.h"
#include "gui/viewmodel/tensor.h"
#include "gui/viewmodel/texts.h"
#include "replay/report/remedy_words.h"
#include "replay/report/sentence.h"
#include "replay/report/sites.h"
#include "replay/run/call_stack.h"
#include "trace/arguments.h"
#include "trace/words.h"

#include <QStringList>

#include <algorithm>
#include <exception>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

QString escaped(const QString& text) {
    return text.toHtmlEscaped();
}

/// One about a setting leads to it.
QString list(const Document& document, const std::vector<replay::Evidence>& facts) {
    QString html;
    for (const replay::Evidence& fact : facts) {
        const auto& settings = document.diff().environment;
        const auto about = std::find_if(settings.begin(), settings.end(), [&](const auto& setting) {
            return isAbout(fact, setting);
        });
        const QString words = escaped(text(sentence(fact)));
        html +=
            about == settings.end()
                ? u"<li>%1</li>"_s.arg(words)
                : u"<li><a href=\"setting:%1\">%2</a></li>"_s.arg(escaped(text(about->key)), words);
    }
    return u"<ul>"_s + html + u"</ul>"_s;
}

QString rowLink(const Document& document, std::uint32_t row) {
    Focus focus;
    focus.row = row;
    const RowEntry& entry = document.rows().all[row];
    return u"<a href=\"focus:%1\">%2 %3 (%1)</a>"_s.arg(
        addressOf(focus, document.rows()), QString(classLetter(entry, document.isPair())),
        escaped(document.rows().names[static_cast<qsizetype>(entry.name)]));
}

QString reasonOf(replay::Confidence confidence, const replay::Cause& cause) {
    const QString facts =
        u"%1 for it, %2 against"_s
            .arg(cause.evidence.size() == 1 ? u"1 fact"_s
                                            : u"%1 facts"_s.arg(cause.evidence.size()))
            .arg(cause.against.size());
    switch (confidence) {
    case replay::Confidence::Proven:
        return u"Proven: "_s + facts + u"."_s;
    case replay::Confidence::Likely:
        return u"Likely: "_s + facts + u'.';
    case replay::Confidence::Possible:
        break;
    }
    return u"Possible: "_s + facts + u"; nothing recorded decides it."_s;
}

QString causeCard(const Document& document, const replay::Origin& origin) {
    const replay::Cause& cause = origin.cause;
    const bool unknown = cause.kind == replay::CauseClass::Unknown;
    QString html =
        u"<p><b>%1</b></p>"_s.arg(unknown ? u"No known cause; here is what is known."_s
                                          : u"Cause: "_s + escaped(causeText(cause.kind)) + u'.');
    html += u"<h4>Confidence</h4><p>"_s + reasonOf(cause.confidence, cause) + u"</p>"_s;
    if (!cause.evidence.empty()) {
        html += u"<h4>Evidence</h4>"_s + list(document, cause.evidence);
    }
    html += u"<h4>Against</h4>"_s +
            (cause.against.empty() ? u"<p>None found.</p>"_s : list(document, cause.against));
    if (!cause.remedy.empty()) {
        html += u"<h4>Remedy</h4><p>"_s + escaped(text(replay::remedyWords(cause))) + u"</p>"_s;
    }
    return html;
}

QString inheritedCard(const Document& document, std::uint32_t row, const RowDetail* detail) {
    const RowEntry& entry = document.rows().all[row];
    QString html;
    switch (entry.rowClass) {
    case replay::RowClass::Same:
        return document.isPair() ? u"<p>Equal in both runs.</p>"_s : QString();
    case replay::RowClass::Healed:
        html = u"<p><b>Healed:</b> what it read differs, what it wrote does not.</p>"_s;
        break;
    case replay::RowClass::Amplified:
        html =
            u"<p><b>Amplified:</b> what it read differs, and what it wrote differs far more.</p>"_s;
        break;
    case replay::RowClass::Structural:
        html = u"<p><b>Structure:</b> this row is %1.</p>"_s.arg(
            entry.b == kNone32   ? u"only in run A"_s
            : entry.a == kNone32 ? u"only in run B"_s
                                 : u"a different op or shape in run B"_s);
        break;
    case replay::RowClass::NonFinite:
        html = document.isPair()
                   ? u"<p><b>NaN or infinity on one side:</b> inherited from what it read.</p>"_s
                   : u"<p><b>NaN or infinity</b> in what it wrote.</p>"_s;
        break;
    case replay::RowClass::Unseen:
        html = u"<p><b>Unseen:</b> what it wrote differs, but it is overwritten or replaced before "
               u"anything reads it.</p>"_s;
        break;
    case replay::RowClass::Unknown:
        html =
            u"<p><b>Unknown:</b> not enough was recorded to tell an origin from an inherited difference.</p>"_s;
        break;
    default:
        html = u"<p><b>Inherited:</b> it differs because what it read differs.</p>"_s;
    }
    if (!document.isPair()) {
        return html;
    }
    if (detail != nullptr && detail->gain()) {
        html += u"<p>It %1.</p>"_s.arg(growthText(*detail));
    }
    if (const std::uint32_t producer = producerOf(document, row); producer != kNone32) {
        html += u"<p>It reads what was written by %1.</p>"_s.arg(rowLink(document, producer));
    }
    if (const std::uint32_t first = document.rowOfOrigin(0); first != kNone32) {
        html += u"<p>The first divergence is %1.</p>"_s.arg(rowLink(document, first));
    }
    return html;
}

QString stateText(Slot::State state) {
    switch (state) {
    case Slot::State::Same:
        return u"equal"_s;
    case Slot::State::Differs:
        return u"differs"_s;
    case Slot::State::Assumed:
        return u"assumed equal"_s;
    case Slot::State::Meaningless:
        return u"without meaning"_s;
    case Slot::State::OneSided:
        return u"in one run only"_s;
    case Slot::State::OtherShape:
        return u"different shape or type"_s;
    }
    return {};
}

QString slotTable(const Document& document, std::uint32_t row) {
    QString html;
    for (const Slot& slot : slotsOf(document, row)) {
        html +=
            u"<tr><td>%1&nbsp;&nbsp;</td><td>%2%3&nbsp;&nbsp;</td><td>%4</td><td>%5</td></tr>"_s
                .arg(escaped(slot.name), QString::fromLatin1(trace::dtypeName(slot.dtype)),
                     shapeText(slot.shape), document.isPair() ? stateText(slot.state) : QString(),
                     escaped(slot.argument));
    }
    return html.isEmpty() ? html : u"<h4>Tensors</h4><table>"_s + html + u"</table>"_s;
}

QString argumentLines(const Document& document, const RowEntry& entry) {
    const auto of = [](const trace::Reader& reader, std::uint32_t event) -> QString {
        if (event == kNone32) {
            return {};
        }
        QStringList parts;
        for (const std::string& argument :
             trace::describeArguments(reader.arguments(reader.events().arguments[event]))) {
            parts.append(text(argument));
        }
        return parts.join(u", "_s);
    };
    const QString a = of(document.a(), entry.a);
    const QString b = document.isPair() ? of(document.b(), entry.b) : a;
    if (a.isEmpty() && b.isEmpty()) {
        return {};
    }
    const QString head = u"<h4>Arguments</h4>"_s;
    return a == b ? head + u"<p>"_s + escaped(a) + u"</p>"_s
                  : head + u"<p>A: %1<br>B: %2</p>"_s.arg(escaped(a), escaped(b));
}

QString placeLines(const Document& document, const RowEntry& entry) {
    const bool inA = entry.a != kNone32;
    const trace::Reader& reader = inA ? document.a() : document.b();
    // Not reader.event(): that reads every column of the recording.
    const std::uint32_t event = inA ? entry.a : entry.b;
    const std::uint32_t op = reader.events().op[event];
    const std::uint32_t thread = reader.events().thread[event];
    QStringList lines;
    if (op != kNone32) {
        lines.append(escaped(text(reader.text(reader.ops()[op].schema))));
    }
    lines.append(u"step %1, %2, thread %3"_s.arg(
        QString::number(entry.step), phaseText(entry.phase),
        thread < reader.threads().size() ? escaped(text(reader.text(reader.threads()[thread].name)))
                                         : u"unknown"_s));
    if (entry.layer != 0) {
        lines.append(u"layer "_s +
                     escaped(document.rows().layers[static_cast<qsizetype>(entry.layer)]));
    }
    if (const auto stack = replay::stackOf(reader, reader.events().site[event])) {
        lines.append(u"at "_s +
                     escaped(text(trace::printable(replay::callWords(stack->ownCall())))));
    }
    if (document.isPair()) {
        lines.append(u"matched by: "_s + strategyText(entry.strategy));
    }
    return u"<h4>Where</h4><p>"_s + lines.join(u"<br>"_s) + u"</p>"_s;
}

} // namespace

QString explainCard(const Document& document, std::uint32_t row, const RowDetail* detail) {
    const RowEntry& entry = document.rows().all[row];
    QString html =
        u"<h3>%1 %2</h3>"_s.arg(QString(classLetter(entry, document.isPair())),
                                escaped(document.rows().names[static_cast<qsizetype>(entry.name)]));
    const int origin = document.originAt(row);
    if (origin >= 0) {
        const auto& found = document.diff().origins[static_cast<std::size_t>(origin)];
        html += u"<p>Origin %1 of %2%3</p>"_s.arg(origin + 1)
                    .arg(document.diff().originCount)
                    .arg(againText(found.again));
        html += causeCard(document, found);
        if (!found.first.difference.pattern.empty()) {
            html += u"<p>Where they differ: %1.</p>"_s.arg(
                escaped(text(found.first.difference.pattern)));
        }
    } else {
        html += inheritedCard(document, row, detail);
    }
    html += placeLines(document, entry) + slotTable(document, row);
    try {
        html += argumentLines(document, entry);
    } catch (const std::exception& error) {
        html += u"<h4>Arguments</h4><p>%1</p>"_s.arg(escaped(text(error.what())));
    }
    return html;
}

int originThatNames(const Document& document, const replay::EnvironmentDifference& setting) {
    const auto& origins = document.diff().origins;
    const auto names = [&setting](const std::vector<replay::Evidence>& facts) {
        return std::any_of(facts.begin(), facts.end(),
                           [&](const auto& fact) { return isAbout(fact, setting); });
    };
    const auto found = std::find_if(origins.begin(), origins.end(), [&](const auto& origin) {
        return names(origin.cause.evidence) || names(origin.cause.against);
    });
    return found == origins.end() ? -1 : static_cast<int>(found - origins.begin());
}

QString summaryCard(const Document& document) {
    QString html = u"<h3>%1</h3><p>%2</p>"_s.arg(escaped(verdictWord(document)),
                                                 escaped(coverageSentence(document)));
    const auto endings = [&](const trace::Reader& reader, const QString& run) {
        const trace::Header& header = reader.header();
        return u"<li>%1: %2, LibTorch %3, %4</li>"_s.arg(run, escaped(text(header.program)),
                                                         escaped(text(header.torchVersion)),
                                                         escaped(text(header.ending)));
    };
    html += u"<ul>"_s + endings(document.a(), u"A"_s) +
            (document.isPair() ? endings(document.b(), u"B"_s) : QString()) + u"</ul>"_s;
    if (!document.isPair()) {
        return html + u"<h4>Next</h4><p>To compare, choose File &gt; Add run B, or drop a second "
                      "trace on the window.</p>"_s;
    }
    if (!document.diff().notes.empty()) {
        html += u"<h4>Notes</h4>"_s + list(document, document.diff().notes);
    }
    switch (document.diff().verdict) {
    case replay::Verdict::Same:
        html +=
            u"<h4>Not compared</h4><p>%1 pairs of values are uninitialized, have no contents, or "
            "were only assumed. Record with --verify-inputs=all to compare more.</p>"_s.arg(
                countText(document.diff().coverage.skipped));
        break;
    case replay::Verdict::NotComparable:
        html += u"<h4>Next</h4><p>Check with <code>reprorec info</code> that both traces are of "
                "the same program; the environment pane shows what differs.</p>"_s;
        break;
    case replay::Verdict::Diverged:
        break;
    }
    return html;
}

} // namespace repro::gui
