// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>

namespace repro::gui {

class MainWindow;

/// Writes report.html (self-contained, no script, light and dark), verdict.json (reprorec.diff/2;
/// of a pair) and events.csv into a folder, which is made. Pictures are of the window's focus.
/// Returns: an empty string, or one line: what could not be written.
[[nodiscard]] QString writeReport(MainWindow& window, const QString& folder);

/// The rows of the list of events that the filter shows, as CSV.
[[nodiscard]] QString writeEventsCsv(MainWindow& window, const QString& path);

} // namespace repro::gui
