// SPDX-License-Identifier: BSD-3-Clause
#include "cli/check.h"
#include "cli/elf_program.h"
#include "cli/find_program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <sys/stat.h>
#include <sys/xattr.h>

namespace repro::cli {

namespace {

/// The loader ignores LD_PRELOAD for programs that gain rights.
bool gainsRights(const std::filesystem::path& path) {
    struct stat status {};
    return (stat(path.c_str(), &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)) != 0) ||
           getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

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
    const auto recorders = recorderVersions(libraryFolder());
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

std::vector<Check> checkElf(const ElfProgram& elf) {
    if (!elf.interpreted) {
        return {{Check::Level::Fail, "is linked statically: nothing can be preloaded",
                 "link it dynamically"}};
    }
    std::vector<Check> checks;
    const auto torch = std::find_if(elf.needed.begin(), elf.needed.end(), isTorch);
    if (torch == elf.needed.end()) {
        checks.push_back(
            {Check::Level::Warn, "does not link LibTorch itself",
             "it is recorded all the same if a library or plug-in of it brings LibTorch"});
    } else {
        checks.push_back(checkTorch(*torch));
    }
    if (elf.sanitizer == "address") {
        checks.push_back(
            {Check::Level::Ok, "has the address sanitizer, which is preloaded first", {}});
    } else if (elf.sanitizer) {
        checks.push_back(
            {Check::Level::Warn,
             fmt::format("has the {} sanitizer, which reports the recorder's own memory "
                         "traffic and slows it down",
                         *elf.sanitizer),
             "record a build without it"});
    }
    return checks;
}

} // namespace

std::vector<Check> checkProgram(const std::string& program) {
    const auto path = findProgram(program);
    if (!path) {
        return {{Check::Level::Fail, fmt::format("{}: no such program", program),
                 "give its path, or check PATH and its permissions"}};
    }
    std::vector<Check> checks;
    if (gainsRights(*path)) {
        checks.push_back({Check::Level::Fail,
                          "is setuid, setgid or has capabilities: the loader ignores LD_PRELOAD",
                          "record a copy without them"});
    }
    if (const auto elf = readElf(*path)) {
        const auto more = checkElf(*elf);
        checks.insert(checks.end(), more.begin(), more.end());
    } else {
        checks.push_back({Check::Level::Ok,
                          "is a script: each program it starts that uses LibTorch is recorded",
                          {}});
    }
    for (Check& check : checks) {
        check.finding = fmt::format("{} {}", path->string(), check.finding);
    }
    return checks;
}

} // namespace repro::cli
