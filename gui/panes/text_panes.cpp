// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/text_panes.h"

#include "gui/viewmodel/explanation.h"
#include "gui/viewmodel/texts.h"

#include <QHeaderView>
#include <QLabel>
#include <QStandardItemModel>
#include <QTableView>
#include <QTextBrowser>
#include <QTextDocument>
#include <QTreeView>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRowRole = Qt::UserRole;

/// A caption over a view.
QWidget* stacked(QLabel* caption, QWidget* view) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    caption->setWordWrap(true);
    caption->setMinimumWidth(1); // its text does not hold the dock open
    layout->addWidget(caption);
    layout->addWidget(view, 1);
    return content;
}

QTableView* tableView(QAbstractItemModel* model, const QString& name) {
    auto* view = new QTableView;
    view->setModel(model);
    view->setAccessibleName(name);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection); // Shift+F8 extends nothing
    view->setWordWrap(false);
    view->setShowGrid(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 6);
    view->horizontalHeader()->setStretchLastSection(true);
    return view;
}

/// What running the op again has shown, or the link that does so.
QString experimentCard(const RerunResult* again) {
    if (again == nullptr || again->conclusion.isEmpty()) {
        return u"<p><a href=\"run:again\">%1</a> %2</p>"_s.arg(
            QObject::tr("Re-execute this op"), QObject::tr("on its recorded inputs."));
    }
    return u"<p><b>%1</b> %2.</p><hr>"_s.arg(again->varies
                                                 ? QObject::tr("Proven: the op itself varies.")
                                                 : QObject::tr("The op repeats."),
                                             again->conclusion.toHtmlEscaped());
}

} // namespace

ExplainPane::ExplainPane(Context& context) : Pane(context, u"explain"_s, tr("Explain")) {
    m_card = new QTextBrowser;
    m_card->setAccessibleName(tr("Cause of the event in focus"));
    m_card->setOpenLinks(false);
    setContent(m_card);
    connect(&context.rerun, &Rerun::changed, this, &Pane::invalidate);
    connect(&context.session, &Session::detailsReady, this, &Pane::invalidate);
    connect(m_card, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        if (link.scheme() == u"run"_s) {
            m_context.rerun.start(m_context.session.focus().now().row, false, Rerun::kRuns);
            return;
        }
        Q_EMIT linkActivated(link.toString());
    });
}

QString ExplainPane::sentence() const {
    return m_card->document()->toPlainText().section(u'\n', 0, 2).replace(u'\n', u' ');
}

void ExplainPane::rebuild() {
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (!document) {
        setMessage(tr("Nothing is open."));
        return;
    }
    setMessage({});
    // A pair that does not diverge is explained as a whole.
    const bool diverged =
        document->isPair() && document->diff().verdict == replay::Verdict::Diverged;
    QString html = diverged ? QString() : summaryCard(*document) + u"<hr>"_s;
    if (row < document->rows().size() && document->rows().all[row].kind == trace::EventKind::Op) {
        html += experimentCard(m_context.rerun.of(row));
    }
    if (row < document->rows().size()) {
        html += explainCard(*document, row, detailOf(m_context.session.details().get(), row));
    }
    m_card->setHtml(diverged ? html + u"<hr>"_s + summaryCard(*document) : html);
}

EnvironmentPane::EnvironmentPane(Context& context)
    : Pane(context, u"environment"_s, tr("Environment")) {
    m_table = new plot::DataTable(
        {tr("Effect"), tr("Setting"), tr("A"), tr("B"), tr("Explains")},
        [this] { return static_cast<int>(m_rows.size()); },
        [this](int row, int column) -> QVariant {
            return m_rows[static_cast<std::size_t>(row)].value(column);
        },
        this);
    m_caption = new QLabel;
    m_caption->setAccessibleName(tr("Summary of the environment"));
    m_view = tableView(m_table, tr("Environment of the runs"));
    m_view->setColumnWidth(0, 80);
    m_view->setColumnWidth(1, 150);
    m_view->setColumnWidth(4, 180);
    for (const int ofRun : {2, 3}) {
        m_view->horizontalHeader()->setSectionResizeMode(ofRun, QHeaderView::Stretch);
    }
    m_view->horizontalHeader()->setStretchLastSection(false);
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString origin = m_rows[static_cast<std::size_t>(index.row())].value(5);
        if (origin.isEmpty()) {
            Q_EMIT statusMessage(tr("No cause cites this setting"));
        } else {
            Q_EMIT linkActivated(origin);
        }
    });
    setContent(stacked(m_caption, m_view));
}

void EnvironmentPane::select(const QString& key) {
    ensureCurrent();
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].value(1) == key) {
            m_view->selectRow(static_cast<int>(row));
            m_view->setFocus();
        }
    }
}

QString EnvironmentPane::sentence() const {
    return m_caption->text();
}

void EnvironmentPane::rebuild() {
    const auto& document = m_context.session.document();
    m_rows.clear();
    if (!document) {
        m_table->refresh();
        setMessage(tr("Nothing is open."));
        return;
    }
    setMessage({});
    if (document->isPair()) {
        int numbers = 0;
        for (const auto& difference : document->diff().environment) {
            numbers += difference.rank == replay::EnvironmentRank::Numbers ? 1 : 0;
            const int origin = originThatNames(*document, difference);
            m_rows.push_back(
                {QString::fromLatin1(replay::rankName(difference.rank)), text(difference.key),
                 text(difference.a), text(difference.b),
                 origin < 0 ? QString()
                            : u"\u25c6 "_s +
                                  placeText(document->diff().origins[std::size_t(origin)].first),
                 origin < 0 ? QString() : u"origin:%1"_s.arg(origin)});
        }
        m_caption->setText(m_rows.empty() ? tr("The environments are the same.")
                                          : tr("%1 settings differ; %2 of them can change numbers.")
                                                .arg(m_rows.size())
                                                .arg(numbers));
    } else {
        auto json = nlohmann::json::parse(document->a().header().environment, nullptr, false);
        json = json.is_object() ? json : nlohmann::json::object();
        for (const auto& [key, value] : json.items()) {
            const std::string plain = value.is_string() ? value.get<std::string>() : value.dump();
            m_rows.push_back({QString(), text(key), text(plain).simplified(), QString()});
        }
        m_caption->setText(tr("The environment of the run."));
    }
    m_table->refresh();
    m_view->setColumnHidden(3, !document->isPair());
    m_view->setColumnHidden(4, std::ranges::all_of(m_rows, [](const QStringList& row) {
                                return row.value(4).isEmpty();
                            }));
}

LayersPane::LayersPane(Context& context) : Pane(context, u"layers"_s, tr("Layers")) {
    m_model = new QStandardItemModel(this);
    m_view = new QTreeView;
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Layers of the program"));
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    setContent(m_view);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const QVariant row = index.siblingAtColumn(0).data(kRowRole);
        if (row.isValid()) {
            m_context.session.focus().setRow(row.toUInt());
        }
    });
    connect(m_view, &QTreeView::clicked, m_view, &QTreeView::activated);
}

QAbstractItemModel* LayersPane::table() const {
    return m_model;
}

QString LayersPane::sentence() const {
    return tr("%1 top-level layers").arg(m_model->rowCount());
}

void LayersPane::rebuild() {
    const auto& document = m_context.session.document();
    setMessage(document ? QString() : tr("Nothing is open."));
    if (document && document != m_shown.lock()) {
        m_shown = document;
        fill();
    }
    if (document) {
        follow();
    }
}

void LayersPane::fill() {
    const auto& document = m_context.session.document();
    const Rows& rows = document->rows();
    const auto count = static_cast<std::size_t>(rows.layers.size());
    std::vector<std::uint32_t> all(count), differing(count), first(count, trace::kNone32);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const RowEntry& entry = rows.all[row];
        ++all[entry.layer];
        // To the first difference, else to the first row.
        if (first[entry.layer] == trace::kNone32 ||
            (entry.differs() && differing[entry.layer] == 0)) {
            first[entry.layer] = row;
        }
        differing[entry.layer] += entry.differs() ? 1 : 0;
    }
    m_model->clear();
    m_model->setHorizontalHeaderLabels(
        {tr("Layer"), tr("Type"), tr("Rows"), tr("Differ"), tr("First difference")});
    QHash<QString, QStandardItem*> known;
    QHash<QString, QString> types;
    for (const trace::Layer& layer : document->a().layers()) {
        types[text(document->a().text(layer.path))] = text(document->a().text(layer.type));
    }
    std::vector<std::size_t> order; // parents before their children
    for (std::size_t layer = 1; layer < count; ++layer) {
        order.push_back(layer);
    }
    const auto depth = [&](std::size_t layer) {
        return rows.layers[static_cast<qsizetype>(layer)].count(u'.');
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return depth(x) < depth(y); });
    for (const std::size_t layer : order) {
        const QString path = rows.layers[static_cast<qsizetype>(layer)];
        const QString above = path.section(u'.', 0, -2);
        QStandardItem* parent = known.value(above, m_model->invisibleRootItem());
        auto* name = new QStandardItem(known.contains(above) ? path.section(u'.', -1) : path);
        name->setData(path, Qt::UserRole + 1);
        if (first[layer] != trace::kNone32) {
            name->setData(first[layer], kRowRole);
        }
        const QString where =
            differing[layer] == 0 ? QString() : tr("step %1").arg(rows.all[first[layer]].step);
        parent->appendRow(
            {name, new QStandardItem(types.value(path)), new QStandardItem(countText(all[layer])),
             new QStandardItem(countText(differing[layer])), new QStandardItem(where)});
        known.insert(path, name);
    }
    m_view->expandAll();
    m_view->resizeColumnToContents(0);
}

void LayersPane::follow() {
    const std::uint32_t row = m_context.session.focus().now().row;
    const Rows& rows = m_context.session.document()->rows();
    if (row >= rows.size()) {
        return;
    }
    const QString path = rows.layers[static_cast<qsizetype>(rows.all[row].layer)];
    const QModelIndexList found = m_model->match(m_model->index(0, 0), Qt::UserRole + 1, path, 1,
                                                 Qt::MatchExactly | Qt::MatchRecursive);
    if (found.isEmpty() || path.isEmpty()) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
    } else {
        m_view->setCurrentIndex(found.front());
    }
}

NotesPane::NotesPane(Context& context) : Pane(context, u"notes"_s, tr("Notes")) {
    Notes& notes = context.notes;
    const auto cell = [this, &notes](int row, int column) -> QVariant {
        const Notes::Note& note = notes.all()[static_cast<std::size_t>(row)];
        const auto& document = m_context.session.document();
        Focus focus;
        focus.row = note.row;
        if (column == 0) {
            return document ? addressOf(focus, document->rows()) : QString();
        }
        return column == 1 && document
                   ? document->rows()
                         .names[static_cast<qsizetype>(document->rows().all[note.row].name)]
                   : notes.at(note.row);
    };
    m_table = new plot::DataTable(
        {tr("Address"), tr("Event"), tr("Note")},
        [&notes] { return static_cast<int>(notes.all().size()); }, cell, this);
    m_caption = new QLabel;
    m_caption->setAccessibleName(tr("Summary of the notes"));
    m_view = tableView(m_table, tr("Notes and bookmarks"));
    setContent(stacked(m_caption, m_view));
    connect(&notes, &Notes::changed, this, &Pane::invalidate);
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex& index) {
        m_context.session.focus().setRow(
            m_context.notes.all()[static_cast<std::size_t>(index.row())].row);
    });
}

QString NotesPane::sentence() const {
    return m_caption->text();
}

void NotesPane::rebuild() {
    m_table->refresh();
    const auto& document = m_context.session.document();
    if (!document) {
        setMessage(tr("Nothing is open."));
        return;
    }
    setMessage({});
    m_caption->setText(tr("%1 notes; %2 of %3 origins viewed. Saved in %4")
                           .arg(m_context.notes.all().size())
                           .arg(m_context.notes.viewedOrigins())
                           .arg(document->rows().origins.size())
                           .arg(m_context.notes.path()));
    for (std::size_t i = 0; i < m_context.notes.all().size(); ++i) {
        if (m_context.notes.all()[i].row == m_context.session.focus().now().row) {
            m_view->selectRow(static_cast<int>(i));
            return;
        }
    }
    m_view->clearSelection();
}

} // namespace repro::gui
