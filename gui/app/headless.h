// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/app/options.h"

#include <QString>

namespace repro::gui {

class MainWindow;

/// Focus, filter, layout, pane and theme of the options, once the recordings are there.
/// Returns: an empty string, or the line that says what was wrong.
[[nodiscard]] QString applyOptions(MainWindow& window, const Options& options);

/// Everything that needs no person. Returns: the exit status.
[[nodiscard]] int runHeadless(MainWindow& window, const Options& options);

} // namespace repro::gui
