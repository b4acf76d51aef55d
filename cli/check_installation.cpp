// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace repro::cli {

namespace {

constexpr std::string_view kRecorderPrefix = "librepro_recorder-";
constexpr std::string_view kLibrarySuffix = ".so";

} // namespace

std::filesystem::path libraryFolder() {
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    return program.parent_path().parent_path() / "lib" / "reprorec";
}

std::vector<std::string> recorderVersions(const std::filesystem::path& folder) {
    std::vector<std::string> versions;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kRecorderPrefix) && name.ends_with(kLibrarySuffix)) {
            versions.push_back(
                name.substr(kRecorderPrefix.size(),
                            name.size() - kRecorderPrefix.size() - kLibrarySuffix.size()));
        }
    }
    std::sort(versions.begin(), versions.end());
    return versions;
}

std::vector<Check> checkInstallation() {
    const auto folder = libraryFolder();
    const auto preload = folder / "librepro_preload.so";
    std::vector<Check> checks;
    std::error_code missing;
    if (std::filesystem::exists(preload, missing)) {
        checks.push_back(
            {Check::Level::Ok, fmt::format("preload library {}", preload.string()), {}});
    } else {
        checks.push_back(
            {Check::Level::Fail,
             fmt::format("no preload library {}: nothing can be recorded", preload.string()),
             "install reprorec whole, with bin/ and lib/ under one prefix"});
    }
    const auto versions = recorderVersions(folder);
    if (versions.empty()) {
        checks.push_back(
            {Check::Level::Fail,
             fmt::format("no recorder library in {}: nothing can be recorded", folder.string()),
             "build reprorec with -DREPROREC_TORCH=<folder of your LibTorch>"});
    } else {
        checks.push_back({Check::Level::Ok,
                          fmt::format("recorders for LibTorch {}", fmt::join(versions, ", ")),
                          {}});
    }
    return checks;
}

} // namespace repro::cli
