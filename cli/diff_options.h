// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "cli/diff_reports.h"
#include "cli/verb.h"
#include "replay/result/tolerance.h"

#include <CLI/App.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace repro::cli {

/// How far values may be apart, as options of the command line.
struct ToleranceOptions {
    std::optional<double> rtol, atol, cos;
    std::optional<std::uint64_t> ulp;
    std::string preset = "bits";
    std::string rules;

    void declareOn(CLI::App& app);
    /// None: bits decide. Throws: Error (Io, Usage).
    [[nodiscard]] std::optional<replay::Tolerances> tolerances() const;
};

/// The command line of `reprorec diff`.
struct DiffOptions {
    std::string a;
    std::string b;
    std::string color = "auto";
    std::string map; ///< an alignment map
    std::vector<std::string> sourceMap;
    std::size_t maxOrigins = 5;
    std::optional<int> noVerdictStatus; ///< in place of 2 and 3
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool all = false;
    bool strict = false;
    bool allowUnrecordedChildren = false;
    bool updateGolden = false;
    bool force = false;
    std::uint32_t reexec = 0; ///< runs of the suspect op; 0 = none
    ReportOptions reports;
    ToleranceOptions tolerance;

    void declareOn(CLI::App& app);
};

} // namespace repro::cli
