// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/launcher/environment.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace repro::launcher {
namespace {

namespace fs = std::filesystem;

bool names(const std::string& entry, std::string_view name) {
    return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

/// A sanitizer's runtime wants to be the first library of all; a user's own ones stay, after ours.
std::string preloadList(const Environment& base, const EnvironmentOptions& options) {
    std::string list = options.sanitizer;
    list += (list.empty() ? "" : ":") + options.preload.string();
    const auto users = base.get("LD_PRELOAD");
    if (users && !users->empty()) {
        list += ":";
        list += *users;
    }
    return list;
}

void addThreads(Environment& environment, int threads) {
    const std::string count = fmt::to_string(threads);
    environment.set("OMP_NUM_THREADS", count);
    environment.set("MKL_NUM_THREADS", count);
}

} // namespace

Environment Environment::own() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        environment.m_entries.emplace_back(*entry);
    }
    return environment;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
    for (const std::string& entry : m_entries) {
        if (names(entry, name)) {
            return std::string_view(entry).substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

void Environment::set(std::string_view name, std::string_view value) {
    std::erase_if(m_entries, [name](const std::string& entry) { return names(entry, name); });
    m_entries.push_back(fmt::format("{}={}", name, value));
}

void Environment::setDefault(std::string_view name, std::string_view value) {
    if (!get(name)) {
        set(name, value);
    }
}

std::vector<char*> Environment::pointers() {
    std::vector<char*> pointers;
    pointers.reserve(m_entries.size() + 1);
    for (std::string& entry : m_entries) {
        pointers.push_back(entry.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

Environment buildEnvironment(Environment base, const EnvironmentOptions& options) {
    // First, so that an LD_PRELOAD given with --env counts as the user's own.
    for (const auto& [name, value] : options.assignments) {
        base.set(name, value);
    }
    base.set("LD_PRELOAD", preloadList(base, options));
    base.set("REPROREC_SOCKET", options.socketPath);
    // A program under a shell may be built with ASan, which we cannot see from here: it would
    // refuse to run because our library comes before its runtime.
    const std::string asan(base.get("ASAN_OPTIONS").value_or(""));
    base.set("ASAN_OPTIONS", asan + (asan.empty() ? "" : ":") + "verify_asan_link_order=0");
    if (options.threads > 0) {
        addThreads(base, options.threads);
    }
    if (options.deterministic) {
        base.setDefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    }
    if (options.seed) {
        // Python takes 32 bits.
        base.setDefault("PYTHONHASHSEED", fmt::to_string(*options.seed & 0xFFFFFFFFU));
    }
    return base;
}

fs::path privateFolder() {
    return fs::canonical("/proc/self/exe").parent_path().parent_path() / "lib" / "reprorec";
}

fs::path preloadLibrary() {
    auto library = privateFolder() / "librepro_preload.so";
    if (!fs::exists(library)) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: is missing; install reprorec again", library.string()));
    }
    return library;
}

fs::path preloadable(const fs::path& library, const fs::path& folder) {
    constexpr std::string_view kSeparators = " :";
    if (library.native().find_first_of(kSeparators) == std::string::npos) {
        return library;
    }
    const fs::path link = folder / "lib";
    if (link.native().find_first_of(kSeparators) != std::string::npos) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be preloaded, for its folder's name has a space or a "
                                "colon; set TMPDIR to a folder without",
                                library.string()));
    }
    std::error_code error;
    fs::create_directory_symlink(library.parent_path(), link, error);
    if (error) {
        throw Error(ErrorKind::Io, fmt::format("{}: cannot be made: {}; set TMPDIR", link.string(),
                                               error.message()));
    }
    return link / library.filename();
}

std::vector<std::string> supportedTorchVersions() {
    constexpr std::string_view kPrefix = "librepro_recorder-";
    std::vector<std::string> versions;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(privateFolder(), error)) {
        const std::string name = entry.path().stem().string();
        if (name.starts_with(kPrefix) && entry.path().extension() == ".so") {
            versions.push_back(name.substr(kPrefix.size()));
        }
    }
    std::ranges::sort(versions);
    return versions;
}

} // namespace repro::launcher
