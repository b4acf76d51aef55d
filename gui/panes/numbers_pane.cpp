// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/numbers_pane.h"

#include "gui/panes/digits_delegate.h"
#include "gui/panes/tensor_plots.h"
#include "gui/viewmodel/texts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

NumbersPane::NumbersPane(Context& context) : TensorBasedPane(context, u"numbers"_s, tr("Numbers")) {
    m_grid = new NumberGrid(context.tensors, this);
    m_list = new DifferenceList(context.tensors, this);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* top = new QHBoxLayout;
    m_formats = new QComboBox;
    m_formats->setAccessibleName(tr("Number format"));
    for (int format = 0; format < kNumberFormatCount; ++format) {
        m_formats->addItem(numberFormatName(static_cast<NumberFormat>(format)));
    }
    connect(m_formats, &QComboBox::activated, this,
            [this](int index) { setFormat(static_cast<NumberFormat>(index)); });
    m_caption = new QLabel;
    m_caption->setMinimumWidth(1);
    m_caption->setAccessibleName(tr("Summary of the numbers"));
    connect(m_caption, &QLabel::linkActivated, &context.tensors, &TensorStore::chooseAll);
    top->addWidget(m_formats);
    top->addWidget(m_caption, 1);
    layout->addLayout(top);
    m_splitter = new QSplitter;
    const auto add = [&](QAbstractTableModel* model, const QString& name) {
        auto* view = new QTableView;
        view->setModel(model);
        view->setAccessibleName(name);
        view->setItemDelegate(new DigitsDelegate(m_context.theme, view));
        view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
        view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        m_splitter->addWidget(view);
        return view;
    };
    m_listView = add(m_list, tr("Differing elements, farthest apart first"));
    m_listView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_gridView = add(m_grid, tr("Elements of the slice, run A above run B"));
    m_gridView->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    layout->addWidget(m_splitter, 1);
    setContent(content);
    setFormat(NumberFormat::RoundTrip);
    connect(m_listView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                const auto& listed = m_context.tensors.listed();
                if (!m_selecting && now.isValid() &&
                    static_cast<std::size_t>(now.row()) < listed.size()) {
                    m_context.tensors.selectElement(listed[static_cast<std::size_t>(now.row())]);
                }
            });
}

/// A number is only worth something with all its digits: beside each other where there is room.
void NumbersPane::resizeEvent(QResizeEvent* event) {
    Pane::resizeEvent(event);
    m_splitter->setOrientation(width() < 1100 ? Qt::Vertical : Qt::Horizontal);
}

QString NumbersPane::sentence() const {
    const QString choice = m_context.tensors.choiceSentence();
    return choice.isEmpty() ? m_caption->text() : choice;
}

void NumbersPane::setTheme(const plot::PlotTheme& theme) {
    for (QTableView* view : {m_gridView, m_listView}) {
        static_cast<DigitsDelegate*>(view->itemDelegate())->setTheme(theme);
        view->setFont(theme.mono);
        view->verticalHeader()->setDefaultSectionSize(QFontMetrics(theme.mono).height() + 4);
    }
    setFormat(static_cast<NumberFormat>(m_formats->currentIndex()));
}

void NumbersPane::setFormat(NumberFormat format) {
    m_formats->setCurrentIndex(static_cast<int>(format));
    m_grid->setFormat(format);
    m_list->setFormat(format);
    const QFontMetrics metrics(m_context.theme.mono);
    constexpr int kWidths[] = {76, 0, 0, 96, 76, 0, 0};
    for (int column = 0; column < DifferenceList::ColumnCount; ++column) {
        const int number = metrics.horizontalAdvance(u"-0.00000000000000000e+000"_s) * 7 / 10;
        m_listView->setColumnWidth(column, kWidths[column] != 0 ? kWidths[column] : number);
    }
    m_gridView->horizontalHeader()->setDefaultSectionSize(
        metrics.horizontalAdvance(u"-1.00000000e+00  "_s));
}

void NumbersPane::clear() {
    m_grid->refresh();
    m_list->refresh();
}

/// Another choice of the same tensor's elements is another list, too.
void NumbersPane::rebuild() {
    m_grid->refresh();
    m_list->refresh();
    if (const auto& tensor = m_context.tensors.tensor()) {
        m_caption->setText(caption());
        m_listView->setVisible(tensor->isPair());
    }
    TensorBasedPane::rebuild();
}

QString NumbersPane::caption() const {
    const TensorStore& store = m_context.tensors;
    const std::uint64_t differing = store.tensor()->difference.elements.value_or(0);
    if (const QString chosen = choiceLine(store); !chosen.isEmpty()) {
        return chosen;
    }
    if (!store.tensor()->isPair()) {
        return tr("%1 of one run").arg(elementsText(store.tensor()->elements()));
    }
    return tr("%1 of %2 elements differ%3")
        .arg(countText(differing), countText(store.tensor()->elements()),
             differing > TensorStore::kListed
                 ? tr("; the %1 farthest apart are listed").arg(countText(TensorStore::kListed))
                 : QString());
}

void NumbersPane::showElement() {
    const TensorStore& store = m_context.tensors;
    const Focus& focus = m_context.session.focus().now();
    const Plane& plane = store.plane();
    if (m_grid->columnCount() != plane.columns || plane.slice.size() > 2) {
        m_grid->refresh();
    }
    if (!store.tensor()->holds(focus.index)) {
        return;
    }
    m_selecting = true;
    const auto& listed = store.listed();
    const auto found = std::find(listed.begin(), listed.end(), store.tensor()->flat(focus.index));
    if (found != listed.end()) {
        m_listView->selectRow(static_cast<int>(found - listed.begin()));
    } else {
        m_listView->clearSelection();
    }
    if (const auto place = placeIn(store.plane(), *store.tensor(), focus.index)) {
        const int row = static_cast<int>(place->first) * (store.tensor()->isPair() ? 2 : 1);
        m_gridView->setCurrentIndex(m_grid->index(row, static_cast<int>(place->second)));
    }
    m_selecting = false;
}

} // namespace repro::gui
