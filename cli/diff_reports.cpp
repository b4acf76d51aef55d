// SPDX-License-Identifier: BSD-3-Clause
#include "cli/diff_reports.h"

#include "cli/replace_file.h"
#include "replay/report/github.h"
#include "replay/report/html.h"
#include "replay/report/junit.h"
#include "replay/report/markdown.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>

namespace repro::cli {

namespace {

constexpr std::string_view kStdout = "-";

struct Format {
    const char* name;
    std::string ReportOptions::*target;
    std::string (*render)(const replay::DiffResult&);
    std::string (*renderTrouble)(std::string_view);
};

constexpr std::array kFormats = {
    Format{"--markdown", &ReportOptions::markdown, replay::renderMarkdown,
           replay::renderMarkdownTrouble},
    Format{"--junit", &ReportOptions::junit, replay::renderJunit, replay::renderJunitTrouble},
    Format{"--html", &ReportOptions::html, replay::renderHtml, replay::renderHtmlTrouble},
};

/// `render` gives the text of a format.
template <class Render>
void writeAll(const ReportOptions& options, Render render) {
    std::exception_ptr first;
    for (const Format& format : kFormats) {
        const std::string& target = options.*format.target;
        if (target == kStdout) {
            fmt::print("{}", render(format));
        } else if (!target.empty()) {
            try {
                replaceFile(target, render(format));
            } catch (const std::exception&) {
                first = first ? first : std::current_exception();
            }
        }
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

} // namespace

void ReportOptions::declareOn(CLI::App& app) {
    constexpr const char* kGroup =
        "Reports (several at once; written whole or not at all, and also without a verdict)";
    app.add_flag("--markdown{-}", markdown,
                 "--markdown=FILE: a comment or a job's summary; without =FILE\n"
                 "on stdout, in place of the text")
        ->group(kGroup);
    app.add_option("--junit", junit, "A test suite for CI systems")
        ->type_name("FILE")
        ->group(kGroup);
    app.add_option("--html", html, "Self-contained HTML page")->type_name("FILE")->group(kGroup);
    app.add_flag("--github", github, "Annotations for GitHub's runner, on stderr")->group(kGroup);
}

bool ReportOptions::takesStdout() const {
    return std::any_of(kFormats.begin(), kFormats.end(),
                       [&](const Format& format) { return this->*format.target == kStdout; });
}

void ReportOptions::check(bool json) const {
    std::string takers = json ? "--json" : "";
    for (const Format& format : kFormats) {
        if (this->*format.target == kStdout) {
            if (!takers.empty()) {
                throw Error(ErrorKind::Usage,
                            fmt::format("{} and {}: both want stdout; give {} a file", takers,
                                        format.name, format.name));
            }
            takers = format.name;
        }
    }
}

void writeReports(const ReportOptions& options, const replay::DiffResult& result) {
    if (options.github) {
        fmt::print(stderr, "{}", replay::renderGithub(result));
    }
    writeAll(options, [&](const Format& format) { return format.render(result); });
}

void writeTroubleReports(const ReportOptions& options, std::string_view message) {
    if (options.github) {
        fmt::print(stderr, "{}", replay::renderGithubTrouble(message));
    }
    writeAll(options, [&](const Format& format) { return format.renderTrouble(message); });
}

} // namespace repro::cli
