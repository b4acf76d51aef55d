// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace repro::gui::plot {
class DataTable;
}

namespace repro::gui {

class Keymap;
struct Command;

/// The table of keys: to read, to search and to change. What is set holds at once.
class KeysDialog : public QDialog {
    Q_OBJECT
public:
    KeysDialog(Keymap& keys, QWidget* parent);

private:
    [[nodiscard]] QWidget* buildEditor();
    /// Null: no line of the table is chosen.
    [[nodiscard]] const Command* chosen() const;
    void refresh();
    void choose();
    void say(const QString& text);

    Keymap& m_keys;
    plot::DataTable* m_commands = nullptr;
    QSortFilterProxyModel* m_shown = nullptr;
    QTableView* m_table = nullptr;
    QKeySequenceEdit* m_edit = nullptr;
    QLabel* m_line = nullptr; // what came of it
};

} // namespace repro::gui
