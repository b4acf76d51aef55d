// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace repro::launcher {

/// What the recorded program's environment gets on top of ours.
struct EnvironmentOptions {
    std::string socketPath;
    std::filesystem::path preload; ///< librepro_preload.so
    std::string sanitizer;         ///< Target::sanitizer
    int threads = 0;               ///< 0 = leave alone
    bool deterministic = false;
    std::optional<std::uint64_t> seed;
    std::vector<std::pair<std::string, std::string>> assignments; ///< --env, these win
};

/// An environment that can be handed to exec.
class Environment {
public:
    /// That of this process.
    static Environment own();

    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    void set(std::string_view name, std::string_view value);
    void setDefault(std::string_view name, std::string_view value);
    /// Null terminated; valid until the next change.
    std::vector<char*> pointers();

private:
    std::vector<std::string> m_entries; ///< "NAME=value"
};

Environment buildEnvironment(Environment base, const EnvironmentOptions& options);

/// Where the running program keeps its libraries and helpers: ../lib/reprorec next to its folder.
std::filesystem::path privateFolder();

/// The preload library that belongs to the running program, in privateFolder().
/// Throws: Error (Io) when it is not there.
std::filesystem::path preloadLibrary();

/// The path of `library` for LD_PRELOAD, which spaces and colons separate: with one of them in it,
/// it leads through a link in `folder`.
/// Throws: Error (Io) when there is no such path.
std::filesystem::path preloadable(const std::filesystem::path& library,
                                  const std::filesystem::path& folder);

/// Versions of LibTorch for which a recorder library is installed ("1.13", "2.13"), in order.
std::vector<std::string> supportedTorchVersions();

} // namespace repro::launcher
