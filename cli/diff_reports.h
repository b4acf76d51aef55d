// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/diff.h"

#include <CLI/App.hpp>

#include <string>
#include <string_view>

namespace repro::cli {

/// Reports of `diff` beside the text, as options of the command line. Several go at once.
struct ReportOptions {
    std::string markdown; ///< a file, or "-" for stdout in place of the text; empty: none
    std::string junit;
    std::string html;
    bool github = false;

    void declareOn(CLI::App& app);
    /// One of them is printed on stdout.
    [[nodiscard]] bool takesStdout() const;
    /// Throws: Error (Usage) when more than one wants stdout. `json`: so does the verdict object.
    void check(bool json) const;
};

/// Writes every report that is asked for, also when one cannot be written.
/// Throws: Error (Io) for the first of those.
void writeReports(const ReportOptions& options, const replay::DiffResult& result);
/// The same where there is no verdict but a message.
void writeTroubleReports(const ReportOptions& options, std::string_view message);

} // namespace repro::cli
