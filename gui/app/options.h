// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace repro::gui {

/// The command line of reproview.
struct Options {
    std::string a, b;
    std::string goTo, map, filter, layout, theme = "system", pane;
    std::string screenshot, report, json, csv, runActions;
    std::string size = "1600x1000";
    double scale = 1;
    int waitSeconds = 60;
    std::vector<std::string> sourceMap;
    bool listActions = false, listPanes = false, fresh = false, markdown = false;
    int width = 1600, height = 1000; ///< of `size`

    /// Nothing of it needs a person.
    [[nodiscard]] bool isHeadless() const {
        return !screenshot.empty() || !report.empty() || !json.empty() || !csv.empty() ||
               !runActions.empty() || listPanes;
    }
};

/// Returns: an exit status where the program ends here (--help, --version, a wrong option; what is
/// to be said was printed), else none.
[[nodiscard]] std::optional<int> parseOptions(int argc, char** argv, Options& options);

} // namespace repro::gui
