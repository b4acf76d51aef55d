// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QDialog>
#include <QString>

#include <vector>

class QLineEdit;
class QListWidget;

namespace repro::gui {

class MainWindow;

/// What may be chosen, and how well it fits what was typed.
struct PaletteEntry {
    QString text, hint;        ///< "Next origin", "F8"
    QString command, argument; ///< what MainWindow::run gets
};

/// How well `typed` fits: all its letters in order, better at the beginnings of words; -1: not at
/// all.
[[nodiscard]] int fuzzyScore(const QString& typed, const QString& text);
/// Commands, settings, panes, kept filters and layouts, ops, layers and steps that fit, the best
/// first.
[[nodiscard]] std::vector<PaletteEntry> paletteEntries(MainWindow& window, const QString& typed);

/// One line to find everything by its name.
class Palette : public QDialog {
    Q_OBJECT
public:
    Palette(MainWindow& window, const QString& typed);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search(const QString& typed);
    void choose();

    MainWindow& m_window;
    QLineEdit* m_line = nullptr;
    QListWidget* m_list = nullptr;
    std::vector<PaletteEntry> m_entries;
};

void showPalette(MainWindow& window, const QString& typed);

} // namespace repro::gui
