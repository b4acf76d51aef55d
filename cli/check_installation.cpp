// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"
#include "recorder/launcher/environment.h"
#include "trace/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

} // namespace

std::vector<Check> checkInstallation() {
    return {checkPreload(), checkRecorders()};
}

} // namespace repro::cli
