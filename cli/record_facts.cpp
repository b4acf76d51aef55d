// SPDX-License-Identifier: BSD-3-Clause
#include "cli/record_facts.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <optional>

namespace repro::cli {
namespace {

using nlohmann::json;

/// Returns: what the shell's command printed; none where it failed.
std::optional<std::string> outputOf(const char* command) {
    FILE* pipe = popen(command, "re");
    if (pipe == nullptr) {
        return std::nullopt;
    }
    std::string text;
    std::array<char, 4096> piece{};
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) {
        text.append(piece.data(), size);
    }
    return pclose(pipe) == 0 ? std::optional(text) : std::nullopt;
}

/// Returns: the first line of what it printed; empty where it failed.
std::string lineOf(const char* command) {
    const std::string text = outputOf(command).value_or("");
    return text.substr(0, text.find('\n'));
}

/// A commit has a name only; whether the sources are the same is told by its tree and by what was
/// changed in it.
void addGit(json& facts) {
    const std::string commit = lineOf("timeout 2 git rev-parse HEAD 2>/dev/null");
    if (commit.empty()) {
        return;
    }
    facts["git_commit"] = commit;
    std::string sources = lineOf("timeout 2 git rev-parse 'HEAD^{tree}' 2>/dev/null");
    if (const auto changes =
            outputOf("timeout 2 git status --porcelain --untracked-files=no 2>/dev/null")) {
        facts["git_dirty"] = !changes->empty();
        sources += changes->empty() ? ""
                                    : "+" + lineOf("timeout 2 git diff --no-ext-diff --binary HEAD "
                                                   "2>/dev/null | git hash-object --stdin");
    }
    facts["git_sources"] = sources;
}

json controlsOf(const wire::Options& recording) {
    json controls = json::object();
    if (recording.hasSeed != 0) {
        controls["seed"] = recording.seed;
    }
    if (recording.deterministic != 0) {
        controls["deterministic"] = recording.deterministic == 1 ? "on" : "warn";
    }
    if (recording.threads != 0) {
        controls["threads"] = recording.threads;
    }
    if (recording.fillUninitialised != 0) {
        controls["fill_uninitialised"] = true;
    }
    if (recording.noTf32 != 0) {
        controls["tf32"] = false;
    }
    return controls;
}

} // namespace

std::string recordFacts(const RecordOptions& options) {
    json facts = json::object();
    addGit(facts);
    if (const json controls = controlsOf(options.recording); !controls.empty()) {
        facts["controls"] = controls;
    }
    return facts.dump();
}

} // namespace repro::cli
