// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"
#include "cli/needed_libraries.h"
#include "recorder/launcher/environment.h"
#include "recorder/launcher/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace repro::cli {

namespace {

bool isTorch(std::string_view library) {
    return library.starts_with("libtorch.so") || library.starts_with("libtorch_cpu.so") ||
           library.starts_with("libtorch_cuda.so") || library.starts_with("libc10.so");
}

/// "1.13" of "libtorch_cpu.so.1.13"; empty where the name has no version (LibTorch's own builds).
std::string versionIn(std::string_view library) {
    const std::size_t suffix = library.find(".so.");
    return suffix == std::string_view::npos ? std::string()
                                            : std::string(library.substr(suffix + 4));
}

Check checkTorch(const std::string& library) {
    const std::string version = versionIn(library);
    if (version.empty()) {
        return {Check::Level::Ok,
                fmt::format("links LibTorch ({}); its version shows when it runs", library),
                {}};
    }
    const auto recorders = launcher::supportedTorchVersions();
    const bool fits =
        std::any_of(recorders.begin(), recorders.end(), [&](const std::string& known) {
            return version == known || version.starts_with(known + ".");
        });
    if (fits) {
        return {
            Check::Level::Ok, fmt::format("links LibTorch {}, which has a recorder", version), {}};
    }
    return {Check::Level::Fail,
            fmt::format("links LibTorch {}; there are recorders for {}", version,
                        recorders.empty() ? "none" : fmt::format("{}", fmt::join(recorders, ", "))),
            fmt::format("build reprorec with -DREPROREC_TORCH=<folder of LibTorch {}>", version)};
}

Check checkLibraries(const std::vector<std::string>& needed) {
    const auto torch = std::find_if(needed.begin(), needed.end(), isTorch);
    if (torch != needed.end()) {
        return checkTorch(*torch);
    }
    return {Check::Level::Warn, "does not link LibTorch itself",
            "it is recorded all the same if a library or plug-in of it brings LibTorch"};
}

Check checkSanitizer(const std::string& runtime) {
    if (runtime.starts_with("libtsan") || runtime.starts_with("libclang_rt.tsan")) {
        return {Check::Level::Warn,
                fmt::format("has the thread sanitizer ({}), which reports on the recorder too",
                            runtime),
                "record a build without it"};
    }
    return {
        Check::Level::Ok, fmt::format("has a sanitizer ({}), which is loaded first", runtime), {}};
}

} // namespace

std::vector<Check> checkProgram(const std::string& program) {
    launcher::Target target;
    try {
        target = launcher::findTarget(program);
    } catch (const launcher::LaunchError& error) {
        return {{Check::Level::Fail, error.what(), {}}};
    }
    std::vector<Check> checks;
    if (const auto needed = neededLibraries(target.path)) {
        checks.push_back(checkLibraries(*needed));
    } else {
        checks.push_back({Check::Level::Ok,
                          "is a script: each program it starts that uses LibTorch is recorded",
                          {}});
    }
    if (!target.sanitizer.empty()) {
        checks.push_back(checkSanitizer(target.sanitizer));
    }
    for (Check& check : checks) {
        check.finding = fmt::format("{} {}", target.path.string(), check.finding);
    }
    return checks;
}

} // namespace repro::cli
