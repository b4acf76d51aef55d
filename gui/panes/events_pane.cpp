// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/events_pane.h"

#include "gui/panes/cell_styles.h"
#include "gui/panes/event_delegate.h"
#include "gui/plot/charts/overview_strip.h"
#include "gui/viewmodel/texts.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QStringListModel>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {
const QString kEventsPaneTag = u"filter"_s;
/// Of longer lists the first rows that pass are shown before all are known.
constexpr std::uint32_t kShownAtOnce = 100'000;
} // namespace

EventsPane::EventsPane(Context& context) : Pane(context, u"events"_s, tr("Events")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    buildFilterLine();
    auto* top = new QHBoxLayout;
    top->addWidget(m_line, 1);
    top->addWidget(m_count);
    layout->addLayout(top);
    layout->addWidget(m_complaint);
    buildViews();
    auto* middle = new QHBoxLayout;
    middle->addWidget(m_views, 1);
    middle->addWidget(m_strip);
    layout->addLayout(middle, 1);
    setContent(content);
    connect(&context.session, &Session::detailsReady, this, [this] {
        m_treeModel->setDetails(m_context.session.details());
        m_flatModel->setDetails(m_context.session.details());
        filterAll();
    });
    connect(&context.notes, &Notes::changed, this, [this] {
        const auto note = [this](std::uint32_t row) { return m_context.notes.at(row); };
        m_treeModel->setNotes(note);
        m_flatModel->setNotes(note);
        if (m_visible) {
            std::vector<qint64> places;
            for (const std::uint32_t row : m_context.notes.rows()) {
                if (const std::uint32_t place = m_visible->placeOf(row); place != kNone32) {
                    places.push_back(place);
                }
            }
            m_strip->setBookmarks(std::move(places));
        }
    });
}

void EventsPane::buildFilterLine() {
    m_line = new QLineEdit;
    m_line->setObjectName(u"filter"_s);
    m_line->setAccessibleName(tr("Event filter"));
    m_line->setClearButtonEnabled(true);
    m_line->setPlaceholderText(
        tr("filter: class:origin  step:2..5  layer:decoder.*  -op:detach  /regex/  (a | b)"));
    m_completions = new QStringListModel(this);
    auto* completer = new QCompleter(m_completions, this);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    completer->setFilterMode(Qt::MatchStartsWith);
    m_line->setCompleter(completer);
    m_count = new QLabel;
    m_count->setAccessibleName(tr("Number of events shown"));
    m_complaint = new QLabel;
    m_complaint->setAccessibleName(tr("Filter error"));
    m_complaint->setWordWrap(true);
    m_complaint->hide();
    connect(m_line, &QLineEdit::textChanged, this, &EventsPane::typed);
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        if (m_history.isEmpty() || m_history.last() != m_filter.text()) {
            m_history.append(m_filter.text());
        }
        view()->setFocus();
    });
}

bool EventsPane::eventFilter(QObject* watched, QEvent* event) {
    // Left and right leave and enter as in a tree; Return goes down into the tensor.
    if (event->type() == QEvent::Resize) {
        showViewport();
    }
    return Pane::eventFilter(watched, event);
}

QAbstractItemView* EventsPane::view() const {
    return isTree() ? static_cast<QAbstractItemView*>(m_treeView) : m_flatView;
}

QString EventsPane::sentence() const {
    return m_count->text();
}

void EventsPane::setTheme(const plot::PlotTheme& theme) {
    m_strip->setTheme(theme);
    for (QAbstractItemView* view : {static_cast<QAbstractItemView*>(m_treeView),
                                    static_cast<QAbstractItemView*>(m_flatView)}) {
        static_cast<EventDelegate*>(view->itemDelegate())->setTheme(theme);
    }
}

bool EventsPane::isTree() const {
    return m_views->currentIndex() == 0;
}

void EventsPane::setTree(bool tree) {
    m_views->setCurrentIndex(tree ? 0 : 1);
    showFocus();
}

void EventsPane::focusFilter() {
    m_line->setFocus();
    m_line->selectAll();
}

QString EventsPane::setFilter(const QString& text) {
    m_line->setText(text);
    return m_complaint->isHidden() ? QString() : m_complaint->text();
}

void EventsPane::undoFilter() {
    const QString now = m_filter.text();
    while (!m_history.isEmpty() && m_history.last() == now) {
        m_history.removeLast();
    }
    setFilter(m_history.isEmpty() ? QString() : m_history.takeLast());
}

void EventsPane::typed(const QString& text) {
    const auto& document = m_context.session.listed();
    const QStringList words = Filter::completions(text, document ? &document->rows() : nullptr);
    const qsizetype last = text.lastIndexOf(u' ') + 1;
    QStringList whole;
    for (const QString& word : words) {
        whole.append(text.left(last) + word);
    }
    m_completions->setStringList(whole);
    Filter::Error error;
    const auto filter = Filter::parse(text, &error);
    m_complaint->setVisible(!filter);
    if (!filter) {
        m_complaint->setText(
            tr("Filter, position %1: %2. The last valid filter still applies: %3")
                .arg(error.position + 1)
                .arg(error.message, m_filter.isEmpty() ? tr("none") : m_filter.text()));
        return;
    }
    m_line->setToolTip(filter->explanation().join(tr("; and ")));
    m_filter = *filter;
    refilter();
}

/// A first look has rows of its own, and no focus.
bool EventsPane::showsDocument() const {
    return m_shown == m_context.session.document();
}

FilterFacts EventsPane::facts() const {
    return m_context.session.listed() == m_context.session.document()
               ? FilterFacts{m_context.session.details(), m_context.notes.rows()}
               : FilterFacts{};
}

void EventsPane::refilter() {
    const auto document = m_context.session.listed();
    if (!document) {
        m_shown = nullptr;
        m_visible = nullptr;
        m_treeModel->setRows(nullptr, nullptr);
        m_flatModel->setRows(nullptr, nullptr);
        m_strip->setRows(nullptr);
        updateCount(true);
        return;
    }
    if (m_filter.isEmpty() || document->rows().size() < kShownAtOnce) {
        filterAll();
        return;
    }
    m_context.session.jobs().start(
        kEventsPaneTag,
        [document, filter = m_filter, facts = facts(),
         focus = m_context.session.focus().now().row](const CancelFlag& cancel) {
            const Rows& rows = document->rows();
            const auto first =
                filter.applyNear(focus, rows, facts, [&cancel] { return cancel.load(); });
            return first ? std::make_shared<const VisibleRows>(*first, rows) : nullptr;
        },
        [this, document](std::shared_ptr<const VisibleRows> first) {
            if (document == m_context.session.listed()) {
                if (first) {
                    accept({std::move(first), nullptr});
                }
                filterAll();
            }
        });
}

void EventsPane::filterAll() {
    m_context.session.jobs().start(
        kEventsPaneTag,
        [document = m_context.session.listed(), filter = m_filter, facts = facts(),
         everything = m_context.session.everything()](const CancelFlag& cancel) {
            Filtered filtered;
            const Rows& rows = document->rows();
            filtered.visible =
                filter.isEmpty()
                    ? everything
                    : std::make_shared<const VisibleRows>(
                          filter.apply(rows, facts, [&cancel] { return cancel.load(); }), rows);
            std::vector<plot::CellStyleSet> styles =
                stylesOf(rows, facts.details.get(), filtered.visible.get());
            filtered.styles = std::make_shared<const plot::CellStylePyramid>(std::move(styles));
            return filtered;
        },
        [this, document = m_context.session.listed()](const Filtered& filtered) {
            // The rows of a first look may come when its loading has failed already.
            if (document == m_context.session.listed()) {
                accept(filtered);
            }
        });
}

void EventsPane::accept(const Filtered& filtered) {
    if (m_visible != filtered.visible || m_shown != m_context.session.listed()) {
        m_shown = m_context.session.listed();
        showColumns();
        m_visible = filtered.visible;
        m_following = true;
        m_treeModel->setRows(m_shown, m_visible);
        m_flatModel->setRows(m_shown, m_visible);
        m_treeModel->setDetails(facts().details);
        m_flatModel->setDetails(facts().details);
        m_following = false;
    }
    m_strip->setRows(filtered.styles);
    updateCount(filtered.styles != nullptr);
    showFocus();
}

/// One run is compared with nothing. The tree has the layer as its middle level.
void EventsPane::showColumns() {
    for (const int column :
         {EventModel::EventB, EventModel::Elements, EventModel::MaxUlp, EventModel::MaxAbs,
          EventModel::MaxRel, EventModel::Gain, EventModel::Match, EventModel::DurationB}) {
        m_treeView->setColumnHidden(column, !m_shown->isPair());
        m_flatView->setColumnHidden(column, !m_shown->isPair());
    }
    m_treeView->setColumnHidden(EventModel::Layer, true);
    const Rows& rows = m_shown->rows();
    const bool noLines = rows.callsA.calls.empty() && rows.callsB.calls.empty();
    m_treeView->setColumnHidden(EventModel::Line, noLines);
    m_flatView->setColumnHidden(EventModel::Line, noLines);
}

void EventsPane::updateCount(bool whole) {
    const std::uint32_t all = m_shown ? m_shown->rows().size() : 0;
    m_count->setText(!m_visible ? QString()
                     : !whole   ? tr("counting rows\u2026")
                     : m_visible->count() == all
                         ? tr("%1 rows").arg(countText(all))
                         : tr("%1 of %2 rows").arg(countText(m_visible->count()), countText(all)));
}

void EventsPane::rebuild() {
    if (m_shown != m_context.session.listed() || !m_shown) {
        refilter();
    } else {
        follow();
    }
}

void EventsPane::follow() {
    showFocus();
}

void EventsPane::showFocus() {
    const std::uint32_t row = m_context.session.focus().now().row;
    if (!m_visible || row == kNone32 || !showsDocument()) {
        return;
    }
    const QModelIndex index = (isTree() ? m_treeModel : m_flatModel)->indexOfRow(row);
    m_following = true;
    if (index.isValid()) {
        view()->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect |
                                                             QItemSelectionModel::Rows);
        view()->scrollTo(index);
    } else {
        view()->clearSelection();
        Q_EMIT statusMessage(tr("The filter hides the focused event"));
    }
    m_following = false;
    m_strip->setFocusRow(index.isValid() ? qint64(m_visible->placeOf(row)) : -1);
    showViewport();
}

void EventsPane::showViewport() {
    if (!m_visible || m_visible->count() == 0) {
        return;
    }
    const EventModel* model = isTree() ? m_treeModel : m_flatModel;
    const QRect port = view()->viewport()->rect();
    const std::uint32_t first = model->rowOf(view()->indexAt(port.topLeft()));
    const std::uint32_t last = model->rowOf(view()->indexAt(port.bottomLeft()));
    if (first == kNone32) {
        return;
    }
    const std::uint32_t from = m_visible->placeOf(first);
    const std::uint32_t to = last == kNone32 ? m_visible->count() : m_visible->placeOf(last) + 1;
    m_strip->setViewport(from, std::max<qint64>(qint64(to) - from, 1));
}

QString EventsPane::setFind(const QString& text) {
    Filter::Error error;
    const auto filter = Filter::parse(text, &error);
    if (!filter) {
        return tr("%1, position %2: %3").arg(text).arg(error.position + 1).arg(error.message);
    }
    if (!m_shown || filter->isEmpty()) {
        acceptFound({}, {});
        return {};
    }
    m_context.session.jobs().start(
        u"find"_s,
        [document = m_shown, filter = *filter, facts = facts()](const CancelFlag& cancel) {
            return filter.apply(document->rows(), facts, [&cancel] { return cancel.load(); });
        },
        [this, document = m_shown, text](std::vector<std::uint32_t> found) {
            if (document == m_shown) {
                acceptFound(std::move(found), text);
            }
        });
    return {};
}

void EventsPane::acceptFound(std::vector<std::uint32_t> found, const QString& text) {
    m_found = std::move(found);
    std::vector<qint64> hits;
    for (const std::uint32_t row : m_found) {
        if (const std::uint32_t place = m_visible->placeOf(row); place != kNone32) {
            hits.push_back(place);
        }
    }
    m_strip->setFindHits(std::move(hits));
    if (m_found.empty() && !text.isEmpty()) {
        Q_EMIT statusMessage(tr("%1: no row matches").arg(text));
    } else if (!find(1)) {
        find(-1);
    }
}

bool EventsPane::find(int direction) {
    const std::uint32_t now = m_context.session.focus().now().row;
    const auto after = std::upper_bound(m_found.begin(), m_found.end(), now);
    const auto at = std::lower_bound(m_found.begin(), m_found.end(), now);
    if (direction > 0 ? after == m_found.end() : at == m_found.begin()) {
        return false;
    }
    m_context.session.focus().setRow(direction > 0 ? *after : *(at - 1));
    return true;
}

} // namespace repro::gui
