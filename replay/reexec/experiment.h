// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/plan.h"
#include "replay/reexec/tally.h"
#include "replay/result/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace repro::replay::exec {

/// What the runs under some conditions came to.
struct Finding {
    Conditions conditions;
    std::string refused; ///< why there are no runs; empty where there are
    std::uint64_t runs = 0;
    std::uint64_t results = 0; ///< different ones
    Difference spread;         ///< of the others from the first: elements, ULP, absolute
    std::vector<std::uint64_t> asRecorded; ///< runs that gave what each recording has
};

/// A recorded op, run again and again on its recorded inputs.
struct Experiment {
    std::string op;
    std::uint32_t runs = 0; ///< under each of the conditions
    bool isReseeded = false;
    std::vector<Finding> findings; ///< the first: under the recorded conditions

    /// Did the recorded conditions give different results? Then it is the op itself.
    [[nodiscard]] bool varies() const { return !findings.empty() && findings[0].results > 1; }
};

struct ExperimentOptions {
    std::uint32_t runs = 20;
    std::vector<std::uint32_t> threads; ///< to try besides the usual conditions
    bool onlyRecorded = false;          ///< no other conditions than the recorded ones
    bool fresh = false;                 ///< a process for each run: for what happens once in one
    /// Told of each run: its conditions, which of their results it gave, how long it took.
    std::function<void(const Conditions&, std::size_t result, std::uint64_t ns)> onRun = {};
    std::function<void(const Finding&)> onFinding = {};
};

/// The program that runs ops of a version of LibTorch ("2.13"), in the folder of reprorec's
/// libraries.
std::filesystem::path programFor(const std::filesystem::path& folder,
                                 const std::string& torchVersion);

/// Runs the op of the first recording. `folder` holds repro-exec-<version of LibTorch>.
/// Throws: Error (Usage) where planOf() does; (Version) without a program for the recording's
/// LibTorch; (Torch) when it cannot be run under the recorded conditions.
Experiment experiment(const std::vector<Tally::Recording>& recordings,
                      const std::filesystem::path& folder, const ExperimentOptions& options);

/// What it shows.
Evidence conclusion(const Experiment& experiment);

/// Weighs the cause of a difference in what the op made by what it shows: varying is proof that the
/// op itself is to blame, whatever else differs.
void addEvidence(const Experiment& experiment, Cause& cause);

} // namespace repro::replay::exec
