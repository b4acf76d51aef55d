// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"
#include "recorder/launcher/environment.h"
#include "replay/reexec/experiment.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <string>
#include <vector>

namespace repro::cli {

namespace {

Check checkPreload() {
    try {
        return {Check::Level::Ok,
                fmt::format("preload library {}", launcher::preloadLibrary().string()),
                {}};
    } catch (const Error& error) {
        return {Check::Level::Fail, error.what(), {}};
    }
}

Check checkRecorders() {
    const auto versions = launcher::supportedTorchVersions();
    if (versions.empty()) {
        return {Check::Level::Fail, "no recorder library: nothing can be recorded",
                "build reprorec with -DREPROREC_TORCH=<folder of your LibTorch>"};
    }
    return {
        Check::Level::Ok, fmt::format("recorders for LibTorch {}", fmt::join(versions, ", ")), {}};
}

Check checkExecutors() {
    std::vector<std::string> there, missing;
    for (const std::string& version : launcher::supportedTorchVersions()) {
        const auto program = replay::exec::programFor(launcher::privateFolder(), version);
        (std::filesystem::exists(program) ? there : missing).push_back(version);
    }
    if (!missing.empty()) {
        return {Check::Level::Warn,
                fmt::format("ops of LibTorch {} cannot be run again: repro-exec is missing",
                            fmt::join(missing, ", ")),
                "install reprorec again"};
    }
    return {Check::Level::Ok, fmt::format("reexec for LibTorch {}", fmt::join(there, ", ")), {}};
}

} // namespace

std::vector<Check> checkInstallation() {
    std::vector<Check> checks = {checkPreload(), checkRecorders()};
    if (checks.back().level == Check::Level::Ok) {
        checks.push_back(checkExecutors());
    }
    return checks;
}

} // namespace repro::cli
