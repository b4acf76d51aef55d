// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

/// What `reprorec doctor` examines. Nothing here throws for what it finds: a finding is a Check.
namespace repro::cli {

struct Check {
    enum class Level { Ok, Warn, Fail };
    Level level = Level::Ok;
    std::string finding;
    std::string remedy; ///< empty when ok, or when the finding names it
};

/// The libraries that a recording needs.
std::vector<Check> checkInstallation();
/// What a recording needs of the kernel and of the folder for temporary files.
std::vector<Check> checkMachine();
/// Whether `program` (as a shell would find it) can be recorded.
std::vector<Check> checkProgram(const std::string& program);

} // namespace repro::cli
