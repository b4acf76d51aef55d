// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

class QWidget;

namespace repro::gui {

class Pane;

/// The two recordings that come with the program.
[[nodiscard]] QStringList exampleTraces();
/// Recordings chosen by the user, at most `most`; empty: none.
[[nodiscard]] QStringList askForTraces(QWidget* parent, int most);
[[nodiscard]] QString askForFile(QWidget* parent, const QString& title, const QString& filter);
[[nodiscard]] QString askForFolder(QWidget* parent, const QString& title);
[[nodiscard]] std::optional<QString> askForText(QWidget* parent, const QString& title,
                                                const QString& text);
void showAbout(QWidget* parent);
/// What is selected in the pane, else its table (at most 100,000 rows), as TSV to the clipboard.
void copySelection(const Pane& pane);

} // namespace repro::gui
