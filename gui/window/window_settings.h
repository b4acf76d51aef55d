// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace repro::gui {

class MainWindow;

/// One thing that can be set, to one of a few choices.
struct WindowSetting {
    QString name; ///< "theme"
    QStringList choices;
    QString now; ///< a choice, or something between them
    std::function<void(const QString& choice)> set;
};

/// All settings of a window, as they are now.
[[nodiscard]] std::vector<WindowSetting> windowSettings(MainWindow& window);
/// `text`: "theme: dark". Returns: an empty string, or what was wrong with it.
QString applySetting(MainWindow& window, const QString& text);

} // namespace repro::gui
