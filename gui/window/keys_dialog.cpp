// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/keys_dialog.h"

#include "gui/panes/keymap.h"
#include "gui/plot/kit/data_table.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

KeysDialog::KeysDialog(Keymap& keys, QWidget* parent) : QDialog(parent), m_keys(keys) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard Shortcuts"));
    setObjectName(u"keys"_s);
    resize(860, 620);
    m_commands = new plot::DataTable(
        {tr("Keys"), tr("Description"), tr("Action"), tr("Default")},
        [] { return static_cast<int>(commands().size()); },
        [&keys](int row, int column) -> QVariant {
            const Command& command = commands()[static_cast<std::size_t>(row)];
            switch (column) {
            case 0:
                return keys.text(command);
            case 1:
                return QString::fromLatin1(command.help);
            case 2:
                return QString::fromLatin1(command.id);
            default:
                return keys.isOwn(command) ? QString::fromLatin1(command.keys) : QString();
            }
        },
        this);
    m_commands->refresh();
    connect(&keys, &Keymap::changed, this, &KeysDialog::refresh);
    m_shown = new QSortFilterProxyModel(this);
    m_shown->setSourceModel(m_commands);
    m_shown->setFilterKeyColumn(-1);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto* search = new QLineEdit;
    search->setAccessibleName(tr("Search shortcuts"));
    search->setPlaceholderText(tr("key, word, or action"));
    connect(search, &QLineEdit::textChanged, m_shown, &QSortFilterProxyModel::setFilterFixedString);
    m_table = new QTableView;
    m_table->setModel(m_shown);
    m_table->setAccessibleName(tr("Keyboard shortcuts"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->resizeColumnsToContents();
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_line = new QLabel;
    m_line->setAccessibleName(tr("Status"));
    m_line->setMinimumWidth(1);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(search);
    layout->addWidget(m_table);
    layout->addWidget(buildEditor());
    layout->addWidget(m_line);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &KeysDialog::choose);
    say(keys.trouble());
}

QWidget* KeysDialog::buildEditor() {
    auto* editor = new QWidget;
    auto* line = new QHBoxLayout(editor);
    line->setContentsMargins(0, 0, 0, 0);
    m_edit = new QKeySequenceEdit;
    m_edit->setAccessibleName(tr("Shortcut of the selected command; empty for none"));
    m_edit->setClearButtonEnabled(true);
    line->addWidget(m_edit, 1);
    const auto add = [&](const QString& text, auto onCommand) {
        auto* button = new QPushButton(text);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, onCommand);
        line->addWidget(button);
    };
    const auto onChosen = [this](auto change) {
        return [this, change] {
            const Command* command = chosen();
            say(command == nullptr ? tr("Select a command first") : change(*command));
        };
    };
    add(tr("&Set"), onChosen([this](const Command& command) {
            return m_keys.set(command, m_edit->keySequence());
        }));
    add(tr("&Reset"), onChosen([this](const Command& command) { return m_keys.reset(command); }));
    add(tr("Reset &all"), [this] {
        m_keys.resetAll();
        say({});
    });
    return editor;
}

const Command* KeysDialog::chosen() const {
    const QModelIndex at = m_shown->mapToSource(m_table->currentIndex());
    return at.isValid() ? &commands()[static_cast<std::size_t>(at.row())] : nullptr;
}

/// The chosen line stays chosen.
void KeysDialog::refresh() {
    const int row = m_shown->mapToSource(m_table->currentIndex()).row(); // -1: none
    m_commands->refresh();
    m_table->setCurrentIndex(m_shown->mapFromSource(m_commands->index(row, 0)));
}

void KeysDialog::choose() {
    const Command* command = chosen();
    m_edit->setKeySequence(command == nullptr ? QKeySequence() : m_keys.of(*command).value(0));
}

/// Empty: it was done, and the line says what holds now.
void KeysDialog::say(const QString& text) {
    const Command* command = chosen();
    m_line->setText(!text.isEmpty() || command == nullptr
                        ? text
                        : u"%1: %2"_s.arg(plainText(*command), m_keys.of(*command).isEmpty()
                                                                   ? tr("no key")
                                                                   : m_keys.text(*command)));
}

} // namespace repro::gui
