// SPDX-License-Identifier: BSD-3-Clause
#include "gui/app/options.h"

#include "trace/schema.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace repro::gui {

namespace {

void declare(CLI::App& app, Options& options) {
    app.add_option("a", options.a, "A trace; with a second one, the reference trace")
        ->type_name("FILE");
    app.add_option("b", options.b, "The trace to compare with it")->type_name("FILE");
    app.add_option("--goto", options.goTo, "Focus: first, last, origin[:N], or 12:3417/out0[17]")
        ->type_name("ADDRESS");
    app.add_option("--map", options.map, "Renamed layers and ops in b; see reprorec diff --help")
        ->type_name("FILE");
    app.add_option("--source-map", options.sourceMap,
                   "Sources compiled in folder OLD are in NEW now; may be repeated")
        ->type_name("OLD=NEW")
        ->allow_extra_args(false);
    app.add_option("--filter", options.filter, "Event filter")->type_name("EXPRESSION");
    app.add_option("--layout", options.layout, "Dock layout")
        ->check(CLI::IsMember({"triage", "tensor", "propagation", "environment", "one-run"}));
    app.add_option("--theme", options.theme, "Color theme")
        ->check(CLI::IsMember({"system", "light", "dark"}));
    app.add_option("--pane", options.pane, "Pane to show; with --screenshot, by itself")
        ->type_name("PANE");
    app.add_flag("--fresh", options.fresh, "Do not read or write settings");
    const std::string headless = "Without a display";
    app.add_option("--screenshot", options.screenshot, "Save the window as PNG and exit")
        ->type_name("FILE")
        ->group(headless);
    app.add_option("--size", options.size, "Size of the screenshot, WIDTHxHEIGHT")
        ->capture_default_str()
        ->type_name("SIZE")
        ->group(headless);
    app.add_option("--scale", options.scale, "Scale of the screenshot, in pixels per unit")
        ->check(CLI::Range(0.5, 4.0))
        ->group(headless);
    app.add_option("--wait", options.waitSeconds, "Seconds to wait for pending work")
        ->check(CLI::Range(1, 3600))
        ->group(headless);
    app.add_option("--report", options.report, "Write report.html, verdict.json, events.csv")
        ->type_name("FOLDER")
        ->group(headless);
    app.add_option("--json", options.json, "Write the verdict, reprorec.diff/2; - is stdout")
        ->type_name("FILE")
        ->group(headless);
    app.add_option("--csv", options.csv, "Write the list of events")
        ->type_name("FILE")
        ->group(headless);
    app.add_option("--run-actions", options.runActions,
                   "Run a file of actions, one per line: ID [ARGUMENT]")
        ->type_name("FILE")
        ->group(headless);
    app.add_flag("--list-actions", options.listActions, "Print all actions and their keys")
        ->group(headless);
    app.add_flag("--markdown", options.markdown, "... as the table of the manual")->group("");
    app.add_flag("--list-panes", options.listPanes, "Print all panes")->group(headless);
}

int refuse(const std::string& message) {
    fmt::print(stderr, "reproview: {}\n", message);
    return 2;
}

} // namespace

std::optional<int> parseOptions(int argc, char** argv, Options& options) {
    CLI::App app("Shows where two runs diverge, which op did it, and why.", "reproview");
    app.set_version_flag("--version",
                         fmt::format("reproview {}\ntrace format {}.{}", REPROREC_VERSION,
                                     trace::schema::kMajor, trace::schema::kMinor));
    app.footer("Exit status without a display: 0 same (or one run), 1 diverged, 2 error, 3 not\n"
               "comparable.\n\nExamples:\n  reproview a.h5 b.h5\n"
               "  reproview a.h5 b.h5 --goto origin --screenshot out.png --theme dark\n"
               "  reproview a.h5 b.h5 --report out");
    declare(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        return app.exit(asked);
    } catch (const CLI::ParseError& wrong) {
        return refuse(fmt::format("{}; see reproview --help", wrong.what()));
    }
    if (std::sscanf(options.size.c_str(), "%dx%d", &options.width, &options.height) != 2 ||
        options.width < 320 || options.height < 240 || options.width > 16384 ||
        options.height > 16384) {
        return refuse(fmt::format("--size {}: write WIDTHxHEIGHT, from 320x240 to 16384x16384",
                                  options.size));
    }
    if (options.isHeadless() && options.a.empty() && options.runActions.empty() &&
        options.screenshot.empty() && !options.listPanes) {
        return refuse("name a trace; see reproview --help");
    }
    return std::nullopt;
}

} // namespace repro::gui
