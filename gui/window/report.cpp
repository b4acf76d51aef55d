// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/report.h"

#include "gui/panes/events_pane.h"
#include "gui/plot/kit/canvas.h"
#include "gui/plot/kit/data_table.h"
#include "gui/viewmodel/explanation.h"
#include "gui/viewmodel/texts.h"
#include "gui/window/main_window.h"
#include "replay/report/json.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QTextStream>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMostOrigins = 50;

const QString kStyle = uR"(<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em;
       background: #fff; color: #1a1a1a; }
@media (prefers-color-scheme: dark) { body { background: #1e1f22; color: #e4e4e4; } }
table { border-collapse: collapse; } td, th { border-bottom: 1px solid #8888; padding: 2px 10px 2px 0;
       text-align: left; vertical-align: top; }
code { font-family: monospace; } figure { margin: 1em 0; background: #fff; }
figcaption { background: #fff; color: #1a1a1a; padding: 4px; } section { margin: 2em 0; }
</style>)"_s;

QString write(const QString& path, const QByteArray& contents) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(contents) == contents.size() &&
                   file.flush()
               ? QString()
               : u"%1: cannot be written: %2"_s.arg(path, file.errorString());
}

QString head(const Document& document) {
    const QString a = text(document.a().path().string());
    const QString b = document.isPair() ? text(document.b().path().string()) : QString();
    QString html = u"<h1>%1</h1><p><b>A</b> <code>%2</code>%3</p><p>%4</p>"_s.arg(
        verdictSentence(document).toHtmlEscaped(), a.toHtmlEscaped(),
        b.isEmpty() ? QString() : u"<br><b>B</b> <code>%1</code>"_s.arg(b.toHtmlEscaped()),
        coverageSentence(document).toHtmlEscaped());
    return html + u"<p>Open it with <code>reproview %1 %2</code></p>"_s.arg(a.toHtmlEscaped(),
                                                                            b.toHtmlEscaped());
}

QString origins(const Document& document) {
    QString html;
    const int count = static_cast<int>(document.diff().origins.size());
    for (int origin = 0; origin < std::min(count, kMostOrigins); ++origin) {
        const std::uint32_t row = document.rowOfOrigin(origin);
        if (row == trace::kNone32) {
            continue;
        }
        Focus focus;
        focus.row = row;
        html += u"<section><p><code>%1</code></p>%2</section>"_s.arg(
            addressOf(focus, document.rows()),
            explainCard(document, row).replace(u"href=\"setting:"_s, u"href=\"#setting:"_s));
    }
    const std::uint64_t left = document.diff().originCount -
                               std::min<std::uint64_t>(document.diff().originCount,
                                                       static_cast<std::uint64_t>(kMostOrigins));
    return left == 0 ? html
                     : html + u"<p>%1 further origins are left out.</p>"_s.arg(countText(left));
}

QString environment(const Document& document) {
    QString rows;
    for (const auto& difference : document.diff().environment) {
        rows +=
            u"<tr id=\"setting:%2\"><td>%1</td><td><code>%2</code></td><td>%3</td><td>%4</td></tr>"_s
                .arg(QString::fromLatin1(replay::rankName(difference.rank)),
                     text(difference.key).toHtmlEscaped(), text(difference.a).toHtmlEscaped(),
                     text(difference.b).toHtmlEscaped());
    }
    return rows.isEmpty()
               ? u"<p>The environments are the same.</p>"_s
               : u"<table><tr><th>effect</th><th>setting</th><th>A</th><th>B</th></tr>%1</table>"_s
                     .arg(rows);
}

/// Notes and bookmarks with their addresses; and, of a pair, how many origins were viewed.
QString notesOf(const Notes& notes, const Document& document) {
    QString rows;
    for (const Notes::Note& note : notes.all()) {
        Focus focus;
        focus.row = note.row;
        rows += u"<tr><td><code>%1</code></td><td>%2</td></tr>"_s.arg(
            addressOf(focus, document.rows()), notes.at(note.row).toHtmlEscaped());
    }
    QString html = rows.isEmpty()
                       ? u"<p>No notes.</p>"_s
                       : u"<table><tr><th>at</th><th>note</th></tr>%1</table>"_s.arg(rows);
    if (document.isPair()) {
        html += u"<p>%1 of %2 origins were viewed.</p>"_s.arg(notes.viewedOrigins())
                    .arg(document.diff().origins.size());
    }
    return html;
}

/// SVG where the picture is lines and text, PNG where it is a raster of a tensor.
QString figure(Pane& pane) {
    const QSize size(1040, pane.id() == u"lineage" || pane.id() == u"tensor" ? 420 : 260);
    const bool raster = pane.id() == u"tensor" || pane.id() == u"scatter";
    QByteArray picture = raster ? QByteArray() : pane.canvas()->svg(size);
    constexpr qsizetype kLargestSvg = 600'000;
    if (raster || picture.size() > kLargestSvg) {
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        pane.canvas()->picture(size, 2).save(&buffer, "PNG");
        picture =
            "<img width=\"1040\" alt=\"\" src=\"data:image/png;base64," + png.toBase64() + "\">";
    } else if (const qsizetype start = picture.indexOf("<svg"); start > 0) {
        picture.remove(0, start); // no XML prologue within HTML
    }
    return u"<figure><figcaption><b>%1.</b> %2</figcaption>"_s.arg(
               pane.title().toHtmlEscaped(), pane.sentence().toHtmlEscaped()) +
           QString::fromUtf8(picture) + u"</figure>"_s;
}

} // namespace

QString writeEventsCsv(MainWindow& window, const QString& path) {
    const EventModel* table = window.events()->table();
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return u"%1: cannot be written: %2"_s.arg(path, file.errorString());
    }
    QTextStream out(&file);
    const auto line = [&](auto cell) {
        for (int column = 0; column < EventModel::ColumnCount; ++column) {
            QString text = cell(column);
            if (text.contains(u',') || text.contains(u'"') || text.contains(u'\n')) {
                text = u'"' + text.replace(u'"', u"\"\""_s) + u'"';
            }
            out << (column == 0 ? "" : ",") << text;
        }
        out << "\n";
    };
    line([&](int column) { return table->headerData(column, Qt::Horizontal).toString(); });
    const VisibleRows* visible = window.events()->visibleRows();
    for (std::uint32_t place = 0; visible != nullptr && place < visible->count(); ++place) {
        line([&](int column) { return table->cell(visible->rowAt(place), column); });
    }
    out.flush();
    return out.status() == QTextStream::Ok && file.flush()
               ? QString()
               : u"%1: cannot be written: %2"_s.arg(path, file.errorString());
}

QString writeReport(MainWindow& window, const QString& folder) {
    const auto document = window.context().session.document();
    if (!document) {
        return u"a report needs an open trace"_s;
    }
    if (!QDir().mkpath(folder)) {
        return u"%1: the folder cannot be made; check its permissions"_s.arg(folder);
    }
    for (Pane* pane : window.panes().docked) {
        pane->ensureCurrent();
    }
    if (const QString why = window.settle(120'000); !why.isEmpty()) {
        return why;
    }
    QString html = u"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"_s +
                   verdictWord(*document) + u"</title>"_s + kStyle + u"</head><body>"_s +
                   head(*document);
    html += u"<h2>Origins</h2>"_s +
            (document->diff().origins.empty() ? summaryCard(*document) : origins(*document));
    const std::uint32_t row = window.context().session.focus().now().row;
    html += u"<h2>Pictures at %1</h2>"_s.arg(window.context().session.focus().address());
    for (const QString& id :
         {u"map"_s, u"growth"_s, u"lineage"_s, u"rng"_s, u"tensor"_s, u"histogram"_s, u"rerun"_s}) {
        Pane* pane = window.pane(id);
        const bool needsBytes = id == u"tensor" || id == u"histogram";
        const bool isThere = id != u"rerun" || window.context().rerun.of(row) != nullptr;
        if (isThere && (!needsBytes || window.context().tensors.tensor())) {
            html += figure(*pane);
        }
    }
    html += u"<h2>Environment</h2>"_s + environment(*document);
    html += u"<h2>Notes</h2>"_s + notesOf(window.context().notes, *document);
    html += u"</body></html>\n"_s;
    QString why = write(folder + u"/report.html"_s, html.toUtf8());
    if (why.isEmpty() && document->isPair()) {
        why = write(folder + u"/verdict.json"_s,
                    QByteArray::fromStdString(replay::toJson(document->diff()).dump() + "\n"));
    }
    return why.isEmpty() ? writeEventsCsv(window, folder + u"/events.csv"_s) : why;
}

} // namespace repro::gui
